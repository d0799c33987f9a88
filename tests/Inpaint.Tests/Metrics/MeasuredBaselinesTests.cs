using System.IO.Compression;
using Inpaint.Evaluation.Baselines;
using Inpaint.Evaluation.Metrics;
using Inpaint.TestSupport;

namespace Inpaint.Tests.Metrics;

/// <summary>
/// The baselines on real photographs, against figures measured by other programs. Those ignored the colour profiles that
/// 15 of the test photos carry; converting them to sRGB adds 0.00003 to the test split's error, within the tolerance.
/// </summary>
public sealed class MeasuredBaselinesTests
{
    private static readonly Hole Centre = Hole.Rectangle(new PixelRect(16, 16, 32, 32));

    [Theory]
    [InlineData("photos64/test.zip", 800, 0.03795)]
    [InlineData("photos64/valid.zip", 772, 0.04050)]
    public void The_membrane_has_the_measured_error(string zip, int photos, double mse)
    {
        FillScores scores = ScoreMembrane(Places.SharedData(zip));
        Assert.Equal(photos, scores.Photos);
        Assert.Equal(mse, scores["hole_mse"]!.Value, 0.00005);
        Assert.Equal(-10 * Math.Log10(mse), scores["hole_psnr"]!.Value, 0.006);
        Assert.True(scores["hole_psnr_mean"]!.Value > scores["hole_psnr"]!.Value);
        Assert.InRange(scores["sharpness"]!.Value, 0.05, 0.5);
        Assert.InRange(scores["spectrum"]!.Value, 0.5, 5);
        Assert.InRange(scores["spread"]!.Value, 0.5, 1);
        double[] depth = [.. Metric.All.Where(m => m.DepthBand is not null).Select(m => scores[m]!.Value)];
        Assert.Equal(depth.Order(), depth);
    }

    private static FillScores ScoreMembrane(string zip)
    {
        var scorer = new FillScorer();
        using ZipArchive archive = ZipFile.OpenRead(zip);
        foreach (ZipArchiveEntry entry in archive.Entries.Where(e => e.Length > 0).OrderBy(e => e.FullName, StringComparer.Ordinal))
        {
            using Stream stream = entry.Open();
            var bytes = new byte[entry.Length];
            stream.ReadExactly(bytes);
            Photo truth = PhotoCodec.Decode(bytes, name: entry.FullName), completed = truth.Clone();
            MembraneFill.Apply(completed, Centre);
            scorer.Add(truth, completed, Centre);
        }

        return scorer.Result();
    }
}
