using Microsoft.AspNetCore.Mvc;

namespace Inpaint.Web;

/// <summary>Photos to try: scenes, and those of the folder that the service was started with.</summary>
internal sealed class SampleShelf(ServiceOptions options)
{
    private const int Scenes = 12, SceneSize = 256, MostPhotos = 500;
    private readonly Lazy<IReadOnlyDictionary<string, Sample>> _samples = new(() => Read(options));

    public IEnumerable<Sample> All => _samples.Value.Values;

    /// <summary>Those of the user's folder.</summary>
    public IReadOnlyList<Sample> Photos => [.. All.Where(s => s.Id.StartsWith("photo-", StringComparison.Ordinal))];

    public Sample? Find(string id) => _samples.Value.GetValueOrDefault(id);

    private static Dictionary<string, Sample> Read(ServiceOptions options)
    {
        var samples = new Dictionary<string, Sample>();
        for (int i = 0; i < Scenes; i++)
        {
            int index = i;
            samples[$"scene-{i}"] = new Sample($"scene-{i}", SceneGenerator.Describe(i, SceneSize, 2026).Caption, () => PhotoCodec.Encode(SceneGenerator.Draw(index, SceneSize, 2026).Photo));
        }

        if (options.Samples is { } folder)
        {
            using IPhotoDataset photos = PhotoDataset.Open(folder);
            int i = 0;
            foreach (PhotoRecord record in photos.Read().Where(r => r.Path is not null).Take(MostPhotos))
            {
                string path = record.Path!;
                // Encoded anew: upright, and free of what a file may say of its place and time.
                samples[$"photo-{i}"] = new Sample($"photo-{i}", record.Captions.Count > 0 ? record.Captions[0] : null, () => PhotoCodec.Encode(PhotoCodec.Decode(path)));
                i++;
            }
        }

        return samples;
    }
}

/// <summary>A photo to try.</summary>
/// <param name="Id">Its name in addresses.</param>
/// <param name="Caption">What it shows; null where nothing is known.</param>
/// <param name="Png">Its file.</param>
internal sealed record Sample(string Id, string? Caption, Func<byte[]> Png);

/// <summary>The routes of the gallery.</summary>
internal static class SampleEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/samples", ([FromServices] SampleShelf shelf) => Results.Json(new SampleList([.. shelf.All.Select(s => new SampleInfo(s.Id, s.Caption))]), ApiJson.Options))
            .WithName("samples").WithSummary("Photos to try").Produces<SampleList>();
        api.MapGet("/samples/{id}", (string id, [FromServices] SampleShelf shelf) => shelf.Find(id) is { } sample
                ? Results.Bytes(sample.Png(), "image/png")
                : throw new ServiceException(StatusCodes.Status404NotFound, "unknown_sample", "There is no such sample; GET /api/v1/samples lists them."))
            .WithName("sample").WithSummary("One of them, as PNG").Produces(StatusCodes.Status200OK, contentType: "image/png").WithProblems(404);
    }
}

/// <summary>Photos to try.</summary>
internal sealed record SampleList(IReadOnlyList<SampleInfo> Samples);

/// <summary>A photo to try.</summary>
internal sealed record SampleInfo(string Id, string? Caption);
