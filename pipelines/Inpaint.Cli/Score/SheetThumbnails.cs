namespace Inpaint.Cli.Score;

/// <summary>
/// The sheet's thumbnails. The name is a hash of the photo and its completed file, so an existing thumbnail is up to date.
/// </summary>
internal sealed class SheetThumbnails(string directory, OutputFolder folder, MaskSource? masks)
{
    /// <summary>Longest side, in pixels.</summary>
    public const int MaxSide = 256;

    private const string Whole = "photo", Hidden = "hidden", Completed = "completed", Truth = "truth";

    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>Creates a completed photo's thumbnails, unless they exist.</summary>
    /// <returns>They; none if the photo was changed or deleted since it was completed.</returns>
    public IReadOnlyList<SheetPicture> Make(ScoreItem item)
    {
        string output = Path.Combine(folder.FullPath, folder.NameOf(item.Key));
        string name = Fingerprint.HexOf($"{item.Key}\n{item.Stamp}\n{FileStamp.Of(output)}");
        string[] shown = masks switch
        {
            null => [Hidden, Completed, Truth],
            { HidesObjects: true } => [Whole, Hidden, Completed, Truth],
            _ => [Hidden, Completed],
        };
        SheetPicture[] pictures = [.. shown.Select(what => new SheetPicture(what, $"{name}-{what}.png"))];
        _used.UnionWith(pictures.Select(p => p.File));
        if (!pictures.All(p => File.Exists(Path.Combine(directory, p.File))))
        {
            try
            {
                Write(item, output, pictures);
            }
            catch (PhotoException)
            {
                return [];
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

    private void Write(ScoreItem item, string output, SheetPicture[] pictures)
    {
        Photo photo = item.Record.Decode();
        Hole hole = masks is null ? Hole.Default(photo.Width, photo.Height) : Hole.FromMask(masks.Read(item.Record));
        Hole none = Hole.FromMask(new Mask(photo.Width, photo.Height));
        foreach (SheetPicture picture in pictures)
        {
            Save(picture.File, picture.What switch
            {
                Hidden => Shrink(photo, hole),
                Completed => Shrink(PhotoCodec.Decode(output), none),
                Truth => Shrink(masks is null ? photo : item.Record.DrawWithoutObject!(), none),
                _ => Shrink(photo, none),
            });
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
