using Inpaint.Evaluation.Metrics;

namespace Inpaint.Tests.Metrics;

public sealed class FillScorerTests
{
    private static readonly PixelRect Centre = new(16, 16, 32, 32);

    [Fact]
    public void Errors_are_pooled_over_pixels_and_psnr_is_also_averaged()
    {
        // Photo 1: all of a 2x2 hole is off by 51 (0.2): mse 0.04. Photo 2: one of the 12 samples is off by 102 (0.4): mse 0.16 / 12.
        var hole = new PixelRect(1, 1, 2, 2);
        Photo truth = RandomPhotos.Grey(4, 4, 100);
        Photo first = truth.Clone(), second = truth.Clone();
        RandomPhotos.Set(first, hole, 151);
        second.Pixels[4 * (2 * 4 + 1)] = 202;
        var scorer = new FillScorer();
        scorer.Add(truth, first, Hole.Rectangle(hole));
        scorer.Add(truth, second, Hole.Rectangle(hole));
        FillScores scores = scorer.Result();

        double mse1 = 0.04, mse2 = 0.16 / 12;
        Assert.Equal(2, scores.Photos);
        Assert.Equal((mse1 + mse2) / 2, scores["hole_mse"]!.Value, 1e-12);
        Assert.Equal(-10 * Math.Log10((mse1 + mse2) / 2), scores["hole_psnr"]!.Value, 1e-9);
        Assert.Equal((13.9794000867204 + 18.7506126339170) / 2, scores["hole_psnr_mean"]!.Value, 1e-9);
        Assert.Equal(100 * (12 * 0.2 + 0.4) / 24, scores["hole_l1"]!.Value, 1e-9);
        Assert.Equal(-10 * Math.Log10((4 * mse1 + 4 * mse2) / 32), scores["whole_psnr"]!.Value, 1e-9);
        Assert.Equal([mse1, mse2], scores.PhotoErrors.Select(e => Math.Round(e, 14)), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void A_perfect_fill_has_the_metrics_of_the_original()
    {
        var scorer = new FillScorer();
        for (int i = 0; i < 3; i++)
        {
            Photo photo = RandomPhotos.Make(64, 64, i);
            scorer.Add(photo, photo.Clone(), Hole.Rectangle(Centre));
        }

        FillScores scores = scorer.Result();
        Assert.Equal((0, 100, 100, 100, 0),
            (scores["hole_mse"]!.Value, scores["hole_psnr"]!.Value, scores["hole_psnr_mean"]!.Value, scores["whole_psnr"]!.Value,
            scores["hole_l1"]!.Value));
        Assert.Equal((1.0, 1.0, 0.0), (scores["sharpness"]!.Value, scores["seam"]!.Value, scores["spectrum"]!.Value));
        Assert.Equal(1, scores["hole_ssim"]!.Value, 1e-12);
        Assert.Equal(1, scores["whole_ssim"]!.Value, 1e-12);
        Assert.Equal(1, scores["spread"]);
    }

    [Fact]
    public void Depth_is_the_distance_from_the_nearest_edge_of_the_hole()
    {
        // Ring d (1..16 from the edge) of the 32x32 hole is off by 15 * d grey levels and has 4 * (33 - 2d) - 4 pixels.
        Photo truth = new(64, 64), completed = new(64, 64);
        for (int d = 1; d <= 16; d++)
        {
            RandomPhotos.Set(completed, new PixelRect(15 + d, 15 + d, 34 - 2 * d, 34 - 2 * d), (byte)(15 * d));
        }

        var expected = new (string Name, int First, int Last)[] { ("1-2", 1, 2), ("3-4", 3, 4), ("5-8", 5, 8), ("9-12", 9, 12),
            ("13-16", 13, 16) };
        FillScores scores = RandomPhotos.Score(truth, completed, Centre);
        Assert.Equal(expected.Select(e => e.Name), Bands(scores));
        for (int i = 0; i < expected.Length; i++)
        {
            double sum = 0, pixels = 0;
            for (int d = expected[i].First; d <= expected[i].Last; d++)
            {
                double ring = 4 * (33 - 2 * d);
                sum += ring * Math.Pow(15 * d / 255.0, 2);
                pixels += ring;
            }

            Assert.Equal(sum / pixels, scores["depth_" + expected[i].Name]!.Value, 1e-12);
        }
    }

    [Theory]
    [InlineData(4, 4, new[] { "1-2" })]
    [InlineData(5, 9, new[] { "1-2", "3-4" })]
    [InlineData(17, 40, new[] { "1-2", "3-4", "5-8", "9-12" })]
    public void Depths_beyond_a_small_hole_are_absent(int width, int height, string[] names)
    {
        Photo photo = new(64, 64);
        Assert.Equal(names, Bands(RandomPhotos.Score(photo, photo, new PixelRect(3, 3, width, height))));
    }

    [Fact]
    public void Sharpness_is_the_ratio_of_the_sums_of_steps_in_the_hole()
    {
        // Truth in a 3x2 hole: 0 10 30 / 5 5 5, steps 10+20 across, 5+5+25 down: 65. Fill: 0 0 13 / 0 0 13: 13+13 across, 0 down: 26.
        Photo truth = RandomPhotos.Grey(5, 4, 200), completed = truth.Clone();
        byte[] truths = [0, 10, 30, 5, 5, 5], fills = [0, 0, 13, 0, 0, 13];
        for (int i = 0; i < 6; i++)
        {
            RandomPhotos.Set(truth, 1 + i % 3, 1 + i / 3, truths[i]);
            RandomPhotos.Set(completed, 1 + i % 3, 1 + i / 3, fills[i]);
        }

        Assert.Equal(26.0 / 65, RandomPhotos.Score(truth, completed, new PixelRect(1, 1, 3, 2))["sharpness"]!.Value, 1e-12);
    }

    [Fact]
    public void The_seam_is_the_ratio_of_the_steps_across_the_edge()
    {
        // Known 100. A 2x2 hole has 8 steps, two a pixel. Truth 110 everywhere: 80. Fill 100, 102, 104, 106: 2 * (0+2+4+6) = 24.
        Photo truth = RandomPhotos.Grey(4, 4, 100);
        var hole = new PixelRect(1, 1, 2, 2);
        RandomPhotos.Set(truth, hole, 110);
        Photo completed = truth.Clone();
        for (int i = 0; i < 4; i++)
        {
            RandomPhotos.Set(completed, 1 + i % 2, 1 + i / 2, (byte)(100 + 2 * i));
        }

        Assert.Equal(0.3, RandomPhotos.Score(truth, completed, hole)["seam"]!.Value, 1e-12);
    }

    [Fact]
    public void Sides_on_the_edge_of_the_photo_have_no_seam()
    {
        // The hole is the left half of a 4x2 photo: steps on its right side alone, at x = 2. Truth 10 and 10, fill 4 and 2.
        Photo truth = RandomPhotos.Grey(4, 2, 100);
        var hole = new PixelRect(0, 0, 2, 2);
        RandomPhotos.Set(truth, hole, 110);
        Photo completed = truth.Clone();
        RandomPhotos.Set(completed, hole, 0);
        RandomPhotos.Set(completed, 1, 0, 104);
        RandomPhotos.Set(completed, 1, 1, 102);
        Assert.Equal(6.0 / 20, RandomPhotos.Score(truth, completed, hole)["seam"]!.Value, 1e-12);
        Assert.Null(RandomPhotos.Score(truth, completed, new PixelRect(0, 0, 4, 2))["seam"]);
    }

    [Fact]
    public void Spread_compares_each_photo_with_the_eight_before_it()
    {
        // Photo i has the grey truth t(i) and the grey fill f(i); pairs (i, j) with 1 <= i - j <= 8.
        var random = new Random(3);
        int[] t = [.. Enumerable.Range(0, 20).Select(_ => random.Next(256))],
            f = [.. Enumerable.Range(0, 20).Select(_ => random.Next(256))];
        var hole = new PixelRect(1, 1, 3, 2);
        var scorer = new FillScorer();
        double truths = 0, fills = 0;
        for (int i = 0; i < t.Length; i++)
        {
            Photo truth = new(5, 4), completed = new(5, 4);
            RandomPhotos.Set(truth, hole, (byte)t[i]);
            RandomPhotos.Set(completed, hole, (byte)f[i]);
            scorer.Add(truth, completed, Hole.Rectangle(hole));
            for (int j = Math.Max(0, i - 8); j < i; j++)
            {
                truths += Math.Abs(t[i] - t[j]);
                fills += Math.Abs(f[i] - f[j]);
            }
        }

        Assert.Equal(fills / truths, scorer.Result()["spread"]!.Value, 1e-12);
    }

    [Fact]
    public void The_same_fill_for_every_photo_has_no_spread()
    {
        var scorer = new FillScorer();
        for (int i = 0; i < 4; i++)
        {
            Photo truth = RandomPhotos.Make(64, 64, i);
            scorer.Add(truth, RandomPhotos.Refill(truth, Centre, 99), Hole.Rectangle(Centre));
        }

        Assert.Equal(0, scorer.Result()["spread"]);
    }

    [Fact]
    public void Scores_are_written_with_the_keys_of_the_protocol()
    {
        Photo truth = RandomPhotos.Make(64, 64, 1);
        string json = RandomPhotos.Score(truth, RandomPhotos.Refill(truth, Centre, 2), Centre).ToJson().ToJsonString();
        using var document = System.Text.Json.JsonDocument.Parse(json);
        Assert.Equal(
            ["photos", "hole_mse", "hole_psnr", "hole_psnr_mean", "hole_l1", "hole_ssim", "whole_psnr", "whole_ssim", "depth", "sharpness",
                "spectrum", "seam", "spread"],
            document.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal("1-2", document.RootElement.GetProperty("depth")[0].GetProperty("name").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, document.RootElement.GetProperty("spread").ValueKind);
    }

    [Fact]
    public void A_hole_narrower_than_the_window_has_no_ssim()
    {
        Photo photo = RandomPhotos.Make(20, 20, 1);
        FillScores scores = RandomPhotos.Score(photo, photo, new PixelRect(4, 4, 10, 12));
        Assert.Null(scores["hole_ssim"]);
        Assert.NotNull(scores["whole_ssim"]);
        Assert.Contains("\"hole_ssim\":null", scores.ToJson().ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_pixel_outside_the_hole_is_an_error_with_its_position()
    {
        Photo truth = RandomPhotos.Make(64, 64, 1);
        foreach ((int x, int y) in new[] { (3, 0), (15, 20), (48, 47), (63, 63) })
        {
            Photo completed = truth.Clone();
            completed.Pixels[4 * (y * 64 + x) + 1] ^= 1;
            var scorer = new FillScorer();
            var error = Assert.Throws<ArgumentException>(() => scorer.Add(truth, completed, Hole.Rectangle(Centre)));
            Assert.Contains($"column {x}, row {y}", error.Message, StringComparison.Ordinal);
            Assert.Throws<InvalidOperationException>(() => scorer.Result());
        }
    }

    [Fact]
    public void Different_sizes_and_holes_beyond_the_photo_are_errors()
    {
        var scorer = new FillScorer();
        Assert.Throws<ArgumentException>(() => scorer.Add(new Photo(4, 4), new Photo(4, 5), Hole.Rectangle(new PixelRect(1, 1, 2, 2))));
        Assert.Throws<PhotoException>(() => scorer.Add(new Photo(4, 4), new Photo(4, 4), Hole.Rectangle(new PixelRect(3, 1, 2, 2))));
        Assert.Throws<ArgumentException>(() => scorer.Add(new Photo(4, 4), new Photo(4, 4), Hole.FromMask(new Mask(4, 4))));
    }

    private static IEnumerable<string> Bands(FillScores scores) => Metric.All.Where(m => m.DepthBand is not null && scores[m] is not null)
        .Select(m => m.DepthBand!);
}
