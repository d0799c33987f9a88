using Inpaint.Web.Serving;

namespace Inpaint.Web.Api;

/// <summary>Reads the photos of a form.</summary>
internal static class InpaintForm
{
    private const string Image = "image", Mask = "mask", Caption = "caption", Hole = "hole";

    /// <summary>The fields that are files, and those that a form for several photos has once per photo.</summary>
    public static readonly string[] Files = [Image, Mask], PerPhoto = [Image, Mask, Caption];

    /// <summary>All fields, of which only the first is required.</summary>
    public static IReadOnlyList<string> FieldNames { get; } = [Image, Mask, Caption, Hole, .. RequestSettings.All.Select(s => s.Key)];

    /// <summary>Reads a form.</summary>
    /// <param name="request">The request.</param>
    /// <param name="maxPhotos">Most photos; 1 for a form whose fields may not be repeated.</param>
    /// <param name="cancellation">Cancels reading.</param>
    /// <exception cref="InpaintException">The form is malformed.</exception>
    public static async Task<IReadOnlyList<InpaintRequest>> ReadAsync(HttpRequest request, int maxPhotos, CancellationToken cancellation)
    {
        IFormCollection form = await RequestBody.ReadFormAsync(request, cancellation);
        CheckFields(form, maxPhotos > 1 ? PerPhoto : []);
        IReadOnlyList<IFormFile> images = form.Files.GetFiles(Image), masks = form.Files.GetFiles(Mask);
        string?[] captions = [.. form[Caption]];
        if (images.Count == 0 || images.Count > maxPhotos)
        {
            string expected = maxPhotos == 1 ? "a field 'image' with the photo's file" : $"1 to {maxPhotos} fields 'image'";
            throw Malformed(InpaintingStatus.BadPhoto, $"The form has {images.Count} images; expected {expected}.");
        }

        CheckCount(Caption, captions.Length, images.Count, InpaintingStatus.BadCaption);
        CheckCount(Mask, masks.Count, images.Count, InpaintingStatus.BadMask);
        var settings = new SettingValues();
        foreach (Setting setting in RequestSettings.All)
        {
            if (form[setting.Key].ToString() is { Length: > 0 } text)
            {
                settings.Add(setting, setting.Parse(text));
            }
        }

        var shared = new InpaintRequest
        {
            Hole = form[Hole].ToString() is { Length: > 0 } hole ? HoleBox.Parse(hole) : null,
            Settings = settings.ApplyTo(new RequestSettings()),
        };
        var requests = new List<InpaintRequest>();
        for (int i = 0; i < images.Count; i++)
        {
            requests.Add(shared with
            {
                Name = maxPhotos == 1 ? shared.Name
                    : images[i].FileName is { Length: > 0 and <= 200 } path ? Path.GetFileName(path)
                    : $"image {i}",
                Image = await ReadAsync(images[i], cancellation),
                Mask = masks.Count > 0 ? await ReadAsync(masks[i], cancellation) : null,
                Caption = captions.Length > 0 && captions[i] is { Length: > 0 } caption ? caption : null,
            });
        }

        return requests;
    }

    /// <exception cref="ServiceException">There is no such field; the message suggests one.</exception>
    public static void RequireKnown(string field)
    {
        if (!FieldNames.Contains(field))
        {
            string remedy = StrictJson.Nearest(field, FieldNames) is { } nearest
                ? $"did you mean '{nearest}'?"
                : $"expected {string.Join(", ", FieldNames)}.";
            throw new ServiceException(ErrorKind.BadRequest, $"The request has an unknown field '{RequestBody.Shorten(field)}'; {remedy}");
        }
    }

    // Rejects unknown fields, files in place of text, text in place of files, and repeated fields.
    private static void CheckFields(IFormCollection form, string[] repeatable)
    {
        foreach (string name in form.Keys.Concat(form.Files.Select(f => f.Name)))
        {
            RequireKnown(name);
        }

        if (form.Keys.FirstOrDefault(Files.Contains) is { } text)
        {
            InpaintingStatus status = text == Mask ? InpaintingStatus.BadMask : InpaintingStatus.BadPhoto;
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

    private static ServiceException Malformed(InpaintingStatus status, string message) => new(ErrorKind.Malformed(status), message);
}
