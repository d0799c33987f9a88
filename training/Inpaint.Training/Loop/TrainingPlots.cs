using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace Inpaint.Training.Loop;

/// <summary>Plots of a run as SVG: losses and validation figures.</summary>
internal static class TrainingPlots
{
    /// <summary>The plot of the discriminator.</summary>
    public const string AdversarialFileName = "adversarial.svg";

    private const int Width = 720, Height = 360;

    /// <summary>Writes <c>loss.svg</c> and <c>valid.svg</c>, and <c>adversarial.svg</c> if there is a discriminator.</summary>
    public static void Write(RunFolder run, MetricsLog log)
    {
        Save(run, log, "loss.svg", "Loss", "train", ["loss", "reconstruction"], "loss");
        Save(run, log, "valid.svg", "Validation", "valid", ["hole_psnr"], "dB");
        Save(run, log, AdversarialFileName, "Accuracy of the discriminator", "train", ["real_right", "fill_right"], "accuracy");
    }

    private static void Save(RunFolder run, MetricsLog log, string file, string title, string kind, string[] names, string unit)
    {
        var model = new PlotModel { Title = title, PlotType = PlotType.XY, Background = OxyColors.White };
        model.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, Title = "epoch", MajorGridlineStyle = LineStyle.Dot });
        model.Axes.Add(new LinearAxis { Position = AxisPosition.Left, Title = unit, MajorGridlineStyle = LineStyle.Dot });
        model.Legends.Add(new Legend { LegendPosition = LegendPosition.RightTop });
        foreach (string name in names)
        {
            DataPoint[] points =
                [.. log.Lines.Where(l => l.Kind == kind && l.Values.ContainsKey(name)).Select(l => new DataPoint(l.Epoch, l.Values[name]))];
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
