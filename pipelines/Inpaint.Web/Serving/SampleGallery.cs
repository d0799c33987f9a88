using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Inpaint.Scenes;
using Microsoft.Extensions.Caching.Memory;

namespace Inpaint.Web.Serving;

/// <summary>A sample photo of the gallery.</summary>
/// <param name="Id">Its name in URLs.</param>
/// <param name="Caption">What it shows; null when unknown.</param>
/// <param name="Stamp">Changes whenever the file does.</param>
/// <param name="Decode">Decodes it.</param>
internal sealed record Sample(
    string Id, string? Caption, [property: JsonIgnore] string Stamp, [property: JsonIgnore] Func<PhotoDecodingOptions?, Photo> Decode);

/// <summary>Sample photos: drawn scenes, then the photos of the configured dataset. Encoded files are cached.</summary>
internal sealed class SampleGallery : IDisposable
{
    /// <summary>Range of the longer side of a thumbnail, in pixels.</summary>
    public const int MinThumbnail = 16, MaxThumbnail = 1024;

    private const int SceneCount = 12, SceneSize = 256, MaxPhotos = 100_000, JpegQuality = 85;
    private const long CacheBytes = 64L << 20;

    private readonly IPhotoDataset? _dataset;
    private readonly PhotoDecodingOptions _decoding;
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = CacheBytes });
    private readonly SemaphoreSlim _readers = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly Lazy<OrderedDictionary<string, Sample>> _samples;

    public SampleGallery(ServiceOptions options)
    {
        _dataset = options.Samples is { } samples ? DatasetFormats.Files.Open(samples) : null;
        _decoding = options.Decoding;
        _samples = new(() => new(Scenes().Concat(Records()).Select(s => KeyValuePair.Create(s.Id, s))));
    }

    /// <summary>All samples, scenes first.</summary>
    public IReadOnlyList<Sample> All => _samples.Value.Values;

    /// <summary>How many photos the dataset has.</summary>
    public int PhotoCount => All.Count - SceneCount;

    public Sample Photo(int index) => All[SceneCount + index];

    /// <summary>A sample by its id; null if none.</summary>
    public Sample? Find(string id) => _samples.Value.GetValueOrDefault(id);

    /// <summary>A sample, re-encoded: upright and without metadata.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="size">Longer side of a JPEG thumbnail, in pixels; null for a PNG of full size.</param>
    /// <param name="cancellation">Cancels the wait for a free reader.</param>
    /// <exception cref="ServiceException">The file cannot be read.</exception>
    public async Task<byte[]> ReadAsync(Sample sample, int? size, CancellationToken cancellation)
    {
        (string, string, int?) key = (sample.Id, sample.Stamp, size);
        if (_cache.TryGetValue(key, out byte[]? cached))
        {
            return cached!;
        }

        // A page requests many concurrently; photos being completed have priority.
        await _readers.WaitAsync(cancellation);
        try
        {
            byte[] file = Encode(sample, size);
            return _cache.Set(key, file, new MemoryCacheEntryOptions { Size = file.Length });
        }
        finally
        {
            _readers.Release();
        }
    }

    public void Dispose()
    {
        _cache.Dispose();
        _readers.Dispose();
        _dataset?.Dispose();
    }

    private byte[] Encode(Sample sample, int? size)
    {
        try
        {
            if (size is not { } side)
            {
                return PhotoCodec.Encode(sample.Decode(_decoding));
            }

            Photo photo = sample.Decode(_decoding with { ShorterSide = side });
            double scale = Math.Min(1, (double)side / Math.Max(photo.Width, photo.Height));
            Photo thumbnail = WindowSampler.Resize(
                photo, Math.Max(1, (int)(photo.Width * scale)), Math.Max(1, (int)(photo.Height * scale)));
            return PhotoCodec.Encode(thumbnail, PhotoFormat.Jpeg, JpegQuality);
        }
        catch (PhotoException e)
        {
            // The message of the exception contains the path.
            throw new ServiceException(
                ErrorKind.NotCompleted(InpaintingStatus.BadPhoto),
                $"The sample '{sample.Id}' cannot be read; its file is missing, damaged or too large.",
                e);
        }
    }

    private static IEnumerable<Sample> Scenes() => Enumerable.Range(0, SceneCount).Select(i => new Sample(
        $"scene-{i}",
        SceneGenerator.Describe(i, SceneSize, 2026).Caption,
        $"scene-{i}",
        _ => SceneGenerator.Draw(i, SceneSize, 2026).Photo));

    private IEnumerable<Sample> Records() => (_dataset?.Read() ?? []).Take(MaxPhotos).Select((record, i) => new Sample(
        $"photo-{i}",
        record.Captions.Count > 0 ? record.Captions[0] : null,
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{record.Id}\n{record.Stamp}"))[..8]),
        record.Decode));
}
