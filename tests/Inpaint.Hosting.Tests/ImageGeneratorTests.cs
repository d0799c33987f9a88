using System.Runtime.InteropServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using SkiaSharp;

namespace Inpaint.Hosting.Tests;

/// <summary>Graphs as image generators.</summary>
public sealed class ImageGeneratorTests : IAsyncDisposable
{
    private static readonly PixelRect Erased = new(20, 30, 24, 18);

    private readonly Photo _scene = SceneGenerator.Draw(8, 80).Photo;
    private readonly ServiceProvider _services = new ServiceCollection()
        .AddInpainting(o => o.Graph = "membrane")
        .AddSingleton<IImageGenerator, InpaintingImageGenerator>(p => new(p.GetRequiredService<IInpaintingService>()))
        .BuildServiceProvider();

    private IImageGenerator Generator => _services.GetRequiredService<IImageGenerator>();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public async Task The_transparent_part_of_an_image_is_completed_as_Inpainter_does()
    {
        using var inpainter = new Inpainter(GraphPackage.Load("membrane"));
        IImageGenerator generator = Generator;
        byte[] partlyTransparent = WithErased(_scene, Erased);

        #region generator
        var original = new DataContent(partlyTransparent, "image/png");
        ImageGenerationResponse response = await generator.EditImageAsync(original, prompt: "a red boat");
        var image = (DataContent)response.Contents[0];
        #endregion

        Assert.Single(response.Contents);
        Assert.Equal("image/png", image.MediaType);

        // The erased pixels are white when a graph sees them; they are hidden, so that does not matter.
        Photo expected = inpainter.Complete(_scene, Hole.FromMask(Mask.Rectangle(_scene.Width, _scene.Height, Erased)));
        Assert.Equal(expected.Pixels, PhotoCodec.Decode(image.Data.Span).Pixels);
    }

    [Fact]
    public async Task A_second_image_is_the_mask_and_an_opaque_image_alone_has_the_hole_in_its_centre()
    {
        using var inpainter = new Inpainter(GraphPackage.Load("membrane"));
        var photo = new DataContent(PhotoCodec.Encode(_scene), "image/png");
        using var bitmap = new SKBitmap(_scene.Width, _scene.Height);
        bitmap.Erase(SKColors.Black);
        bitmap.Erase(SKColors.White, new SKRectI(Erased.X, Erased.Y, Erased.X + Erased.Width, Erased.Y + Erased.Height));
        using SKData mask = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        foreach ((AIContent[] images, Hole? hole) in new (AIContent[], Hole?)[]
        {
            ([photo, new DataContent(mask.ToArray(), "image/png")], Hole.Rectangle(Erased)),
            ([photo], null),
        })
        {
            ImageGenerationResponse response = await Generator.GenerateAsync(
                new ImageGenerationRequest("", images), new ImageGenerationOptions { Count = 1, ModelId = "membrane" }, Stop);
            Photo completed = PhotoCodec.Decode(((DataContent)response.Contents[0]).Data.Span);
            Assert.Equal(inpainter.Complete(_scene, hole).Pixels, completed.Pixels);
        }
    }

    [Theory]
    [InlineData("image/jpeg", 0xFF, 0xD8)]
    [InlineData("image/webp", (int)'R', (int)'I')]
    public async Task The_media_type_is_that_of_the_options(string mediaType, int first, int second)
    {
        ImageGenerationResponse response = await Generator.GenerateAsync(
            new ImageGenerationRequest(null!, [new DataContent(PhotoCodec.Encode(_scene), "image/png")]),
            new ImageGenerationOptions { MediaType = mediaType }, Stop);
        DataContent image = (DataContent)response.Contents[0];
        Assert.Equal(mediaType, image.MediaType);
        Assert.Equal([(byte)first, (byte)second], image.Data.Span[..2].ToArray());
    }

    [Fact]
    public async Task A_request_that_a_graph_cannot_follow_is_an_error_that_says_why()
    {
        var photo = new DataContent(PhotoCodec.Encode(_scene), "image/png");
        (AIContent[] Images, ImageGenerationOptions? Options, string Message)[] cases =
        [
            ([], null, "expected a photo"),
            ([new UriContent("https://example.org/photo.png", "image/png")], null, "loads none from addresses"),
            ([photo], new() { Count = 3 }, "3 images; expected one"),
            ([photo], new() { ImageSize = new(1024, 1024) }, "1024x1024 pixels; expected the photo's 80x80"),
            ([photo], new() { ResponseFormat = ImageGenerationResponseFormat.Uri }, "expected data"),
            ([photo], new() { ModelId = "dall-e-3" }, "expected 'membrane'"),
            ([photo], new() { MediaType = "image/gif" }, "image/png, image/jpeg, image/webp"),
        ];
        foreach ((AIContent[] images, ImageGenerationOptions? options, string message) in cases)
        {
            ArgumentException error = await Assert.ThrowsAnyAsync<ArgumentException>(
                () => Generator.GenerateAsync(new ImageGenerationRequest("a dog", images), options, Stop));
            Assert.Contains(message, error.Message, StringComparison.Ordinal);
        }

        PhotoException bad = await Assert.ThrowsAsync<PhotoException>(() => Generator.GenerateAsync(
            new ImageGenerationRequest("", [new DataContent(new byte[] { 1, 2, 3 }, "image/png")]), cancellationToken: Stop));
        Assert.Contains("the original image", bad.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Middleware_finds_the_metadata_and_the_service()
    {
        Assert.Equal("inpaint", Generator.GetService<ImageGeneratorMetadata>()!.ProviderName);
        Assert.Same(_services.GetRequiredService<IInpaintingService>(), Generator.GetService<IInpaintingService>());
        Assert.Same(Generator, Generator.GetService<InpaintingImageGenerator>());
        Assert.Null(Generator.GetService<HttpClient>());
    }

    private static byte[] WithErased(Photo photo, PixelRect area)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(photo.Width, photo.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        Marshal.Copy(photo.Array, 0, bitmap.GetPixels(), photo.Array.Length);
        bitmap.Erase(SKColors.Transparent, new SKRectI(area.X, area.Y, area.X + area.Width, area.Y + area.Height));
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }
}
