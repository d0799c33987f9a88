using Inpaint.Evaluation.Baselines;
using Inpaint.Evaluation.Metrics;

namespace Inpaint.Tests.Metrics;

/// <summary>Metrics and baselines over non-rectangular holes, compared with their definitions.</summary>
public sealed class AnyHoleTests
{
    private const int Width = 40, Height = 36;

    public static TheoryData<string> Metrics => [.. Metric.All.Where(m => !m.NeedsNetwork).Select(m => m.Key)];

    [Fact]
    public void Keys_are_unique_and_titles_and_meanings_are_stated()
    {
        Assert.Equal(Metric.All.Count, Metric.All.Select(m => m.Key).Distinct().Count());
        Assert.All(Metric.All, m => Assert.True(m.Title.Length > 0 && m.Meaning.Length > 0));
        Assert.Null(Metric.Find("hole_nothing"));
    }

    [Fact]
    public void Closer_to_the_best_value_is_a_smaller_loss()
    {
        static void Order(string key, double better, double worse) =>
            Assert.True(Metric.Find(key)!.Loss(better) < Metric.Find(key)!.Loss(worse), key);
        Order("hole_mse", 0.01, 0.02);
        Order("hole_psnr", 15, 14);
        Order("sharpness", 0.9, 0.5);
        Order("sharpness", 1.1, 0.5);
    }

    [Theory]
    [MemberData(nameof(Metrics))]
    public void A_mask_of_a_rectangle_has_the_figures_of_the_rectangle(string key)
    {
        FillScorer masked = new(), plain = new();
        for (int i = 0; i < 4; i++)
        {
            var rectangle = new PixelRect(2 + i, 4, 29 + i, 31 - i);
            (Photo truth, Photo completed) = Pair(Hole.Rectangle(rectangle), i);
            masked.Add(truth, completed, Mask((x, y) => rectangle.Contains(x, y)));
            plain.Add(truth, completed, Hole.Rectangle(rectangle));
        }

        Assert.NotNull(plain.Result()[key]);
        Assert.Equal(plain.Result()[key], masked.Result()[key]);
    }

    [Fact]
    public void Errors_are_those_of_the_hidden_pixels()
    {
        (Photo truth, Photo completed) = Pair(L, 1);
        double squares = 0, absolutes = 0, samples = 0;
        ForEachHidden(L, (x, y) =>
        {
            for (int c = 0; c < 3; c++)
            {
                double difference = (At(truth, x, y, c) - At(completed, x, y, c)) / 255.0;
                squares += difference * difference;
                absolutes += Math.Abs(difference);
                samples++;
            }
        });

        FillScores scores = RandomPhotos.Score(truth, completed, L);
        Assert.Equal(squares / samples, scores["hole_mse"]!.Value, 1e-12);
        Assert.Equal(-10 * Math.Log10(squares / samples), scores["hole_psnr_mean"]!.Value, 1e-9);
        Assert.Equal(100 * absolutes / samples, scores["hole_l1"]!.Value, 1e-9);
        Assert.Equal(-10 * Math.Log10(squares / (3 * Width * Height)), scores["whole_psnr"]!.Value, 1e-9);
    }

    [Fact]
    public void Depth_is_the_size_of_the_largest_hidden_square_around_a_pixel()
    {
        Hole hole = Mask((x, y) => ((x - 20) * (x - 20)) + ((y - 18) * (y - 18)) < 225);
        (Photo truth, Photo completed) = Pair(hole, 2);
        var squares = new double[20];
        var pixels = new double[20];
        ForEachHidden(hole, (x, y) =>
        {
            int depth = 1;
            while (Enumerable.Range(-depth, (2 * depth) + 1)
                .All(dy => Enumerable.Range(-depth, (2 * depth) + 1).All(dx => hole.IsHidden(x + dx, y + dy))))
            {
                depth++;
            }

            pixels[depth]++;
            for (int c = 0; c < 3; c++)
            {
                squares[depth] += Math.Pow((At(truth, x, y, c) - At(completed, x, y, c)) / 255.0, 2) / 3;
            }
        });

        FillScores scores = RandomPhotos.Score(truth, completed, hole);
        foreach ((int first, int last) in new[] { (1, 2), (3, 4), (5, 8), (9, 12) })
        {
            Assert.Equal(squares[first..(last + 1)].Sum() / pixels[first..(last + 1)].Sum(), scores[$"depth_{first}-{last}"]!.Value, 1e-12);
        }

        Assert.Null(scores["depth_13-16"]);
    }

    [Fact]
    public void Sharpness_takes_hidden_pairs_and_the_seam_pairs_of_a_known_and_a_hidden_pixel()
    {
        (Photo truth, Photo completed) = Pair(L, 3);
        (double detail, double trueDetail, double steps, double trueSteps) = (0, 0, 0, 0);
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                foreach ((int nextX, int nextY) in new[] { (x + 1, y), (x, y + 1) })
                {
                    if (nextX < Width && nextY < Height && (L.IsHidden(x, y) || L.IsHidden(nextX, nextY)))
                    {
                        double fill = Enumerable.Range(0, 3).Sum(c => Math.Abs(At(completed, x, y, c) - At(completed, nextX, nextY, c)));
                        double original = Enumerable.Range(0, 3).Sum(c => Math.Abs(At(truth, x, y, c) - At(truth, nextX, nextY, c)));
                        bool both = L.IsHidden(x, y) && L.IsHidden(nextX, nextY);
                        (detail, trueDetail) = both ? (detail + fill, trueDetail + original) : (detail, trueDetail);
                        (steps, trueSteps) = both ? (steps, trueSteps) : (steps + fill, trueSteps + original);
                    }
                }
            }
        }

        FillScores scores = RandomPhotos.Score(truth, completed, L);
        Assert.Equal(detail / trueDetail, scores["sharpness"]!.Value, 1e-12);
        Assert.Equal(steps / trueSteps, scores["seam"]!.Value, 1e-12);
    }

    [Fact]
    public void The_spectrum_is_that_of_the_largest_hidden_rectangle()
    {
        // Of the L's two arms the foot, 34x14, is larger than the stem, 12x30.
        (Photo truth, Photo completed) = Pair(L, 4);
        var foot = new PixelRect(3, 18, 34, 14);
        Photo onlyFoot = truth.Clone();
        RandomPhotos.ForEach(foot, (x, y) => completed.Pixels.Slice(4 * ((y * Width) + x), 4)
            .CopyTo(onlyFoot.Pixels[(4 * ((y * Width) + x))..]));
        Assert.Equal(RandomPhotos.Score(truth, onlyFoot, foot)["spectrum"], RandomPhotos.Score(truth, completed, L)["spectrum"]);
        Assert.Null(RandomPhotos.Score(truth, truth, Mask((x, y) => (x + y) % 2 == 0))["spectrum"]);
    }

    [Fact]
    public void Spread_compares_the_pixels_that_both_holes_hide()
    {
        Hole other = Mask((x, y) => x is >= 10 and < 30 && y is >= 4 and < 20 && (x + y) % 3 > 0);
        ((Photo truth, Photo completed), (Photo otherTruth, Photo otherCompleted)) = (Pair(L, 5), Pair(other, 6));
        (double fills, double truths) = (0, 0);
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                (int ax, int ay, int bx, int by) = (x + L.Bounds.X, y + L.Bounds.Y, x + other.Bounds.X, y + other.Bounds.Y);
                for (int c = 0; c < 3 && L.IsHidden(ax, ay) && other.IsHidden(bx, by); c++)
                {
                    fills += Math.Abs(At(completed, ax, ay, c) - At(otherCompleted, bx, by, c));
                    truths += Math.Abs(At(truth, ax, ay, c) - At(otherTruth, bx, by, c));
                }
            }
        }

        var scorer = new FillScorer();
        scorer.Add(truth, completed, L);
        scorer.Add(otherTruth, otherCompleted, other);
        Assert.Equal(fills / truths, scorer.Result()["spread"]!.Value, 1e-12);
    }

    [Fact]
    public void The_border_mean_counts_every_known_pixel_next_to_the_hole_once()
    {
        (Photo photo, _) = Pair(L, 7);
        var ring = new HashSet<(int X, int Y)>();
        ForEachHidden(L, (x, y) =>
            ring.UnionWith(new[] { (x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1) }.Where(p => !L.IsHidden(p.Item1, p.Item2))));
        Photo filled = photo.Clone();
        BorderMeanFill.Apply(filled, L);
        for (int c = 0; c < 3; c++)
        {
            Assert.Equal(ring.Average(p => At(photo, p.X, p.Y, c)), At(filled, 5, 5, c), 0.5 + 1e-9);
        }

        new FilledPhoto(photo, filled, L).RequireKnownPixelsUnchanged();
    }

    [Fact]
    public void Each_membrane_pixel_is_the_mean_of_its_neighbours_and_a_mask_of_a_rectangle_gives_the_same()
    {
        Hole hole = Mask((x, y) => (x < 12 && y < 20) || (((x - 26) * (x - 26)) + ((y - 20) * (y - 20)) < 100 && (x + y) % 7 > 0));
        Photo photo = RandomPhotos.Make(Width, Height, 8), filled = photo.Clone();
        MembraneFill.Apply(filled, hole);
        new FilledPhoto(photo, filled, hole).RequireKnownPixelsUnchanged();
        for (int c = 0; c < 3; c++)
        {
            double[] values = MembraneFillTests.Relax(photo, hole, c);
            ForEachHidden(hole, (x, y) => Assert.Equal(values[(y * Width) + x], At(filled, x, y, c), 0.5 + 1e-5));
        }

        var rectangle = new PixelRect(0, 6, 17, 13);
        Photo exact = photo.Clone(), iterated = photo.Clone();
        MembraneFill.Apply(exact, Hole.Rectangle(rectangle));
        MembraneFill.Apply(iterated, Mask((x, y) => rectangle.Contains(x, y)));
        Assert.Equal(exact.Array, iterated.Array);
    }

    /// <summary>A stem and a foot: columns 3 to 14 of rows 2 to 31, and columns 3 to 36 of rows 18 to 31.</summary>
    internal static Hole L { get; } = Mask((x, y) => (x is >= 3 and < 15 && y is >= 2 and < 32)
        || (x is >= 3 and < 37 && y is >= 18 and < 32));

    internal static (Photo Truth, Photo Completed) Pair(Hole hole, int seed)
    {
        Photo truth = RandomPhotos.Make(Width, Height, seed), other = RandomPhotos.Make(Width, Height, seed + 100, limit: 90),
            completed = truth.Clone();
        ForEachHidden(hole, (x, y) => other.Pixels.Slice(4 * ((y * Width) + x), 4).CopyTo(completed.Pixels[(4 * ((y * Width) + x))..]));
        return (truth, completed);
    }

    private static Hole Mask(Func<int, int, bool> isHidden)
    {
        var mask = new Mask(Width, Height);
        for (int i = 0; i < Width * Height; i++)
        {
            mask.Pixels[i] = isHidden(i % Width, i / Width) ? (byte)255 : (byte)0;
        }

        return Hole.FromMask(mask);
    }

    private static void ForEachHidden(Hole hole, Action<int, int> pixel) =>
        RandomPhotos.ForEach(new PixelRect(0, 0, Width, Height), (x, y) =>
    {
        if (hole.IsHidden(x, y))
        {
            pixel(x, y);
        }
    });

    private static int At(Photo photo, int x, int y, int channel) => photo.Pixels[(4 * ((y * Width) + x)) + channel];
}
