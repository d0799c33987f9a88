using Inpaint.Evaluation.Metrics;

namespace Inpaint.Tests.Metrics;

/// <summary>Compared with the definition as four nested loops, and with values computed by hand.</summary>
public sealed class StructuralSimilarityTests
{
    [Theory]
    [InlineData(64, 64, 16, 16, 32, 32)]
    [InlineData(40, 31, 0, 5, 23, 26)]
    [InlineData(23, 50, 11, 30, 12, 11)]
    [InlineData(30, 30, 12, 12, 3, 4)]
    [InlineData(11, 11, 0, 0, 11, 11)]
    [InlineData(12, 14, 11, 13, 1, 1)]
    public void It_matches_the_definition(int width, int height, int x, int y, int holeWidth, int holeHeight)
    {
        var hole = new PixelRect(x, y, holeWidth, holeHeight);
        Photo truth = RandomPhotos.Make(width, height, 1), completed = RandomPhotos.Refill(truth, hole, 2);
        FillScores scores = RandomPhotos.Score(truth, completed, hole);
        Assert.Equal(ByDefinition(truth, completed), scores["whole_ssim"]!.Value, 1e-11);
        if (Math.Min(holeWidth, holeHeight) >= 11)
        {
            Assert.Equal(ByDefinition(truth.Crop(hole), completed.Crop(hole)), scores["hole_ssim"]!.Value, 1e-11);
        }
    }

    [Fact]
    public void For_any_hole_it_is_the_mean_over_the_completely_hidden_windows()
    {
        (Photo truth, Photo completed) = AnyHoleTests.Pair(AnyHoleTests.L, 9);
        var hidden = new List<double>();
        for (int y = 5; y < truth.Height - 5; y++)
        {
            for (int x = 5; x < truth.Width - 5; x++)
            {
                if (Enumerable.Range(-5, 11).All(dy => Enumerable.Range(-5, 11).All(dx => AnyHoleTests.L.IsHidden(x + dx, y + dy))))
                {
                    hidden.AddRange(Enumerable.Range(0, 3).Select(c => OneWindow(truth, completed, x, y, c)));
                }
            }
        }

        FillScores scores = RandomPhotos.Score(truth, completed, AnyHoleTests.L);
        Assert.Equal(hidden.Average(), scores["hole_ssim"]!.Value, 1e-11);
        Assert.Equal(ByDefinition(truth, completed), scores["whole_ssim"]!.Value, 1e-11);
    }

    [Fact]
    public void Flat_pictures_are_compared_by_brightness()
    {
        // No variance: (2 p q + C1) / (p² + q² + C1), here p = 0.2, q = 0.6.
        Photo truth = RandomPhotos.Grey(11, 11, 51), completed = RandomPhotos.Grey(11, 11, 153);
        Assert.Equal((0.24 + 0.0001) / (0.4 + 0.0001),
            RandomPhotos.Score(truth, completed, new PixelRect(0, 0, 11, 11))["hole_ssim"]!.Value, 1e-12);
    }

    [Fact]
    public void Photos_are_averaged_after_their_windows()
    {
        var scorer = new FillScorer();
        double sum = 0;
        foreach (int side in new[] { 11, 20 })
        {
            var hole = new PixelRect(0, 0, side, side);
            Photo truth = RandomPhotos.Make(side, side, side), completed = RandomPhotos.Make(side, side, side + 1, limit: 60);
            scorer.Add(truth, completed, Hole.Rectangle(hole));
            sum += ByDefinition(truth, completed);
        }

        Assert.Equal(sum / 2, scorer.Result()["hole_ssim"]!.Value, 1e-11);
    }

    private static double ByDefinition(Photo a, Photo b)
    {
        double total = 0;
        int windows = 0;
        for (int c = 0; c < 3; c++)
        {
            for (int y = 5; y < a.Height - 5; y++)
            {
                for (int x = 5; x < a.Width - 5; x++)
                {
                    total += OneWindow(a, b, x, y, c);
                    windows++;
                }
            }
        }

        return total / windows;
    }

    private static double OneWindow(Photo a, Photo b, int x, int y, int c)
    {
        double weights = 0, meanA = 0, meanB = 0;
        void ForEach(Action<double, double, double> use)
        {
            for (int dy = -5; dy <= 5; dy++)
            {
                for (int dx = -5; dx <= 5; dx++)
                {
                    int i = 4 * ((y + dy) * a.Width + x + dx) + c;
                    use(Math.Exp(-(dx * dx + dy * dy) / 4.5), a.Pixels[i] / 255.0, b.Pixels[i] / 255.0);
                }
            }
        }

        ForEach((w, p, q) => (weights, meanA, meanB) = (weights + w, meanA + w * p, meanB + w * q));
        meanA /= weights;
        meanB /= weights;
        double varianceA = 0, varianceB = 0, covariance = 0;
        ForEach((w, p, q) =>
        {
            varianceA += w * (p - meanA) * (p - meanA) / weights;
            varianceB += w * (q - meanB) * (q - meanB) / weights;
            covariance += w * (p - meanA) * (q - meanB) / weights;
        });
        return (2 * meanA * meanB + 1e-4) * (2 * covariance
            + 9e-4) / ((meanA * meanA + meanB * meanB + 1e-4) * (varianceA + varianceB + 9e-4));
    }
}
