using System.Reflection;
using System.Text;
using System.Xml.Linq;
using Inpaint.Evaluation;
using Inpaint.Evaluation.Metrics;

namespace Inpaint.Cli.Evaluate;

/// <summary>An evaluation as one self-contained page: tables, plots, protocol, and a sheet of fills.</summary>
internal static class EvaluationReport
{
    private const string FileName = "report.html";
    private const string StyleSheet = "report.css";

    /// <summary>Writes the page atomically and returns its path; an existing page is replaced.</summary>
    /// <param name="folder">Created when it does not exist.</param>
    /// <param name="result">The figures.</param>
    /// <param name="photos">The photos to show.</param>
    public static string Write(string folder, EvaluationResult result, IReadOnlyList<EvaluatedPhoto> photos)
    {
        string path = Path.Combine(folder, FileName);
        AtomicFile.Write(path,
            Encoding.UTF8.GetBytes($"<!DOCTYPE html>\n{Page(result, photos).ToString(SaveOptions.DisableFormatting)}\n"));
        return path;
    }

    private static XElement Page(EvaluationResult result, IReadOnlyList<EvaluatedPhoto> photos)
    {
        IReadOnlyList<ScoreRow> rows = ScoreRow.Of(result);
        string title = $"Fills of {result.Protocol.Dataset}";
        return new XElement(
            "html",
            new XAttribute("lang", "en"),
            new XElement(
                "head",
                new XElement("meta", new XAttribute("charset", "utf-8")),
                new XElement("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
                new XElement("meta", new XAttribute("http-equiv", "Content-Security-Policy"),
                    new XAttribute("content", "default-src 'none'; img-src data:; style-src 'unsafe-inline'")),
                new XElement("title", ReportSheet.Printable(title)),
                new XElement("style", ReadStyle())),
            new XElement(
                "body",
                new XElement("h1", ReportSheet.Printable(title)),
                new XElement("p", new XAttribute("class", "lead"),
                    $"{string.Join(", ", result.Graphs.Keys)} and the baselines, all on the same photos."),
                ScoreTable(rows),
                CaptionTable(result),
                new XElement("h2", "Plots"),
                Legend(rows),
                Plots(rows),
                new XElement("h2", "Protocol"),
                Lines(EvaluationText.ProtocolLines(result)),
                new XElement("h2", "Figures"),
                new XElement("dl", ScoreRow.Columns(rows).SelectMany(
                    c => new[] { new XElement("dt", c.Title), new XElement("dd", c.Meaning) })),
                ReportSheet.Make(photos),
                BadPhotos(result)));
    }

    private static XElement ScoreTable(IReadOnlyList<ScoreRow> rows)
    {
        IReadOnlyList<Metric> columns = ScoreRow.Columns(rows);
        return Wide(new XElement(
            "table",
            new XElement("thead",
                new XElement("tr", new XElement("th", ""),
                columns.Select(c => new XElement("th", new XAttribute("title", c.Meaning), c.Title)))),
            new XElement("tbody", rows.Select(row => new XElement(
                "tr",
                new XAttribute("class", row.IsGraph ? "graph" : "baseline"),
                new XElement("td", row.Label),
                row.Cells(columns).Select(cell => new XElement("td", cell)))))));
    }

    private static XElement[] CaptionTable(EvaluationResult result)
    {
        string[][] rows = [.. EvaluationText.CaptionRows(result)];
        return rows.Length == 0
            ? []
            :
            [
                new XElement("h2", "Effect of captions"),
                new XElement("p", "Error with a photo's own captions, another photo's, and none. "
                    + "A difference whose 95 % interval is above 0 means that captions help."),
                Wide(new XElement(
                    "table",
                    new XElement("thead",
                        new XElement("tr", new XElement("th", ""), EvaluationText.CaptionHeadings.Select(h => new XElement("th", h)))),
                    new XElement("tbody", rows.Select(row => new XElement("tr", row.Select(cell => new XElement("td", cell))))))),
            ];
    }

    private static XElement Legend(IReadOnlyList<ScoreRow> rows) => new(
        "p",
        new XAttribute("class", "legend"),
        rows.Select((row, i) => new XElement(
            "span",
            new XElement("i", new XAttribute("style",
                $"border-color: var({ReportPlots.Variable(i)}); border-style: {(row.IsGraph ? "solid" : "dashed")}"), ""),
            row.Label)));

    private static XElement Plots(IReadOnlyList<ScoreRow> rows)
    {
        var plots = new List<XElement>();
        if (Metric.All.Any(m => m.DepthBand is not null && rows.Any(r => r.Scores[m] is not null)))
        {
            plots.Add(ReportPlots.Depth(rows));
        }

        plots.Add(ReportPlots.Histogram(rows));
        plots.AddRange(ScoreRow.Columns(rows).Where(m => m.ChartTitle is not null).Select(m => ReportPlots.Bars(m, rows)));
        return new XElement("div", new XAttribute("class", "plots"), plots.Select(p => new XElement("figure", p)));
    }

    private static XElement[] BadPhotos(EvaluationResult result) => result.BadPhotos.Count == 0
        ? []
        : [new XElement("h2", "Bad photos"), Lines(result.BadPhotos.Select(b => $"{b.Id}: {b.Error}"))];

    private static XElement Lines(IEnumerable<string> lines) =>
        new("ul", lines.Select(line => new XElement("li", ReportSheet.Printable(line))));

    private static XElement Wide(XElement table) => new("div", new XAttribute("class", "wide"), table);

    private static string ReadStyle()
    {
        using Stream style = Assembly.GetExecutingAssembly().GetManifestResourceStream(StyleSheet)!;
        using var reader = new StreamReader(style);
        return reader.ReadToEnd();
    }
}
