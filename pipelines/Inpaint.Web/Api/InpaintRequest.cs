using System.Globalization;
using System.Text.Json.Serialization;
using Inpaint.Holes;
using Inpaint.Onnx.Inpainting;
using Inpaint.Photos;
using Inpaint.Web.Serving;

namespace Inpaint.Web.Api;

/// <summary>A photo to complete, from a form or from JSON.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record InpaintRequest
{
    /// <summary>What messages call the photo.</summary>
    [JsonIgnore]
    public string Name { get; init; } = "the image";

    public byte[]? Image { get; init; }

    public byte[]? Mask { get; init; }

    public string? Caption { get; init; }

    public string? Graph { get; init; }

    public int? Feather { get; init; }

    public HoleBox? Hole { get; init; }

    public bool Truth { get; init; }

    /// <summary>Reads a request.</summary>
    /// <exception cref="ServiceException">It is malformed.</exception>
    public static async Task<InpaintRequest> ReadAsync(HttpRequest request, ServiceOptions options, CancellationToken cancellation)
    {
        InpaintRequest read = request.HasFormContentType ? (await InpaintForm.ReadAsync(request, 1, cancellation))[0]
            : request.HasJsonContentType() ? await RequestBody.ReadJsonAsync<InpaintRequest>(request, InpaintForm.ExpectedJson, cancellation)
            : throw RequestBody.UnsupportedType(request, RequestBody.FormOrJson);
        return read.Image is { Length: > 0 } ? read.Validated(options) : throw new ServiceException(
            ErrorKind.Malformed(InpaintingStatus.BadPhoto), "There is no image; expected a field 'image' with the photo's file.");
    }

    /// <summary>Checks everything but the image, whose errors belong to the photo.</summary>
    /// <exception cref="ServiceException">The request is malformed.</exception>
    public InpaintRequest Validated(ServiceOptions options)
    {
        if (Mask is { Length: 0 })
        {
            throw BadMask("The mask is empty; expected an image of the photo's size, white where it is hidden.");
        }

        if (Mask is not null && Hole is not null)
        {
            throw BadMask("The request has a mask and a hole; expected one of them.");
        }

        if (Hole is { IsValid: false })
        {
            throw BadMask($"The hole is {Hole}; expected x, y, width and height in the photo's pixels, width and height of 1 or more.");
        }

        if (Feather is < 0 or > 4096)
        {
            throw new ServiceException(ErrorKind.BadRequest, $"feather is {Feather}; expected an integer from 0 to 4096.");
        }

        CheckCaption(Caption, options);
        return this;
    }

    /// <exception cref="ServiceException">The caption is too long.</exception>
    public static void CheckCaption(string? caption, ServiceOptions options)
    {
        if (caption?.Length > options.MaxCaption)
        {
            throw new ServiceException(
                ErrorKind.Malformed(InpaintingStatus.BadCaption),
                $"The caption has {caption.Length:N0} characters; expected at most {options.MaxCaption:N0}.");
        }
    }

    public static ServiceException BadMask(string message) => new(ErrorKind.Malformed(InpaintingStatus.BadMask), message);
}

/// <summary>A rectangle in the photo's pixels.</summary>
internal sealed record HoleBox(int X, int Y, int Width, int Height)
{
    [JsonIgnore]
    public bool IsValid => X >= 0 && Y >= 0 && Width > 0 && Height > 0 && (long)X + Width <= int.MaxValue && (long)Y + Height <= int.MaxValue;

    public static HoleBox Of(PixelRect rect) => new(rect.X, rect.Y, rect.Width, rect.Height);

    public Hole ToHole() => Hole.Rectangle(new PixelRect(X, Y, Width, Height));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{X},{Y},{Width},{Height}");

    /// <summary>Parses <c>x,y,width,height</c>.</summary>
    /// <exception cref="ServiceException">The text is something else.</exception>
    public static HoleBox Parse(string text)
    {
        string[] parts = text.Split(',');
        int[] numbers = [.. parts.Select(p => int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : -1)];
        return numbers is [>= 0 and var x, >= 0 and var y, >= 0 and var width, >= 0 and var height]
            ? new HoleBox(x, y, width, height)
            : throw InpaintRequest.BadMask($"hole is '{RequestBody.Shorten(text)}'; expected x,y,width,height in the photo's pixels.");
    }
}
