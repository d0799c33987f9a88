using System.Net;
using ExistingService;
using Microsoft.AspNetCore.Builder;

namespace Inpaint.Hosting.Tests;

/// <summary>The sample service over HTTP.</summary>
public sealed class ExistingServiceTests : IAsyncLifetime
{
    private readonly WebApplication _app = Service.Create("--urls", "http://127.0.0.1:0", "--Graph", "membrane");
    private readonly Photo _scene = SceneGenerator.Draw(2, 96).Photo;
    private HttpClient _client = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _app.StartAsync();
        _client = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task It_is_healthy() => Assert.Equal("Healthy", await _client.GetStringAsync(new Uri("/health", UriKind.Relative), Stop));

    [Fact]
    public async Task It_completes_concurrent_requests_as_Inpainter_does()
    {
        var mask = Mask.Rectangle(_scene.Width, _scene.Height, new PixelRect(10, 12, 30, 20));
        using var inpainter = new Inpainter(GraphPackage.Load("membrane"));
        byte[] centre = inpainter.Complete(_scene).Pixels.ToArray();
        byte[] masked = inpainter.Complete(_scene, Hole.FromMask(mask)).Pixels.ToArray();
        HttpResponseMessage[] answers = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(i => PostAsync(PhotoCodec.Encode(_scene), i % 2 == 0 ? null : Picture(mask))));
        for (int i = 0; i < answers.Length; i++)
        {
            Assert.Equal("image/png", answers[i].Content.Headers.ContentType!.MediaType);
            Photo completed = PhotoCodec.Decode(await answers[i].Content.ReadAsByteArrayAsync(Stop));
            Assert.Equal(i % 2 == 0 ? centre : masked, completed.Pixels.ToArray());
        }
    }

    [Fact]
    public async Task A_bad_photo_is_a_bad_request_that_names_it()
    {
        using HttpResponseMessage answer = await PostAsync([1, 2, 3], null);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("photo.png", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> PostAsync(byte[] photo, byte[]? mask)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(photo), "photo", "photo.png" } };
        if (mask is not null)
        {
            form.Add(new ByteArrayContent(mask), "mask", "mask.png");
        }

        return await _client.PostAsync(new Uri("/complete", UriKind.Relative), form, Stop);
    }

    private static byte[] Picture(Mask mask) => PhotoCodec.Encode(new Photo(
        mask.Width, mask.Height, [.. mask.Pixels.ToArray().SelectMany(v => new byte[] { v, v, v, 255 })]));
}
