using Inpaint.Evaluation.Baselines;
using Inpaint.Evaluation.Metrics;
using Inpaint.Scenes;

namespace Inpaint.Tests.Metrics;

/// <summary>The error of one fill, compared with values computed by hand.</summary>
public sealed class FilledPhotoTests
{
    [Fact]
    public void Only_hidden_pixels_count_and_all_three_channels()
    {
        var truth = new Photo(4, 4);
        Photo completed = truth.Clone();
        // Pixel 1,1: 51, 102 and 0 off; pixel 2,1: nothing; pixel 3,3 is not hidden.
        (completed.Pixels[20], completed.Pixels[21]) = (51, 102);
        completed.Pixels[60] = 255;
        var mask = new Mask(4, 4);
        (mask.Pixels[5], mask.Pixels[6]) = (255, 255);
        double both = ((0.2 * 0.2) + (0.4 * 0.4)) / 6;
        Assert.Equal(both, Error(truth, completed, Hole.FromMask(mask)), 1e-12);
        Assert.Equal(both, Error(truth, completed, Hole.Rectangle(new PixelRect(1, 1, 2, 1))), 1e-12);
        Assert.Equal(0, Error(truth, completed, Hole.Rectangle(new PixelRect(2, 1, 1, 1))));
    }

    [Fact]
    public void It_matches_the_scorer()
    {
        Photo truth = SceneGenerator.Draw(1).Photo, completed = truth.Clone();
        var hole = new PixelRect(16, 16, 32, 32);
        MembraneFill.Apply(completed, Hole.Rectangle(hole));
        var scorer = new FillScorer();
        scorer.Add(truth, completed, Hole.Rectangle(hole));
        Assert.Equal(scorer.Result()["hole_mse"]!.Value, Error(truth, completed, Hole.Rectangle(hole)), 1e-15);
    }

    [Fact]
    public void Photos_that_cannot_be_compared_are_rejected()
    {
        var photo = new Photo(4, 4);
        Assert.Contains("expected the same",
            Assert.Throws<ArgumentException>(() => Error(photo, new Photo(4, 5), Hole.Rectangle(new PixelRect(0, 0, 1, 1)))).Message,
            StringComparison.Ordinal);
        Assert.Throws<PhotoException>(() => Error(photo, photo, Hole.Rectangle(new PixelRect(3, 3, 2, 2))));
    }

    private static double Error(Photo truth, Photo completed, Hole hole) => new FilledPhoto(truth, completed, hole).MeanSquaredError;
}
