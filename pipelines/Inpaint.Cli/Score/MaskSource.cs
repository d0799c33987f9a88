using Inpaint.CommandLine;

namespace Inpaint.Cli.Score;

/// <summary>The masks of <c>--mask</c>: one for all photos, a folder with one per photo, or each photo's object.</summary>
internal sealed class MaskSource
{
    /// <summary>The mask that hides the object of each photo.</summary>
    public const string Object = "object";

    private static readonly string[] Endings = [".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif"];

    private readonly string _path;
    private readonly MaskPolarity _polarity;
    private readonly bool _isFolder;

    /// <exception cref="UsageException">There is no such file or folder.</exception>
    public MaskSource(string path, MaskPolarity polarity)
    {
        _polarity = polarity;
        HidesObjects = path == Object && !Path.Exists(path);
        _isFolder = Directory.Exists(path);
        _path = HidesObjects || _isFolder || File.Exists(path)
            ? path
            : throw new UsageException(
                $"--mask is '{path}', which does not exist; expected a mask of the photos' size, a folder with a mask for each photo, "
                + $"or {Object}.");
    }

    /// <summary>Whether the mask is drawn from each photo's object; there are no files then.</summary>
    public bool HidesObjects { get; }

    /// <summary>
    /// The mask's file of a photo. In a folder: the file at the photo's relative path, with the same or another extension;
    /// if there is none, the path of the missing PNG, which reading then reports. Null if the mask is not a file.
    /// </summary>
    /// <param name="id">The photo's relative path, with <c>/</c>.</param>
    public string? Find(string id)
    {
        if (HidesObjects)
        {
            return null;
        }

        if (!_isFolder)
        {
            return _path;
        }

        string own = Path.Combine(_path, id);
        if (File.Exists(own))
        {
            return own;
        }

        string stem = Path.ChangeExtension(own, null);
        foreach (string ending in Endings)
        {
            if (File.Exists(stem + ending))
            {
                return stem + ending;
            }
        }

        return stem + Endings[0];
    }

    /// <summary>The mask of a photo.</summary>
    /// <exception cref="PhotoException">It cannot be read.</exception>
    public Mask Read(PhotoRecord record) =>
        HidesObjects ? ObjectMask.Of(record) : Mask.FromPhoto(PhotoCodec.Decode(Find(record.Id)!), _polarity);

    /// <summary>A mask picture: white where hidden, black elsewhere.</summary>
    public static Photo Draw(Hole hole, int width, int height)
    {
        var mask = new Photo(width, height);
        mask.Pixels.Fill(255);
        for (int i = 0; i < width * height; i++)
        {
            if (!hole.IsHidden(i % width, i / width))
            {
                mask.Pixels.Slice(4 * i, 3).Clear();
            }
        }

        return mask;
    }
}
