using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Inpaint.Web.Serving;

namespace Inpaint.Web.Api;

/// <summary>A photo to complete, from a form or from JSON.</summary>
internal sealed record InpaintRequest
{
    /// <summary>What messages call the photo.</summary>
    [JsonIgnore]
    public string Name { get; init; } = "the image";

    public byte[]? Image { get; init; }

    public byte[]? Mask { get; init; }

    public string? Caption { get; init; }

    public HoleBox? Hole { get; init; }

    [JsonIgnore]
    public RequestSettings Settings { get; init; } = new();

    /// <summary>The settings, in JSON.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; init; }

    /// <summary>Reads a request.</summary>
    /// <exception cref="InpaintException">It is malformed.</exception>
    public static async Task<InpaintRequest> ReadAsync(HttpRequest request, ServiceOptions options, CancellationToken cancellation)
    {
        InpaintRequest read = request.HasFormContentType ? (await InpaintForm.ReadAsync(request, 1, cancellation))[0]
            : request.HasJsonContentType() ? await ReadJsonAsync(request, cancellation)
            : throw RequestBody.UnsupportedType(request, RequestBody.FormOrJson);
        return read.Image is { Length: > 0 } ? read.Validated(options) : throw new ServiceException(
            ErrorKind.Malformed(InpaintingStatus.BadPhoto), "The image is missing; expected a field 'image' with the photo's file.");
    }

    /// <summary>Checks mask, hole and caption. Errors of the image belong to the photo.</summary>
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

    private static async Task<InpaintRequest> ReadJsonAsync(HttpRequest request, CancellationToken cancellation)
    {
        string expected = $"an object with image (base64) and, optionally, {string.Join(", ", InpaintForm.FieldNames.Skip(1))}";
        InpaintRequest read = await RequestBody.ReadJsonAsync<InpaintRequest>(request, expected, cancellation);
        var settings = new SettingValues();
        foreach ((string name, JsonElement value) in read.Others ?? [])
        {
            InpaintForm.RequireKnown(name);
            Setting setting = RequestSettings.All.First(s => s.Key == name);
            settings.Add(setting, setting.Parse(value));
        }

        return read with { Settings = settings.ApplyTo(read.Settings) };
    }
}

/// <summary>A rectangle in the photo's pixels.</summary>
internal sealed record HoleBox(int X, int Y, int Width, int Height)
{
    [JsonIgnore]
    public bool IsValid => X >= 0 && Y >= 0 && Width > 0 && Height > 0 && Width <= int.MaxValue - X && Height <= int.MaxValue - Y;

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
