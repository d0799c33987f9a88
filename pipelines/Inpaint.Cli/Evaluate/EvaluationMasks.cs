using System.Globalization;
using Inpaint.Cli.Score;
using Inpaint.CommandLine;
using Inpaint.Evaluation;

namespace Inpaint.Cli.Evaluate;

/// <summary>The masks of <c>--masks</c>.</summary>
internal static class EvaluationMasks
{
    public const string Expected = "centre|strokes|boxes|blobs[:SEED] or PATH";

    private const ulong DefaultSeed = 1;
    private static readonly string[] Kinds = [.. Enum.GetNames<MaskKind>().Select(n => n.ToLowerInvariant())];

    /// <summary>A kind of random mask with its seed, or a mask file, or a folder of them.</summary>
    /// <exception cref="UsageException">It is none of these.</exception>
    public static HoleSource Parse(string masks)
    {
        string[] words = masks.Split(':', 2);
        int kind = Array.IndexOf(Kinds, words[0]);
        if (kind < 0)
        {
            return Files(masks);
        }

        ulong seed = DefaultSeed;
        return words.Length == 1 || ulong.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out seed)
            ? HoleSource.Random((MaskKind)kind, seed)
            : throw new UsageException($"--masks is '{masks}'; expected an integer of 0 or more after the colon, such as {words[0]}:1.");
    }

    private static HoleSource Files(string path)
    {
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            throw new UsageException(
                $"--masks is '{path}', which is no kind of mask and does not exist; expected {string.Join(", ", Kinds)}, a mask"
                + " of the photos' size, or a folder with a mask for each photo.");
        }

        var files = new MaskSource(path, MaskPolarity.WhiteIsHole);
        return new HoleSource(path, (record, _) => Hole.FromMask(files.Read(record)));
    }
}

/// <summary>Writes the masks of an evaluation, white where hidden, as <c>--masks FOLDER</c> and <c>score --mask</c> read them.</summary>
internal sealed class MaskWriter(string folder) : IDisposable
{
    private readonly OutputFolder _folder = new(folder, PhotoFormat.Png);
    private readonly HashSet<string> _written = [];

    /// <summary>Writes the mask of a photo under the photo's name with the ending .png.</summary>
    /// <exception cref="FailedException">Another photo has the same name with another ending.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(EvaluatedPhoto photo)
    {
        string key = Path.ChangeExtension(photo.Id, null);
        if (!_written.Add(key))
        {
            throw new FailedException($"Two photos are called '{key}', such as '{photo.Id}', so that their masks would have the same name. "
                + "Rename one of them.");
        }

        EvaluatedPicture picture = photo.Pictures[0];
        _folder.Write(key, PhotoCodec.Encode(MaskSource.Draw(picture.Hole, picture.Truth.Width, picture.Truth.Height)));
    }

    public void Dispose() => _folder.Dispose();
}
