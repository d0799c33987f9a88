using System.Security.Cryptography;
using System.Text;

namespace Inpaint.Training.Data;

/// <summary>Photos of one size, held in memory as bytes, with their captions.</summary>
/// <param name="size">Side of the photos in pixels.</param>
internal sealed class PhotoPool(int size)
{
    private const int ChunkPhotos = 1024, MostLarge = 4096;

    private readonly List<byte[]> _chunks = [];
    private readonly List<(string Id, IReadOnlyList<string> Captions, PixelRect? Box)> _photos = [];

    /// <summary>Side of the photos in pixels.</summary>
    public int Size => size;

    public int Count => _photos.Count;

    /// <summary>Messages for the photos that could not be read.</summary>
    public List<string> Unreadable { get; } = [];

    /// <summary>The datasets of the photos, with their numbers: <c>train.zip (6,050 photos)</c>.</summary>
    public List<string> Sources { get; } = [];

    private int PhotoBytes => size * size * 3;

    /// <summary>A photo's bytes: rows of red, green, blue.</summary>
    public ReadOnlySpan<byte> Pixels(int index) => _chunks[index / ChunkPhotos].AsSpan(index % ChunkPhotos * PhotoBytes, PhotoBytes);

    /// <summary>The captions of a photo; may be empty.</summary>
    public IReadOnlyList<string> Captions(int index) => _photos[index].Captions;

    /// <summary>A photo's id in its dataset.</summary>
    public string Id(int index) => _photos[index].Id;

    /// <summary>A photo as the scorer takes it.</summary>
    public Photo ToPhoto(int index)
    {
        var photo = new Photo(size, size);
        ReadOnlySpan<byte> from = Pixels(index);
        Span<byte> to = photo.Pixels;
        for (int p = 0; p < size * size; p++)
        {
            from.Slice(p * 3, 3).CopyTo(to[(p * 4)..]);
        }

        return photo;
    }

    /// <summary>Adds a photo of the pool's size.</summary>
    public void Add(string id, ReadOnlySpan<byte> rgb, IReadOnlyList<string> captions, PixelRect? box = null)
    {
        if (rgb.Length != PhotoBytes)
        {
            throw new ArgumentException($"{id} has {rgb.Length} bytes; expected {PhotoBytes} for {size}x{size} pixels of 3.", nameof(rgb));
        }

        int offset = Count % ChunkPhotos;
        if (offset == 0)
        {
            _chunks.Add(new byte[ChunkPhotos * PhotoBytes]);
        }

        rgb.CopyTo(_chunks[^1].AsSpan(offset * PhotoBytes));
        _photos.Add((id, captions, box));
    }

    /// <summary>
    /// Splits off about a twentieth of the photos for validation, by a hash of their ids: the same ones in every training.
    /// </summary>
    /// <returns>The photos to learn from, and those that are held out.</returns>
    /// <exception cref="FailedException">There are too few photos.</exception>
    public (PhotoPool Remaining, PhotoPool HeldOut) HoldOut()
    {
        var rest = new PhotoPool(size);
        var held = new PhotoPool(size);
        for (int i = 0; i < Count; i++)
        {
            bool chosen = SHA256.HashData(Encoding.UTF8.GetBytes(Id(i)))[0] * 20 < 256;
            (chosen ? held : rest).Add(Id(i), Pixels(i), Captions(i), _photos[i].Box);
        }

        if (held.Count == 0 || rest.Count == 0)
        {
            throw new FailedException($"{Count} photos are too few to hold some out. Give --valid.");
        }

        rest.Sources.AddRange(Sources);
        rest.Unreadable.AddRange(Unreadable);
        return (rest, held);
    }

    /// <summary>Reads datasets: each photo's centred square, scaled as <c>inpaint evaluate</c> scales it.</summary>
    /// <param name="datasets">Specifications of <see cref="KnownDatasets"/>.</param>
    /// <param name="picture">The size.</param>
    /// <param name="limit">Most photos of each dataset; null for all.</param>
    /// <param name="cache">Keeps scaled photos; optional.</param>
    /// <param name="progress">Receives the number of photos read; optional.</param>
    /// <param name="stop">Ends the reading.</param>
    /// <exception cref="FailedException">No photo could be read.</exception>
    public static PhotoPool Load(
        IReadOnlyList<string> datasets, PictureConfig picture, int? limit, PhotoCache? cache, IProgress<long>? progress,
        CancellationToken stop)
    {
        var pool = new PhotoPool(picture.Size);
        var reader = new PhotoReader(pool, picture);
        foreach (string spec in datasets)
        {
            using IPhotoDataset dataset = KnownDatasets.Formats.Open(spec);
            int before = pool.Count;
            using CachedPhotos? cached = cache?.For(spec, picture.Size);
            reader.Read(dataset.Read().Take(limit ?? int.MaxValue), cached, progress, stop);
            pool.Sources.Add($"{dataset.Name} ({pool.Count - before} photos)");
        }

        return pool.Count > 0
            ? pool
            : throw new FailedException($"{string.Join(", ", datasets)}: no photo could be read"
                + (pool.Unreadable is [var first, ..] ? $": {first.TrimEnd('.')}." : "."));
    }

    /// <summary>
    /// Reads the photos that larger batches are cropped from: up to 4,096 with sides of at least <see cref="MasksConfig.LargeSide"/>.
    /// </summary>
    /// <returns>Null if the configuration has no larger batches.</returns>
    /// <exception cref="FailedException">No photo is large enough.</exception>
    /// <inheritdoc cref="Load"/>
    public static PhotoPool? LoadLarge(
        IReadOnlyList<string> datasets, TrainingConfig config, int? limit, PhotoCache? cache, IProgress<long>? progress,
        CancellationToken stop)
    {
        if (config.Masks is not { } masks || masks.Sizes.All(s => s == config.Picture.Size))
        {
            return null;
        }

        int side = masks.LargeSide;
        var pool = new PhotoPool(side);
        var picture = new PictureConfig { Size = side, Hole = side / 2 };
        var reader = new PhotoReader(pool, picture) { SmallestSide = side, MostPhotos = MostLarge };
        foreach (string spec in datasets)
        {
            using IPhotoDataset dataset = KnownDatasets.Formats.Open(spec);
            using CachedPhotos? cached = cache?.For(spec, side);
            reader.Read(dataset.Read().Take(limit ?? int.MaxValue), cached, progress, stop);
        }

        return pool.Count > 0
            ? pool
            : throw new FailedException(
                $"{string.Join(", ", datasets)}: no photo has at least {side}x{side} pixels, from which batches of {side / 2}x{side / 2} "
                    + $"are cropped. "
                + $"Give larger photos, or --set masks.sizes=[{config.Picture.Size}].");
    }
}
