
namespace Inpaint.Training.Data;

/// <summary>Decodes and scales the photos of datasets on all cores, in the datasets' order.</summary>
internal sealed class PhotoReader(PhotoPool pool, PictureConfig picture)
{
    private const int Ahead = 256;

    private readonly EvaluationPicture _wanted = new(picture.Size, picture.Size, picture.Rect);

    /// <summary>Photos whose shorter side is below this are skipped. Default: none.</summary>
    public int SmallestSide { get; init; }

    /// <summary>Reading ends when the pool has this many photos. Default: no limit.</summary>
    public int MostPhotos { get; init; } = int.MaxValue;

    /// <summary>Adds the photos to the pool, and a message for each unreadable one.</summary>
    public void Read(IEnumerable<PhotoRecord> records, CachedPhotos? cached, IProgress<long>? progress, CancellationToken stop)
    {
        foreach (PhotoRecord[] block in records.Chunk(Ahead).TakeWhile(_ => pool.Count < MostPhotos))
        {
            stop.ThrowIfCancellationRequested();
            (byte[]? Rgb, string? Error, bool Scaled)[] photos =
                [.. block.AsParallel().AsOrdered().Select(r => cached?.Find(r) is { } found ? (found, null, false) : Decode(r))];
            for (int i = 0; i < block.Length; i++)
            {
                if (photos[i].Rgb is { } rgb)
                {
                    pool.Add(block[i].Id, rgb, block[i].Captions, block[i].Box);
                    if (photos[i].Scaled)
                    {
                        // Photos that are not scaled are decoded as fast as cached ones are read.
                        cached?.Add(block[i], rgb);
                    }
                }
                else if (photos[i].Error is { } error)
                {
                    pool.Unreadable.Add(error);
                }
            }

            progress?.Report(pool.Count);
        }

        cached?.Flush();
    }

    private (byte[]? Rgb, string? Error, bool Scaled) Decode(PhotoRecord record)
    {
        try
        {
            Photo decoded = record.Decode(PhotoDecodingOptions.Default);
            if (Math.Min(decoded.Width, decoded.Height) < SmallestSide)
            {
                return default;
            }

            Photo photo = _wanted.Take(decoded);
            byte[] rgb = new byte[photo.Width * photo.Height * 3];
            ReadOnlySpan<byte> from = photo.Pixels;
            for (int p = 0; p < photo.Width * photo.Height; p++)
            {
                from.Slice(p * 4, 3).CopyTo(rgb.AsSpan(p * 3));
            }

            return (rgb, null, !ReferenceEquals(decoded, photo));
        }
        catch (PhotoException e)
        {
            return (null, e.Message, false);
        }
    }
}
