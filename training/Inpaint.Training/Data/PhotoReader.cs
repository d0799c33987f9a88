using Inpaint.Onnx;

namespace Inpaint.Training;

/// <summary>Decodes and scales the photos of a dataset on all cores, in the dataset's order.</summary>
internal static class PhotoReader
{
    private const int Ahead = 256;

    /// <summary>Adds every readable photo to the pool, and every other to its list of bad ones.</summary>
    public static void Read(PhotoPool pool, IEnumerable<PhotoRecord> records, PictureConfig picture, CachedPhotos? cached, IProgress<long>? progress, CancellationToken stop)
    {
        var wanted = new EvaluationPicture(picture.Size, picture.Size, picture.Rect);
        PhotoDecodingOptions decoding = PhotoDecodingOptions.Default;
        foreach (PhotoRecord[] block in records.Chunk(Ahead))
        {
            stop.ThrowIfCancellationRequested();
            (byte[]? Rgb, string? Error, bool Scaled)[] photos = block
                .AsParallel().AsOrdered()
                .Select(record => cached?.Find(record) is { } kept ? (kept, null, false) : Decode(record, wanted, decoding))
                .ToArray();
            for (int i = 0; i < block.Length; i++)
            {
                if (photos[i].Rgb is { } rgb)
                {
                    pool.Add(block[i].Id, rgb, block[i].Captions, block[i].Box);
                    if (photos[i].Scaled)
                    {
                        // Photos that have the size already are read as fast as kept ones.
                        cached?.Keep(block[i], rgb);
                    }
                }
                else
                {
                    pool.Bad.Add(photos[i].Error!);
                }
            }

            progress?.Report(pool.Count);
        }

        cached?.Save();
    }

    private static (byte[]? Rgb, string? Error, bool Scaled) Decode(PhotoRecord record, EvaluationPicture wanted, PhotoDecodingOptions decoding)
    {
        try
        {
            Photo decoded = record.Decode(decoding), photo = wanted.Take(decoded);
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
