using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Inpaint.Holes;
using Inpaint.Json;
using Inpaint.Photos;
using Inpaint.Web.Serving;

namespace Inpaint.Web.Api;

/// <summary>What a client asks for, from a form or from JSON.</summary>
internal sealed record InpaintRequest
{
    private static readonly JsonSerializerOptions Strict = new(ApiJson.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };
    private static readonly string[] Fields = ["image", "mask", "caption", "graph", "feather", "hole", "truth"], FileFields = ["image", "mask"];
    private const string FormOrJson = "multipart/form-data or application/json";

    /// <summary>The photo's file: JPEG, PNG, WebP, GIF or BMP. In JSON: base64.</summary>
    public byte[]? Image { get; init; }

    /// <summary>A picture of the photo's size, white where it is hidden. In JSON: base64.</summary>
    public byte[]? Mask { get; init; }

    /// <summary>What the photo shows.</summary>
    public string? Caption { get; init; }

    /// <summary>The graph's name; left out: the default one.</summary>
    public string? Graph { get; init; }

    /// <summary>Pixels over which the fill is blended in, 0 to 4096. Default 0.</summary>
    public int? Feather { get; init; }

    /// <summary>The hidden rectangle, in place of a mask; left out: the centre half.</summary>
    public HoleRequest? Hole { get; init; }

    /// <summary>Whether the photo is whole, so that the fill can be judged by what it hides.</summary>
    public bool Truth { get; init; }

    /// <summary>Reads a request.</summary>
    /// <exception cref="ServiceException">It is not as it must be.</exception>
    public static async Task<InpaintRequest> ReadAsync(HttpRequest request, ServiceOptions options, CancellationToken cancellation)
    {
        InpaintRequest read = request.HasFormContentType ? await FromForm(request, cancellation)
            : request.HasJsonContentType() ? await FromJson(request, cancellation)
            : throw UnsupportedType(request, FormOrJson);
        read.Check(options);
        return read;
    }

    /// <summary>The body is of a type that the route does not take.</summary>
    public static ServiceException UnsupportedType(HttpRequest request, string expected = FormOrJson) =>
        new(StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", $"The body is {Shorten(request.ContentType ?? "of no type")}; expected {expected}.");

    /// <summary>Bytes of a form's file.</summary>
    public static async Task<byte[]> BytesOf(IFormFile file, CancellationToken cancellation)
    {
        byte[] bytes = new byte[file.Length];
        await using Stream stream = file.OpenReadStream();
        await stream.ReadExactlyAsync(bytes, cancellation);
        return bytes;
    }

    /// <summary>A form, with errors that a client understands.</summary>
    public static async Task<IFormCollection> Form(HttpRequest request, CancellationToken cancellation)
    {
        try
        {
            return await request.ReadFormAsync(cancellation);
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw ServiceException.BadRequest($"The form cannot be read: {e.Message}");
        }
    }

    /// <summary>Refuses fields that are not known, files where text is expected, and text where a file is.</summary>
    /// <param name="form">The form.</param>
    /// <param name="known">The fields.</param>
    /// <param name="repeated">Those that may stand there several times.</param>
    public static void RequireKnown(IFormCollection form, IReadOnlyList<string> known, params IReadOnlyList<string> repeated)
    {
        foreach (string name in form.Keys.Concat(form.Files.Select(f => f.Name)))
        {
            if (!known.Contains(name))
            {
                string? nearest = StrictJson.Nearest(name, known);
                throw ServiceException.BadRequest($"The form has a field '{Shorten(name)}'; {(nearest is null ? $"expected {string.Join(", ", known)}." : $"did you mean '{nearest}'?")}");
            }
        }

        if (form.Keys.FirstOrDefault(FileFields.Contains) is { } text)
        {
            throw ServiceException.BadRequest($"{text} is text; expected a file (with curl: -F {text}=@FILE).", text == "mask" ? "bad_mask" : "bad_photo");
        }

        if (form.Files.FirstOrDefault(f => !FileFields.Contains(f.Name)) is { } file)
        {
            throw ServiceException.BadRequest($"{file.Name} is a file; expected text.");
        }

        string? twice = form.Keys.FirstOrDefault(k => form[k].Count > 1 && !repeated.Contains(k)) ?? form.Files.GroupBy(f => f.Name).FirstOrDefault(g => g.Count() > 1 && !repeated.Contains(g.Key))?.Key;
        if (twice is not null)
        {
            throw ServiceException.BadRequest($"The form has several fields '{twice}'; expected one.");
        }
    }

    public static void CheckCaption(string? caption, ServiceOptions options)
    {
        if (caption?.Length > options.MaxCaption)
        {
            throw ServiceException.BadRequest($"The caption has {caption.Length:N0} characters; expected {options.MaxCaption:N0} at the most.", "bad_caption");
        }
    }

    private static string Shorten(string name) => name.Length <= 40 ? name : name[..40] + "...";

    private static async Task<InpaintRequest> FromJson(HttpRequest request, CancellationToken cancellation)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<InpaintRequest>(request.Body, Strict, cancellation)
                ?? throw ServiceException.BadRequest("The body is null; expected an object with an image.");
        }
        catch (JsonException e)
        {
            string at = string.IsNullOrEmpty(e.Path) || e.Path == "$" ? "" : $" at '{e.Path.TrimStart('$', '.')}'";
            throw ServiceException.BadRequest($"The JSON cannot be read{at}. Expected an object with image (base64) and, at will, {string.Join(", ", Fields[1..])}.");
        }
    }

    private static async Task<InpaintRequest> FromForm(HttpRequest request, CancellationToken cancellation)
    {
        IFormCollection form = await Form(request, cancellation);
        RequireKnown(form, Fields);
        return new InpaintRequest
        {
            Image = form.Files.GetFile("image") is { } image ? await BytesOf(image, cancellation) : null,
            Mask = form.Files.GetFile("mask") is { } mask ? await BytesOf(mask, cancellation) : null,
            Caption = Text(form, "caption"),
        }.WithSettings(form);
    }

    /// <summary>What a form says of all its photos: graph, feather, hole and truth.</summary>
    public InpaintRequest WithSettings(IFormCollection form) => this with
    {
        Graph = Text(form, "graph"),
        Feather = Text(form, "feather") is { } feather ? Number("feather", feather) : null,
        Hole = Text(form, "hole") is { } hole ? HoleRequest.Parse(hole) : null,
        Truth = Text(form, "truth") switch
        {
            null or "false" => false,
            "true" => true,
            { } other => throw ServiceException.BadRequest($"truth is '{Shorten(other)}'; expected true or false."),
        },
    };

    /// <exception cref="ServiceException">What is asked for cannot be done.</exception>
    public void Check(ServiceOptions options)
    {
        if (Image is not { Length: > 0 })
        {
            throw ServiceException.BadRequest("There is no image; expected a field 'image' with the photo's file.", "bad_photo");
        }

        if (Mask is { Length: 0 })
        {
            throw ServiceException.BadRequest("The mask is empty; expected a picture of the photo's size, white where it is hidden.", "bad_mask");
        }

        if (Mask is not null && Hole is not null)
        {
            throw ServiceException.BadRequest("There are a mask and a hole; expected one of them.", "bad_mask");
        }

        if (Feather is < 0 or > 4096)
        {
            throw ServiceException.BadRequest($"feather is {Feather}; expected 0 to 4096.");
        }

        _ = Hole?.ToHole();
        CheckCaption(Caption, options);
    }

    private static string? Text(IFormCollection form, string name) =>
        form.TryGetValue(name, out Microsoft.Extensions.Primitives.StringValues values) && values.ToString() is { Length: > 0 } text ? text : null;

    private static int Number(string name, string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : throw ServiceException.BadRequest($"{name} is '{Shorten(text)}'; expected a whole number.");
}

/// <summary>A rectangle in the photo's pixels.</summary>
internal sealed record HoleRequest(int X, int Y, int Width, int Height)
{
    /// <summary>The hole, checked.</summary>
    public Hole ToHole() => X >= 0 && Y >= 0 && Width > 0 && Height > 0 && (long)X + Width <= int.MaxValue && (long)Y + Height <= int.MaxValue
        ? Inpaint.Holes.Hole.Rectangle(new PixelRect(X, Y, Width, Height))
        : throw ServiceException.BadRequest($"The hole is {X},{Y},{Width},{Height}; expected x, y, width and height in the photo's pixels, width and height of 1 or more.", "bad_mask");

    /// <summary>Reads <c>x,y,width,height</c>.</summary>
    public static HoleRequest Parse(string text)
    {
        string[] parts = text.Split(',');
        int[] numbers = [.. parts.Select(p => int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : -1)];
        return numbers.Length == 4 && numbers.All(n => n >= 0)
            ? new HoleRequest(numbers[0], numbers[1], numbers[2], numbers[3])
            : throw ServiceException.BadRequest($"hole is '{(text.Length <= 40 ? text : text[..40])}'; expected x,y,width,height in the photo's pixels.", "bad_mask");
    }
}
