using System.Security.Cryptography;
using System.Text;
using Inpaint.Datasets;
using Inpaint.Holes;
using Inpaint.Onnx.Inpainting;
using Inpaint.Photos;
using Inpaint.Scenes;
using Microsoft.Extensions.Caching.Memory;

namespace Inpaint.Web.Serving;

/// <summary>Photos to try: scenes, and those of the folder or zip that the service was started with. What was read once is kept for a while.</summary>
internal sealed class SampleShelf : IDisposable
{
    /// <summary>Sides of a small picture, in pixels.</summary>
    public const int SmallestSize = 16, LargestSize = 1024;

    private const int Scenes = 12, SceneSize = 256, MostPhotos = 100_000, Quality = 85;
    private const long CachedBytes = 64L << 20;

    private readonly Lazy<Shelf> _shelf;
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = CachedBytes });
    private readonly SemaphoreSlim _readers = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly PhotoDecodingOptions _decoding;

    public SampleShelf(ServiceOptions options)
    {
        _shelf = new Lazy<Shelf>(() => Read(options.Samples));
        _decoding = new PhotoDecodingOptions { MaxPixels = options.MaxPixels };
    }

    /// <summary>Scenes, then the user's photos.</summary>
    public IReadOnlyList<Sample> All => _shelf.Value.Samples;

    /// <summary>Those of the user's folder.</summary>
    public ArraySegment<Sample> Photos => new(_shelf.Value.Samples, Scenes, _shelf.Value.Samples.Length - Scenes);

    /// <summary>A sample by name; null when there is none.</summary>
    public Sample? Find(string id) => _shelf.Value.ById.GetValueOrDefault(id);

    /// <summary>A sample's file: encoded anew, so that it is upright and free of what a file may say of its place and time.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="size">Pixels of the longer side, for a JPEG; null for a PNG of full size.</param>
    /// <param name="cancellation">Given up, or too late.</param>
    /// <exception cref="ServiceException">The file cannot be read.</exception>
    public async Task<byte[]> ReadAsync(Sample sample, int? size, CancellationToken cancellation)
    {
        (string, string, int?) key = (sample.Id, sample.Stamp, size);
        if (_cache.TryGetValue(key, out byte[]? known))
        {
            return known!;
        }

        // A page asks for many at once: photos that are completed come first.
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
        if (_shelf.IsValueCreated)
        {
            _shelf.Value.Source?.Dispose();
        }
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
            double scale = (double)side / Math.Max(photo.Width, photo.Height);
            return PhotoCodec.Encode(scale >= 1 ? photo : WindowSampler.Resize(photo, Math.Max(1, (int)(photo.Width * scale)), Math.Max(1, (int)(photo.Height * scale))), PhotoFormat.Jpeg, Quality);
        }
        catch (PhotoException e)
        {
            throw ServiceException.Unusable(InpaintingStatus.BadPhoto, $"The sample '{sample.Id}' cannot be read; its file is missing, damaged or too large.", e);
        }
    }

    private static Shelf Read(string? folder)
    {
        var samples = new List<Sample>();
        for (int i = 0; i < Scenes; i++)
        {
            int index = i;
            samples.Add(new Sample($"scene-{i}", SceneGenerator.Describe(i, SceneSize, 2026).Caption, $"scene-{i}", _ => SceneGenerator.Draw(index, SceneSize, 2026).Photo));
        }

        IPhotoDataset? photos = folder is null ? null : PhotoDataset.Open(folder);
        foreach (PhotoRecord record in photos?.Read().Take(MostPhotos) ?? [])
        {
            samples.Add(new Sample(
                $"photo-{samples.Count - Scenes}",
                record.Captions.Count > 0 ? record.Captions[0] : null,
                Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{record.Id}\n{record.Stamp}"))[..8]),
                record.Decode));
        }

        return new Shelf([.. samples], samples.ToDictionary(s => s.Id), photos);
    }

    private sealed record Shelf(Sample[] Samples, Dictionary<string, Sample> ById, IPhotoDataset? Source);
}

/// <summary>A photo to try.</summary>
/// <param name="Id">Its name in addresses.</param>
/// <param name="Caption">What it shows; null where nothing is known.</param>
/// <param name="Stamp">Another one whenever the file is.</param>
/// <param name="Decode">Reads it.</param>
internal sealed record Sample(string Id, string? Caption, string Stamp, Func<PhotoDecodingOptions?, Photo> Decode);
