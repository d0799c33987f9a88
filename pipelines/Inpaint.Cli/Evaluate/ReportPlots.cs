using System.Globalization;
using System.Xml.Linq;
using Inpaint.Evaluation.Metrics;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace Inpaint.Cli.Evaluate;

/// <summary>The report's plots as SVG. Colours are variables of the page's style sheet, so they follow its light and dark themes.</summary>
internal static class ReportPlots
{
    private const double PlotWidth = 560, PlotHeight = 320;

    // The plotting library guesses the reader's font; margins leave room for a wide one.
    private const double LetterWidth = 7.5;
    private const int LongestLabel = 30;
    private const int Colours = 8;

    // Placeholders that the plotting library can write; each is replaced by a variable of the style sheet.
    private static readonly OxyColor Ink = OxyColor.FromRgb(1, 2, 3), Faint = OxyColor.FromRgb(1, 2, 4);

    private static readonly (OxyColor Placeholder, string Variable)[] Palette =
        [(Ink, "--ink"), (Faint, "--line"), .. Enumerable.Range(0, Colours).Select(i => (Colour(i), Variable(i)))];

    /// <summary>Error by distance from the hole's edge, one line per row.</summary>
    public static XElement Depth(IReadOnlyList<ScoreRow> rows)
    {
        PlotModel model = Make("Error by distance from the hole's edge");
        Metric[] metrics = [.. Metric.All.Where(m => m.DepthBand is not null && rows.Any(r => r.Scores[m] is not null))];
        string[] bands = [.. metrics.Select(m => m.DepthBand!)];
        model.Axes.Add(Styled(
            new CategoryAxis { Position = AxisPosition.Bottom, Title = "pixels from the edge", ItemsSource = bands, Minimum = -0.5,
            Maximum = bands.Length - 0.5 }));
        model.Axes.Add(Styled(
            new LinearAxis { Position = AxisPosition.Left, Title = "mean squared error", Minimum = 0, MaximumPadding = 0.08,
            MajorGridlineStyle = LineStyle.Solid }));
        for (int i = 0; i < rows.Count; i++)
        {
            LineSeries line = Line(rows[i], i);
            line.MarkerType = MarkerType.Circle;
            line.MarkerFill = Colour(i);
            line.Points.AddRange(metrics.Select((m, x) => new DataPoint(x, rows[i].Scores[m] ?? double.NaN)));
            model.Series.Add(line);
        }

        return Draw(model);
    }

    /// <summary>Histogram of the PSNR of the photos, one line per row.</summary>
    public static XElement Histogram(IReadOnlyList<ScoreRow> rows)
    {
        const int most = 60;
        PlotModel model = Make("Photos by the PSNR of their hole");
        model.Axes.Add(Styled(new LinearAxis { Position = AxisPosition.Bottom, Title = "PSNR in dB (steps of 1)" }));
        model.Axes.Add(Styled(
            new LinearAxis { Position = AxisPosition.Left, Title = "share of the photos, %", Minimum = 0, MaximumPadding = 0.08,
            MajorGridlineStyle = LineStyle.Solid }));
        int[][] counts = [.. rows.Select(r => Count(r.Scores, most))];
        int first = counts.Min(c => Array.FindIndex(c, n => n > 0)), last = counts.Max(c => Array.FindLastIndex(c, n => n > 0));
        for (int i = 0; i < rows.Count; i++)
        {
            LineSeries line = Line(rows[i], i);
            for (int bin = first - 1; bin <= last + 1; bin++)
            {
                int count = bin >= 0 && bin < counts[i].Length ? counts[i][bin] : 0;
                line.Points.Add(new DataPoint(bin + 0.5, 100.0 * count / rows[i].Scores.PhotoErrors.Count));
            }

            model.Series.Add(line);
        }

        return Draw(model);
    }

    /// <summary>One metric as bars, with a line at 1 where that is the value of the photos themselves.</summary>
    public static XElement Bars(Metric metric, IReadOnlyList<ScoreRow> rows)
    {
        PlotModel model = Make(metric.ChartTitle!);
        double photos = metric.Direction == MetricDirection.CloserToOne ? 1 : 0;
        string[] labels = [.. rows.Select(r => Shorten(r.Label)).Reverse()];
        model.PlotMargins = new OxyThickness(16 + (LetterWidth * labels.Max(l => l.Length)), double.NaN, double.NaN, 32);
        double most = rows.Max(r => r.Scores[metric] ?? 0);
        model.Axes.Add(Styled(new CategoryAxis { Position = AxisPosition.Left, ItemsSource = labels }));
        model.Axes.Add(Styled(
            new LinearAxis { Position = AxisPosition.Bottom, Minimum = 0, Maximum = Math.Max(1.25 * most, 1.1 * photos),
            MajorGridlineStyle = LineStyle.Solid }));
        var bars = new BarSeries { LabelFormatString = "{0:0.000}", LabelPlacement = LabelPlacement.Outside, LabelMargin = 14,
            TextColor = Ink };
        for (int i = rows.Count - 1; i >= 0; i--)
        {
            // The label of an empty bar would be on the wrong side.
            bars.Items.Add(new BarItem(rows[i].Scores[metric] is { } value ? Math.Max(value, double.Epsilon) : double.NaN,
                rows.Count - 1 - i) { Color = Colour(i) });
        }

        model.Series.Add(bars);
        if (photos > 0)
        {
            model.Annotations.Add(
                new LineAnnotation { Type = LineAnnotationType.Vertical, X = photos, Color = Ink, LineStyle = LineStyle.Dash });
        }

        return Draw(model);
    }

    /// <summary>The style sheet's variable for the colour of a row.</summary>
    public static string Variable(int row) => $"--c{row % Colours}";

    private static string Shorten(string label) => label.Length > LongestLabel ? $"…{label[^(LongestLabel - 1)..]}" : label;

    private static int[] Count(FillScores scores, int most)
    {
        var counts = new int[most + 1];
        foreach (double error in scores.PhotoErrors)
        {
            counts[(int)Math.Clamp(FilledPhoto.ToPsnr(error), 0, most)]++;
        }

        return counts;
    }

    private static PlotModel Make(string title)
    {
        return new PlotModel
        {
            Title = title,
            TitleFontSize = 14,
            TitleFontWeight = 600,
            DefaultFont = "system-ui, sans-serif",
            TextColor = Ink,
            PlotAreaBorderColor = Faint,
            Culture = CultureInfo.InvariantCulture,
            PlotMargins = new OxyThickness(84, double.NaN, double.NaN, 48),
        };
    }

    private static T Styled<T>(T axis) where T : Axis
    {
        axis.AxislineColor = axis.TicklineColor = axis.MinorTicklineColor = axis.MajorGridlineColor = Faint;
        axis.TextColor = axis.TitleColor = Ink;
        axis.AxisTitleDistance = axis.Position == AxisPosition.Left ? 26 : 14;
        return axis;
    }

    private static LineSeries Line(ScoreRow row, int index) => new()
    {
        Color = Colour(index),
        StrokeThickness = row.IsGraph ? 2.5 : 1.5,
        LineStyle = row.IsGraph ? LineStyle.Solid : LineStyle.Dash,
    };

    private static OxyColor Colour(int index) => OxyColor.FromRgb(1, 3, (byte)(index % Colours));

    /// <summary>
    /// The plot as an element that scales with the page. Its ids are made unique, as the ids of all plots of a page share one namespace.
    /// </summary>
    private static XElement Draw(PlotModel model)
    {
        var exporter = new SvgExporter { Width = PlotWidth, Height = PlotHeight, IsDocument = false,
            UseVerticalTextAlignmentWorkaround = true };
        string prefix = string.Concat(model.Title.Where(char.IsAsciiLetter));
        string text = exporter.ExportToString(model)
            .Replace("id=\"clipPath", $"id=\"{prefix}", StringComparison.Ordinal)
            .Replace("url(#clipPath", $"url(#{prefix}", StringComparison.Ordinal);
        foreach ((OxyColor placeholder, string variable) in Palette)
        {
            text = text.Replace($"rgb({placeholder.R},{placeholder.G},{placeholder.B})", $"var({variable})", StringComparison.Ordinal);
        }

        XElement svg = XElement.Parse(text);
        svg.Attributes().Where(a => a.IsNamespaceDeclaration && a.Name.LocalName == "xlink").Remove();
        svg.Attribute("width")!.Remove();
        svg.Attribute("height")!.Remove();
        svg.SetAttributeValue("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {PlotWidth} {PlotHeight}"));
        svg.SetAttributeValue("role", "img");
        svg.SetAttributeValue("aria-label", model.Title);
        return svg;
    }
}
