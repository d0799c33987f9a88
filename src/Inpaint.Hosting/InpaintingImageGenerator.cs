using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace Inpaint.Hosting;

/// <summary>
/// Completes photos with a graph: the prompt is the caption, and the hole is where the original image is more transparent than opaque, or
/// the mask that is given as the second original image. Without both, the centre half is the hole. The service is not disposed.
/// </summary>
/// <param name="inpainting">The graph.</param>
/// <param name="polarity">Which colour of a mask is the hole. Default: white.</param>
[Experimental("MEAI001", UrlFormat = "https://aka.ms/dotnet-extensions-warnings/{0}")]
public sealed class InpaintingImageGenerator(IInpaintingService inpainting, MaskPolarity polarity = MaskPolarity.WhiteIsHole)
    : IImageGenerator
{
    private readonly IInpaintingService _inpainting = inpainting ?? throw new ArgumentNullException(nameof(inpainting));

    /// <summary>Completes the original image.</summary>
    /// <param name="request">The caption, and the photo with its hole, as <see cref="DataContent"/>.</param>
    /// <param name="options">
    /// <see cref="ImageGenerationOptions.MediaType"/> is <c>image/png</c> (default), <c>image/jpeg</c> or <c>image/webp</c>. Options that a
    /// graph cannot follow are errors: more than one image, another size than the photo's, another model, another form than data.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait for the graph and its run.</param>
    /// <returns>One image of the photo's size, as <see cref="DataContent"/>.</returns>
    /// <exception cref="ArgumentException">The request has no original image, or an option that a graph cannot follow.</exception>
    /// <exception cref="PhotoException">An image cannot be decoded, or the mask does not fit.</exception>
    /// <exception cref="GraphException">The graph failed.</exception>
    public async Task<ImageGenerationResponse> GenerateAsync(
        ImageGenerationRequest request, ImageGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        (DataContent original, DataContent? mask) = ImagesOf(request);
        PhotoFormat format = FormatOf(options?.MediaType);
        (Photo photo, Hole? hole) = await Task.Run(() => Decode(original, mask), cancellationToken).ConfigureAwait(false);
        await CheckAsync(options, photo, cancellationToken).ConfigureAwait(false);
        Photo completed = await _inpainting.CompleteAsync(
            photo, hole, string.IsNullOrWhiteSpace(request.Prompt) ? [] : [request.Prompt], cancellationToken).ConfigureAwait(false);
        byte[] bytes = await Task.Run(() => PhotoCodec.Encode(completed, format), cancellationToken).ConfigureAwait(false);
        return new ImageGenerationResponse([new DataContent(bytes, MediaTypeOf(format))]);
    }

    /// <inheritdoc />
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ImageGeneratorMetadata) ? new ImageGeneratorMetadata("inpaint")
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType.IsInstanceOfType(_inpainting) ? _inpainting
            : null;
    }

    /// <inheritdoc />
    public void Dispose()
    {
    }

    private static (DataContent Original, DataContent? Mask) ImagesOf(ImageGenerationRequest request)
    {
        AIContent[] images = [.. request.OriginalImages ?? []];
        if (images.Length is not (1 or 2) || Array.Find(images, i => i is not DataContent) is not null)
        {
            throw new ArgumentException(
                $"The request has the original images [{string.Join(", ", images.Select(i => i.GetType().Name))}]; expected a photo, and "
                    + $"optionally its mask, as {nameof(DataContent)}: a graph completes photos, and loads none from addresses.",
                nameof(request));
        }

        return ((DataContent)images[0], images.Length == 2 ? (DataContent)images[1] : null);
    }

    private static string MediaTypeOf(PhotoFormat format) => $"image/{format.ToString().ToLowerInvariant()}";

    private static PhotoFormat FormatOf(string? mediaType)
    {
        PhotoFormat[] formats = Enum.GetValues<PhotoFormat>();
        int index = mediaType is null
            ? Array.IndexOf(formats, PhotoFormat.Png)
            : Array.FindIndex(formats, f => MediaTypeOf(f).Equals(mediaType, StringComparison.OrdinalIgnoreCase));
        return index >= 0 ? formats[index] : throw new ArgumentException(
            $"The media type is '{mediaType}'; expected one of {string.Join(", ", formats.Select(MediaTypeOf))}.");
    }

    private async Task CheckAsync(ImageGenerationOptions? options, Photo photo, CancellationToken cancellation)
    {
        string? found = options switch
        {
            { Count: > 1 } => $"{options.Count} images; expected one, since a graph has one answer",
            { ResponseFormat: not null and not ImageGenerationResponseFormat.Data } => $"{options.ResponseFormat}; expected data",
            { ImageSize: { } size } when size.Width != photo.Width || size.Height != photo.Height =>
                $"{size.Width}x{size.Height} pixels; expected the photo's {photo.Width}x{photo.Height}",
            { ModelId: { } model } when
                (await _inpainting.WarmUpAsync(cancellation).ConfigureAwait(false)).Manifest.Name is var name && model != name =>
                $"the model '{model}'; expected '{name}', the graph of the service",
            _ => null,
        };
        if (found is not null)
        {
            throw new ArgumentException($"The options ask for {found}. Omit the option.", nameof(options));
        }
    }

    private (Photo Photo, Hole? Hole) Decode(DataContent original, DataContent? mask)
    {
        Photo overWhite = DecodeOver(original.Data.Span, "#ffffff");
        if (mask is not null)
        {
            var hole = Hole.FromMask(Mask.FromPhoto(PhotoCodec.Decode(mask.Data.Span, name: "the mask"), polarity));
            hole.CheckFits(overWhite);
            return (overWhite, hole);
        }

        // Over white and over black, a pixel differs by its transparency.
        Photo overBlack = DecodeOver(original.Data.Span, "#000000");
        var transparent = new Mask(overWhite.Width, overWhite.Height);
        for (int i = 0; i < transparent.Pixels.Length; i++)
        {
            transparent.Pixels[i] = overWhite.Pixels[4 * i] - overBlack.Pixels[4 * i] > 127 ? (byte)255 : (byte)0;
        }

        return (overWhite, transparent.Bounds.IsEmpty ? null : Hole.FromMask(transparent));
    }

    private static Photo DecodeOver(ReadOnlySpan<byte> bytes, string background) =>
        PhotoCodec.Decode(bytes, PhotoDecodingOptions.Default with { Background = background }, "the original image");
}
