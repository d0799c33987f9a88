using System.Globalization;
using Inpaint.Json;
using Inpaint.Onnx.Inpainting;
using Inpaint.Web.Serving;
using Microsoft.OpenApi;

namespace Inpaint.Web.Api;

/// <summary>The fields of an inpaint request: reads them from forms, and describes them in the OpenAPI document.</summary>
internal static class InpaintForm
{
    private const string ImageField = "image", MaskField = "mask", CaptionField = "caption";
    private static readonly string[] Files = [ImageField, MaskField], PerPhoto = [ImageField, MaskField, CaptionField];

    private static readonly Dictionary<string, string> Descriptions = new()
    {
        [ImageField] = "The photo: JPEG, PNG, WebP, GIF or BMP. Base64 in JSON.",
        [MaskField] = "An image of the photo's size, white where it is hidden. Base64 in JSON.",
        [CaptionField] = "What the photo shows.",
        ["graph"] = "Name of the graph. Default: the graph of the service, or its graph for masks.",
        ["feather"] = "Pixels over which the fill is blended into the photo, 0 to 4096. Default: 0.",
        ["hole"] = "The hidden rectangle, x,y,width,height in pixels, instead of a mask. Default: the center half.",
        ["truth"] = "true if the photo is complete, to measure the fill against what the hole hides. Default: false.",
    };

    public static string ExpectedJson { get; } = $"an object with {ImageField} (base64) and, optionally, {string.Join(", ", Descriptions.Keys.Skip(1))}";

    /// <summary>Reads the photos of a form.</summary>
    /// <param name="request">The request.</param>
    /// <param name="maxPhotos">Most photos; 1 for a form whose fields may not be repeated.</param>
    /// <param name="cancellation">Cancels reading.</param>
    /// <exception cref="ServiceException">The form is malformed.</exception>
    public static async Task<IReadOnlyList<InpaintRequest>> ReadAsync(HttpRequest request, int maxPhotos, CancellationToken cancellation)
    {
        IFormCollection form = await RequestBody.ReadFormAsync(request, cancellation);
        CheckFields(form, maxPhotos > 1 ? PerPhoto : []);
        IReadOnlyList<IFormFile> images = form.Files.GetFiles(ImageField), masks = form.Files.GetFiles(MaskField);
        string?[] captions = [.. form[CaptionField]];
        if (images.Count == 0 || images.Count > maxPhotos)
        {
            throw Malformed(
                InpaintingStatus.BadPhoto,
                $"The form has {images.Count} images; expected {(maxPhotos == 1 ? "a" : $"1 to {maxPhotos}")} field 'image' with the photo's file.");
        }

        CheckCount(CaptionField, captions.Length, images.Count, InpaintingStatus.BadCaption);
        CheckCount(MaskField, masks.Count, images.Count, InpaintingStatus.BadMask);
        var shared = new InpaintRequest
        {
            Graph = Text(form, "graph"),
            Feather = Text(form, "feather") is { } feather ? ParseInteger("feather", feather) : null,
            Hole = Text(form, "hole") is { } hole ? HoleBox.Parse(hole) : null,
            Truth = Text(form, "truth") is { } truth && ParseBoolean("truth", truth),
        };
        var requests = new List<InpaintRequest>();
        for (int i = 0; i < images.Count; i++)
        {
            requests.Add(shared with
            {
                Name = maxPhotos == 1 ? shared.Name : images[i].FileName.Length is > 0 and <= 200 ? Path.GetFileName(images[i].FileName) : $"image {i}",
                Image = await ReadAsync(images[i], cancellation),
                Mask = masks.Count > 0 ? await ReadAsync(masks[i], cancellation) : null,
                Caption = captions.Length > 0 && captions[i] is { Length: > 0 } caption ? caption : null,
            });
        }

        return requests;
    }

    /// <summary>The schema of a form, or of a form for several photos.</summary>
    public static OpenApiSchema Schema(bool isBatch) => new()
    {
        Type = JsonSchemaType.Object,
        Required = new HashSet<string> { ImageField },
        Properties = Descriptions.ToDictionary(field => field.Key, field =>
        {
            IOpenApiSchema schema = Files.Contains(field.Key) ? ApiDocument.File() : new OpenApiSchema { Type = JsonSchemaType.String };
            schema.Description = field.Value;
            return isBatch && PerPhoto.Contains(field.Key) ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = schema } : schema;
        }),
    };

    // Rejects unknown fields, files in place of text, text in place of files, and repeated fields.
    private static void CheckFields(IFormCollection form, string[] repeatable)
    {
        foreach (string name in form.Keys.Concat(form.Files.Select(f => f.Name)).Where(name => !Descriptions.ContainsKey(name)))
        {
            string remedy = StrictJson.Nearest(name, Descriptions.Keys) is { } nearest
                ? $"did you mean '{nearest}'?"
                : $"expected {string.Join(", ", Descriptions.Keys)}.";
            throw new ServiceException(ErrorKind.BadRequest, $"The form has an unknown field '{RequestBody.Shorten(name)}'; {remedy}");
        }

        if (form.Keys.FirstOrDefault(Files.Contains) is { } text)
        {
            InpaintingStatus status = text == MaskField ? InpaintingStatus.BadMask : InpaintingStatus.BadPhoto;
            throw Malformed(status, $"{text} is text; expected a file (with curl: -F {text}=@FILE).");
        }

        if (form.Files.FirstOrDefault(f => !Files.Contains(f.Name)) is { } file)
        {
            throw new ServiceException(ErrorKind.BadRequest, $"{file.Name} is a file; expected text.");
        }

        string? repeated = form.Keys.Where(k => form[k].Count > 1)
            .Concat(form.Files.GroupBy(f => f.Name).Where(g => g.Count() > 1).Select(g => g.Key))
            .FirstOrDefault(name => !repeatable.Contains(name));
        if (repeated is not null)
        {
            throw new ServiceException(ErrorKind.BadRequest, $"The form has several fields '{repeated}'; expected one.");
        }
    }

    private static void CheckCount(string field, int count, int images, InpaintingStatus status)
    {
        if (count != 0 && count != images)
        {
            throw Malformed(status, $"The form has {count} fields '{field}' for {images} images; expected one per image, or none.");
        }
    }

    private static async Task<byte[]> ReadAsync(IFormFile file, CancellationToken cancellation)
    {
        byte[] bytes = new byte[file.Length];
        await using Stream stream = file.OpenReadStream();
        await stream.ReadExactlyAsync(bytes, cancellation);
        return bytes;
    }

    private static string? Text(IFormCollection form, string name) => form[name].ToString() is { Length: > 0 } text ? text : null;

    private static int ParseInteger(string name, string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new ServiceException(ErrorKind.BadRequest, $"{name} is '{RequestBody.Shorten(text)}'; expected an integer.");

    private static bool ParseBoolean(string name, string text) => text switch
    {
        "true" => true,
        "false" => false,
        _ => throw new ServiceException(ErrorKind.BadRequest, $"{name} is '{RequestBody.Shorten(text)}'; expected true or false."),
    };

    private static ServiceException Malformed(InpaintingStatus status, string message) => new(ErrorKind.Malformed(status), message);
}
