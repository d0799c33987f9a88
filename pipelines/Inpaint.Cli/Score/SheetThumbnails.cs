namespace Inpaint.Cli.Score;

/// <summary>
/// The sheet's thumbnails. The name is a hash of the photo and its completed file, so an existing thumbnail is up to date.
/// </summary>
internal sealed class SheetThumbnails(string directory, OutputFolder folder, MaskPolarity maskPolarity)
{
    /// <summary>Longest side, in pixels.</summary>
    public const int MaxSide = 256;

    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>Creates a completed photo's thumbnails, unless they exist.</summary>
    public SheetPictures Make(ScoreItem item)
    {
        string output = Path.Combine(folder.FullPath, folder.NameOf(item.Key));
        string name = Fingerprint.HexOf($"{item.Key}\n{item.Stamp}\n{FileStamp.Of(output)}");
        var pictures = new SheetPictures($"{name}-photo.png", $"{name}-fill.png", item.Mask is null ? $"{name}-truth.png" : null);
        string[] names = [pictures.Photo!, pictures.Fill!, .. pictures.Truth is { } truth ? new[] { truth } : []];
        _used.UnionWith(names);
        if (!names.All(n => File.Exists(Path.Combine(directory, n))))
        {
            try
            {
                Write(item, output, pictures);
            }
            catch (PhotoException)
            {
                // Changed or deleted since it was completed: shown without pictures.
                return new SheetPictures(null, null, null);
            }
        }

        return pictures;
    }

    /// <summary>Deletes unused thumbnails.</summary>
    public void RemoveOthers()
    {
        foreach (string file in Directory.EnumerateFiles(directory, "*.png").Where(f => !_used.Contains(Path.GetFileName(f))).ToList())
        {
            File.Delete(file);
        }
    }

    private void Write(ScoreItem item, string output, SheetPictures pictures)
    {
        Photo photo = item.Record.Decode();
        Hole hole = item.Mask is null
            ? Hole.Default(photo.Width, photo.Height)
            : Hole.FromMask(Mask.FromPhoto(PhotoCodec.Decode(item.Mask), maskPolarity));
        Save(pictures.Photo!, Shrink(photo, hole));
        Hole none = Hole.FromMask(new Mask(photo.Width, photo.Height));
        Save(pictures.Fill!, Shrink(PhotoCodec.Decode(output), none));
        if (pictures.Truth is not null)
        {
            Save(pictures.Truth, Shrink(photo, none));
        }
    }

    private void Save(string name, Photo thumbnail) =>
        AtomicFile.Write(Path.Combine(directory, name), PhotoCodec.Encode(thumbnail), durable: false);

    /// <summary>The photo at thumbnail size, its hole hatched.</summary>
    private static Photo Shrink(Photo photo, Hole hole)
    {
        double scale = Math.Min(1, (double)MaxSide / Math.Max(photo.Width, photo.Height));
        int width = Math.Max(1, (int)Math.Round(photo.Width * scale)), height = Math.Max(1, (int)Math.Round(photo.Height * scale));
        var small = new Photo(width, height);
        var hidden = new Mask(width, height);
        WindowSampler.Extract(photo, hole, new PixelRect(0, 0, photo.Width, photo.Height), small, hidden);
        Hatch(small, hidden);
        return small;
    }

    private static void Hatch(Photo picture, Mask hidden)
    {
        int period = Math.Max(4, Math.Min(picture.Width, picture.Height) / 16);
        for (int y = 0; y < picture.Height; y++)
        {
            Span<byte> rgba = picture.Pixels.Slice(4 * y * picture.Width, 4 * picture.Width);
            ReadOnlySpan<byte> row = hidden.Row(y);
            for (int x = 0; x < row.Length; x++)
            {
                if (row[x] != 0)
                {
                    rgba.Slice(4 * x, 3).Fill((x + y) % period < period / 2 ? (byte)150 : (byte)120);
                }
            }
        }
    }
}
