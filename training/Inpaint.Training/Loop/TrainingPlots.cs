using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace Inpaint.Training;

/// <summary>Plots of a run as SVG: the losses, and the figures on valid.</summary>
internal static class TrainingPlots
{
    /// <summary>The plot of a discriminator.</summary>
    public const string AdversarialFileName = "adversarial.svg";

    private const int Width = 720, Height = 360;

    /// <summary>Writes <c>loss.svg</c> and <c>valid.svg</c>, and <c>adversarial.svg</c> where there is a discriminator.</summary>
    public static void Write(RunFolder run, MetricsLog log)
    {
        Save(run, log, "loss.svg", "Loss", "train", ["loss", "reconstruction"], smallestLabel: "loss");
        Save(run, log, "valid.svg", "On valid", "valid", ["hole_psnr"], smallestLabel: "dB");
        Save(run, log, AdversarialFileName, "Share that the discriminator gets right", "train", ["real_right", "fill_right"], smallestLabel: "share");
    }

    private static void Save(RunFolder run, MetricsLog log, string file, string title, string kind, string[] names, string smallestLabel)
    {
        var model = new PlotModel { Title = title, PlotType = PlotType.XY, Background = OxyColors.White };
        model.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, Title = "epoch", MajorGridlineStyle = LineStyle.Dot });
        model.Axes.Add(new LinearAxis { Position = AxisPosition.Left, Title = smallestLabel, MajorGridlineStyle = LineStyle.Dot });
        model.Legends.Add(new Legend { LegendPosition = LegendPosition.RightTop });
        foreach (string name in names)
        {
            DataPoint[] points = [.. log.Lines.Where(l => l.Kind == kind && l.Values.ContainsKey(name)).Select(l => new DataPoint(l.Epoch, l.Values[name]))];
            if (points.Length > 0)
            {
                var line = new LineSeries { Title = name };
                line.Points.AddRange(points);
                model.Series.Add(line);
            }
        }

        if (model.Series.Count == 0)
        {
            return;
        }

        using FileStream stream = File.Create(run.In(file));
        new SvgExporter { Width = Width, Height = Height }.Export(model, stream);
    }
}
