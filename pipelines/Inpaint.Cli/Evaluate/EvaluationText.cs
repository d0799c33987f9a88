using System.Globalization;
using Inpaint.CommandLine;
using Inpaint.Evaluation;
using Inpaint.Evaluation.Metrics;
using Spectre.Console;

namespace Inpaint.Cli.Evaluate;

/// <summary>An evaluation on the terminal: tables, followed by the protocol.</summary>
internal static class EvaluationText
{
    private const int NamedBadPhotos = 10;

    public static void Write(IAnsiConsole console, EvaluationResult result)
    {
        IReadOnlyList<ScoreRow> rows = ScoreRow.Of(result);
        IReadOnlyList<Metric> columns = ScoreRow.Columns(rows);
        Table scores = MakeTable("", columns.Select(metric => metric.Title));
        foreach (ScoreRow row in rows)
        {
            string name = Markup.Escape(row.Label);
            scores.AddRow([row.IsGraph ? $"[bold]{name}[/]" : $"[grey]{name}[/]", .. row.Cells(columns)]);
        }

        console.Write(scores);
        WriteIntervals(console, rows, columns);
        if (result.Graphs.Values.Any(g => g.CaptionTest is not null))
        {
            console.Write(CaptionTable(result));
        }

        foreach (string line in ProtocolLines(result))
        {
            console.WriteLine(line);
        }
    }

    private static void WriteIntervals(IAnsiConsole console, IReadOnlyList<ScoreRow> rows, IReadOnlyList<Metric> columns)
    {
        Metric[] metrics = [.. columns.Where(m => rows.Any(r => r.Scores.Interval(m) is not null))];
        if (metrics.Length == 0)
        {
            return;
        }

        Table intervals = MakeTable("95 % interval", metrics.Select(m => m.Title));
        foreach (ScoreRow row in rows)
        {
            intervals.AddRow([Markup.Escape(row.Label), .. metrics.Select(m => Interval(m, row.Scores.Interval(m)))]);
        }

        console.Write(intervals);
    }

    private static string Interval(Metric metric, BootstrapInterval? interval) =>
        interval is { } found ? $"{metric.Text(found.Low)} to {metric.Text(found.High)}" : metric.Text(null);

    /// <summary>Warns of the photos that could not be used, by name for the first of them.</summary>
    public static void WarnOfBadPhotos(Terminal terminal, EvaluationResult result)
    {
        foreach (UnscoredPhoto bad in result.BadPhotos.Take(NamedBadPhotos))
        {
            terminal.Warn(bad.Error.Contains(bad.Id, StringComparison.Ordinal) ? bad.Error : $"{bad.Id}: {bad.Error}");
        }

        if (result.BadPhotos.Count > NamedBadPhotos)
        {
            terminal.Warn(string.Create(CultureInfo.InvariantCulture,
                $"... and {result.BadPhotos.Count - NamedBadPhotos:N0} more bad photos."));
        }
    }

    public static IEnumerable<string> ProtocolLines(EvaluationResult result)
    {
        EvaluationProtocol protocol = result.Protocol;
        string limit = protocol.Limit is { } first ? string.Create(CultureInfo.InvariantCulture, $", the first {first:N0}") : "";
        yield return string.Create(CultureInfo.InvariantCulture,
            $"{protocol.Dataset}{limit}: {result.Photos:N0} photos, {result.BadPhotos.Count:N0} bad (in no figure).");
        foreach (EvaluationPicture picture in protocol.Pictures)
        {
            IEnumerable<string> graphs = result.Graphs.Where(g => g.Value.Picture == picture).Select(g => g.Key);
            string? hidden = picture.Hole is { } hole ? DescribeHole(hole) : protocol.Holes;
            string size = picture.WholePhoto ? picture.ToString() : $"{picture.Width}x{picture.Height}";
            yield return $"Picture {size}, hole {hidden}: {string.Join(", ", graphs)}.";
        }

        yield return $"Truth: {protocol.Truth}.";
        yield return $"Fill: {protocol.Fill}.";
        foreach ((string graph, CaptionCombination combine) in protocol.Captions)
        {
            CaptionCoverage words = result.Graphs[graph].Words!.Value;
            string known = string.Create(CultureInfo.InvariantCulture, $"{words.Known:N0} of {words.Known + words.Unknown:N0}");
            yield return $"Captions of {graph}: {combine.ToString().ToLowerInvariant()}; {known} words known.";
        }
    }

    /// <summary>Such as <c>columns 16-47, rows 16-47</c>.</summary>
    public static string DescribeHole(PixelRect hole) => $"columns {hole.X}-{hole.Right - 1}, rows {hole.Y}-{hole.Bottom - 1}";

    /// <summary>The rows of the caption test: graph, place, photos, three errors, two differences with their intervals.</summary>
    public static IEnumerable<string[]> CaptionRows(EvaluationResult result)
    {
        foreach ((string name, FillEvaluation graph) in result.Graphs)
        {
            if (graph.CaptionTest is { } test)
            {
                yield return CaptionRow(name, "hole", test.Hole);
                if (test.Box is { } box)
                {
                    yield return CaptionRow(name, "box", box);
                }
            }
        }
    }

    /// <summary>The headings of the caption test's columns after the graph's.</summary>
    public static string[] CaptionHeadings { get; } = ["mse in", "photos", "true", "shuffled", "empty", "shuffled - true", "empty - true"];

    private static string[] CaptionRow(string name, string place, CaptionErrors errors) =>
    [
        name,
        place,
        errors.Photos.ToString("N0", CultureInfo.InvariantCulture),
        Number(errors.True),
        Number(errors.Shuffled),
        Number(errors.Empty),
        Interval(errors.ShuffledMinusTrue),
        Interval(errors.EmptyMinusTrue),
    ];

    private static string Number(double value) => value.ToString("0.00000", CultureInfo.InvariantCulture);

    private static string Interval(BootstrapInterval interval) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{interval.Difference:+0.00000;-0.00000} ({interval.Low:+0.00000;-0.00000} to {interval.High:+0.00000;-0.00000})");

    private static Table CaptionTable(EvaluationResult result)
    {
        Table table = MakeTable("captions", CaptionHeadings);
        foreach (string[] row in CaptionRows(result))
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        return table;
    }

    private static Table MakeTable(string first, IEnumerable<string> headings)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn(first).NoWrap());
        foreach (string heading in headings)
        {
            table.AddColumn(new TableColumn(heading).RightAligned().NoWrap());
        }

        return table;
    }
}
