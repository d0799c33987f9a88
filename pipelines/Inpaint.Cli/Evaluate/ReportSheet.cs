using System.Text;
using System.Xml;
using System.Xml.Linq;
using Inpaint.Cli.Score;
using Inpaint.Evaluation;
using Inpaint.ML.Rows;

namespace Inpaint.Cli.Evaluate;

/// <summary>The report's sheet: photos with their hole and every fill, as images embedded in the page.</summary>
internal static class ReportSheet
{
    private const byte HoleGrey = 128;
    private const int LongestSide = 192;

    /// <summary>One table per size that photos were evaluated at.</summary>
    public static IEnumerable<XElement> Make(IReadOnlyList<EvaluatedPhoto> photos)
    {
        if (photos.Count == 0)
        {
            yield break;
        }

        yield return new XElement("h2", "Sheet");
        for (int p = 0; p < photos[0].Pictures.Count; p++)
        {
            int size = p;
            EvaluatedPicture first = photos[0].Pictures[p];
            yield return new XElement("p", new XAttribute("class", "note"),
                $"{photos.Count} photos, spread over the dataset, at {first.Picture}.");
            yield return new XElement(
                "div",
                new XAttribute("class", "wide"),
                new XElement(
                    "table",
                    new XAttribute("class", "sheet"),
                    new XElement("thead",
                        new XElement("tr", new[] { "", "truth", "hole" }.Concat(first.Fills.Select(f => f.Key))
                        .Select(h => new XElement("th", h)))),
                    new XElement("tbody", photos.Select(photo => Row(photo, photo.Pictures[size])))));
        }
    }

    /// <summary>The text with characters that XML does not allow, which file names may contain, replaced by U+FFFD.</summary>
    public static string Printable(string text)
    {
        var printable = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i]))
            {
                printable.Append(text, i++, 2);
            }
            else
            {
                printable.Append(XmlConvert.IsXmlChar(text[i]) ? text[i] : '\uFFFD');
            }
        }

        return printable.ToString();
    }

    private static XElement Row(EvaluatedPhoto photo, EvaluatedPicture picture) => new(
        "tr",
        new XElement("td", new XAttribute("class", "words"), Printable(string.Join(" ", photo.Captions.Take(1).Prepend($"{photo.Id}.")))),
        Cell(picture.Truth, $"{photo.Id}, truth"),
        Cell(Hide(picture), $"{photo.Id}, hole"),
        picture.Fills.Select(fill => Cell(fill.Value, $"{photo.Id}, {fill.Key}")));

    private static XElement Cell(Photo photo, string words) => new(
        "td",
        new XElement(
            "img",
            new XAttribute("alt", Printable(words)),
            new XAttribute("src", $"data:image/png;base64,{Convert.ToBase64String(PhotoCodec.Encode(Shrink(photo)))}")));

    private static Photo Shrink(Photo photo)
    {
        double scale = (double)LongestSide / Math.Max(photo.Width, photo.Height);
        return scale >= 1 ? photo
            : WindowSampler.Resize(photo, Math.Max(1, (int)(photo.Width * scale)), Math.Max(1, (int)(photo.Height * scale)));
    }

    private static Photo Hide(EvaluatedPicture picture)
    {
        Photo hidden = picture.Truth.Clone();
        PixelRect hole = picture.Hole.Bounds;
        for (int y = hole.Y; y < hole.Bottom; y++)
        {
            for (int x = hole.X; x < hole.Right; x++)
            {
                if (picture.Hole.IsHidden(x, y))
                {
                    hidden.Pixels.Slice(4 * ((y * hidden.Width) + x), 3).Fill(HoleGrey);
                }
            }
        }

        return hidden;
    }
}
