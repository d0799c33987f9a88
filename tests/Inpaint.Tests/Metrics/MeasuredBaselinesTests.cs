using System.IO.Compression;
using Inpaint.Evaluation.Metrics;
using Inpaint.Holes;
using Inpaint.Photos;
using Inpaint.TestSupport;

namespace Inpaint.Tests;

/// <summary>
/// The baselines on real photographs, against figures measured by other programs. Those ignored the colour profiles that
/// 15 of the test photos carry; converting them to sRGB adds 0.00003 to the test split's error, within the tolerance.
/// </summary>
public sealed class MeasuredBaselinesTests
{
    private static readonly PixelRect Hole = new(16, 16, 32, 32);

    [Theory]
    [InlineData("photos64/test.zip", 800, 0.03795)]
    [InlineData("photos64/valid.zip", 772, 0.04050)]
    public void The_membrane_has_the_measured_error(string zip, int photos, double mse)
    {
        FillScores scores = ScoreMembrane(Places.SharedData(zip));
        Assert.Equal(photos, scores.Photos);
        Assert.Equal(mse, scores.HoleMse, 0.00005);
        Assert.Equal(-10 * Math.Log10(mse), scores.HolePsnr, 0.006);
        Assert.True(scores.HolePsnrMean > scores.HolePsnr);
        Assert.InRange(scores.Sharpness!.Value, 0.05, 0.5);
        Assert.InRange(scores.Spectrum!.Value, 0.5, 5);
        Assert.InRange(scores.Spread!.Value, 0.5, 1);
        double[] depth = [.. scores.Depth.Select(band => band.Mse)];
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
            MembraneFill.Apply(completed, Hole);
            scorer.Add(truth, completed, Hole);
        }

        return scorer.Result();
    }
}
