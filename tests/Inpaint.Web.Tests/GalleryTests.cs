using System.Net.Http.Headers;
using Inpaint.Scenes;

namespace Inpaint.Web.Tests;

/// <summary>The gallery: pages, thumbnails and damaged files.</summary>
public sealed class GalleryTests
{
    private const int Scenes = 12;

    [Fact]
    public async Task Samples_are_listed_in_pages_with_their_total()
    {
        using var folder = new TemporaryFolder();
        Fill(folder, 30);
        await using RunningService service = await RunningService.StartAsync(o => o with { Samples = folder.File("photos") });
        JsonElement all = await List(service, "");
        Assert.Equal((Scenes + 30, Scenes + 30), (all.GetProperty("total").GetInt32(), all.GetProperty("samples").GetArrayLength()));
        JsonElement part = await List(service, "?skip=14&take=5");
        Assert.Equal(Scenes + 30, part.GetProperty("total").GetInt32());
        Assert.Equal(
            ["photo-2", "photo-3", "photo-4", "photo-5", "photo-6"],
            part.GetProperty("samples").EnumerateArray().Select(s => s.GetProperty("id").GetString()!));
        Assert.Equal(HttpStatusCode.BadRequest, (await service.Client.GetAsync("/api/v1/samples?take=0")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await service.Client.GetAsync("/api/v1/samples?skip=-1")).StatusCode);
    }

    [Fact]
    public async Task A_thumbnail_has_the_requested_size_and_an_entity_tag()
    {
        using var folder = new TemporaryFolder();
        Fill(folder, 1, 300, 200);
        await using RunningService service = await RunningService.StartAsync(o => o with { Samples = folder.File("photos") });
        using HttpResponseMessage small = await service.Client.GetAsync("/api/v1/samples/photo-0?size=96");
        Assert.Equal("image/jpeg", small.Content.Headers.ContentType?.MediaType);
        Photo picture = PhotoCodec.Decode(await small.Content.ReadAsByteArrayAsync());
        Assert.Equal((96, 64), (picture.Width, picture.Height));
        using var again = new HttpRequestMessage(HttpMethod.Get, "/api/v1/samples/photo-0?size=96");
        again.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Parse(small.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.NotModified, (await service.Client.SendAsync(again)).StatusCode);
        Photo full = await Photos.Picture(await service.Client.GetAsync("/api/v1/samples/photo-0"));
        Assert.Equal((300, 200), (full.Width, full.Height));
        Assert.Equal(HttpStatusCode.BadRequest, (await service.Client.GetAsync("/api/v1/samples/photo-0?size=5")).StatusCode);
    }

    [Fact]
    public async Task Damaged_files_are_reported_and_skipped_when_judging()
    {
        using var folder = new TemporaryFolder();
        Fill(folder, 3);
        byte[] photo = Photos.Png(7, 128);
        File.WriteAllBytes(folder.File("photos/a-cut.png"), photo[..(photo.Length / 2)]);
        File.WriteAllText(folder.File("photos/b-text.png"), "no picture");
        await using RunningService service = await RunningService.StartAsync(o => o with { Samples = folder.File("photos") });
        using HttpResponseMessage broken = await service.Client.GetAsync("/api/v1/samples/photo-0");
        string text = await broken.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, broken.StatusCode);
        Assert.DoesNotContain(folder.File("photos"), text, StringComparison.Ordinal);
        for (int i = 0; i < 20; i++)
        {
            using HttpResponseMessage pair = await service.Client.GetAsync("/api/v1/judge/pair?graphs=red,green");
            Assert.True(pair.IsSuccessStatusCode, await pair.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task A_zip_of_photos_can_be_the_gallery()
    {
        using var folder = new TemporaryFolder();
        Fill(folder, 4);
        System.IO.Compression.ZipFile.CreateFromDirectory(folder.File("photos"), folder.File("photos.zip"));
        await using RunningService service = await RunningService.StartAsync(o => o with { Samples = folder.File("photos.zip") });
        Assert.Equal(Scenes + 4, (await List(service, "")).GetProperty("total").GetInt32());
        Photo photo = await Photos.Picture(await service.Client.GetAsync("/api/v1/samples/photo-3"));
        Assert.Equal((64, 64), (photo.Width, photo.Height));
    }

    private static async Task<JsonElement> List(RunningService service, string query) =>
        await service.Client.GetFromJsonAsync<JsonElement>("/api/v1/samples" + query);

    private static void Fill(TemporaryFolder folder, int count, int width = 64, int height = 64)
    {
        Directory.CreateDirectory(folder.File("photos"));
        for (int i = 0; i < count; i++)
        {
            File.WriteAllBytes(
                folder.File($"photos/photo{i:000}.png"), PhotoCodec.Encode(WindowSampler.Resize(Photos.Scene(i), width, height)));
        }
    }
}
