using Inpaint.Onnx;

namespace Inpaint.Training;

/// <summary>Photos held in memory as bytes, all of one size, with their captions.</summary>
internal sealed class PhotoPool
{
    private const int ChunkPhotos = 1024;

    private readonly List<byte[]> _chunks = [];
    private readonly List<IReadOnlyList<string>> _captions = [];
    private readonly List<string> _ids = [];
    private readonly List<PixelRect?> _boxes = [];

    /// <summary>An empty pool.</summary>
    /// <param name="size">Side of the photos in pixels.</param>
    public PhotoPool(int size) => Size = size;

    /// <summary>Side of the photos in pixels.</summary>
    public int Size { get; }

    /// <summary>Photos in the pool.</summary>
    public int Count => _ids.Count;

    /// <summary>Photos that could not be read, and why.</summary>
    public List<string> Bad { get; } = [];

    /// <summary>The datasets that the photos came from, with their numbers: <c>train.zip (6,050 photos)</c>.</summary>
    public List<string> Sources { get; } = [];

    private int PhotoBytes => Size * Size * 3;

    /// <summary>A photo's bytes: rows of red, green, blue.</summary>
    public ReadOnlySpan<byte> Pixels(int index) => _chunks[index / ChunkPhotos].AsSpan(index % ChunkPhotos * PhotoBytes, PhotoBytes);

    /// <summary>What is said of a photo; empty when nothing is.</summary>
    public IReadOnlyList<string> Captions(int index) => _captions[index];

    /// <summary>A photo's name in its dataset.</summary>
    public string Id(int index) => _ids[index];

    /// <summary>Where the thing that the caption tells of lies, when the dataset says so.</summary>
    public PixelRect? Box(int index) => _boxes[index];

    /// <summary>A photo as the scorer takes it.</summary>
    public Photo ToPhoto(int index)
    {
        var photo = new Photo(Size, Size);
        ReadOnlySpan<byte> from = Pixels(index);
        Span<byte> to = photo.Pixels;
        for (int p = 0; p < Size * Size; p++)
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
            throw new ArgumentException($"{id} has {rgb.Length} bytes; expected {PhotoBytes} for {Size}x{Size} pixels of 3.", nameof(rgb));
        }

        int at = Count % ChunkPhotos;
        if (at == 0)
        {
            _chunks.Add(new byte[ChunkPhotos * PhotoBytes]);
        }

        rgb.CopyTo(_chunks[^1].AsSpan(at * PhotoBytes));
        _ids.Add(id);
        _captions.Add(captions);
        _boxes.Add(box);
    }

    /// <summary>Reads datasets: each photo's centred square, scaled as <c>inpaint evaluate</c> scales it.</summary>
    /// <param name="datasets">Specifications of <see cref="KnownDatasets"/>.</param>
    /// <param name="picture">The size wanted.</param>
    /// <param name="limit">At most so many photos of each dataset; null for all.</param>
    /// <param name="cache">Where photos once scaled are kept; null for nowhere.</param>
    /// <param name="progress">Told how many photos are done.</param>
    /// <param name="stop">Ends the reading.</param>
    /// <exception cref="FailedException">No photo could be read.</exception>
    public static PhotoPool Load(IReadOnlyList<string> datasets, PictureConfig picture, int? limit, PhotoCache? cache, IProgress<long>? progress, CancellationToken stop)
    {
        var pool = new PhotoPool(picture.Size);
        foreach (string spec in datasets)
        {
            using IPhotoDataset dataset = KnownDatasets.Formats.Open(spec);
            int before = pool.Count;
            IEnumerable<PhotoRecord> records = limit is { } most ? dataset.Read().Take(most) : dataset.Read();
            using CachedPhotos? cached = cache?.For(spec, picture.Size);
            PhotoReader.Read(pool, records, picture, cached, progress, stop);
            pool.Sources.Add($"{dataset.Name} ({pool.Count - before} photos)");
        }

        return pool.Count > 0
            ? pool
            : throw new FailedException($"None of {string.Join(", ", datasets)} has a photo that can be read" + (pool.Bad.Count > 0 ? $": {pool.Bad[0].TrimEnd('.')}." : "."));
    }
}
