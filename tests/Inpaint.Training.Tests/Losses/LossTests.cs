using Inpaint.Training.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training.Tests.Losses;

/// <summary>Losses compared with values computed by hand.</summary>
public sealed class LossTests
{
    [Theory]
    [InlineData("Mse", 0.25)]
    [InlineData("L1", 0.5)]
    [InlineData("Charbonnier", 0.500001)]
    public void Without_an_edge_the_loss_is_the_mean_distance(string distance, double expected)
    {
        using var loss = new ReconstructionLoss(new ReconstructionConfig { Loss = Enum.Parse<Distance>(distance) }, 8, CPU);
        using Tensor fill = zeros(2, 3, 8, 8), truth = full([2, 3, 8, 8], 0.5);
        Assert.Equal(expected, loss.Of(fill, truth).item<float>(), 6);
    }

    [Fact]
    public void Only_hidden_pixels_count_under_a_mask()
    {
        using DisposeScope scope = NewDisposeScope();
        using var loss = new ReconstructionLoss(new ReconstructionConfig { Loss = Distance.L1, Weight = 2 }, 8, CPU);
        Tensor mask = zeros(2, 1, 8, 8), fill = full([2, 3, 8, 8], 9f);
        mask[0, 0, 1, 2] = mask[1, 0, 3, 4] = tensor(1f);
        fill[0, .., 1, 2] = tensor(0.25f);
        fill[1, .., 3, 4] = tensor(0.75f);
        Assert.Equal(2 * 0.5, loss.Of(fill, zeros(2, 3, 8, 8), mask).item<float>(), 6);
    }

    [Fact]
    public void Pixels_at_the_edge_have_a_higher_weight()
    {
        // Of 64 pixels, 28 are in the outermost frame: (28 * 10 + 36 * 1) / 64 = 4.9375, times the distance 0.04, times the weight 2.
        using var loss = new ReconstructionLoss(new ReconstructionConfig { EdgeWeight = 10, EdgeWidth = 1, Weight = 2 }, 8, CPU);
        using Tensor fill = zeros(1, 3, 8, 8), truth = full([1, 3, 8, 8], 0.2);
        Assert.Equal(2 * 4.9375 * 0.04, loss.Of(fill, truth).item<float>(), 6);
    }

    [Fact]
    public void The_orthogonal_penalty_is_zero_for_orthogonal_weights_and_the_sum_of_differences_otherwise()
    {
        using Tensor orthogonal = tensor([0.6f, 0.8f, -0.8f, 0.6f], [2, 2]);
        Assert.Equal(0, OrthogonalPenalty.Of([orthogonal]).item<float>(), 6);

        // W W^T = [[5, 2], [2, 1]]; minus the unit matrix: |4| + |2| + |2| + |0| = 8. As a convolution [2, 2, 1, 1] it is the same matrix.
        using Tensor weight = tensor([1f, 2, 0, 1], [2, 2, 1, 1]);
        Assert.Equal(8, OrthogonalPenalty.Of([weight]).item<float>(), 5);
        Assert.Equal(16, OrthogonalPenalty.Of([weight, weight]).item<float>(), 5);

        // Three rows of two cannot be orthogonal; the columns (2, 0, 0) and (0, 1, 0) give |4 - 1| + 0.
        using Tensor tall = tensor([2f, 0, 0, 1, 0, 0], [3, 2]);
        Assert.Equal(3, OrthogonalPenalty.Of([tall]).item<float>(), 5);
    }

    [Fact]
    public void Hinge_and_cross_entropy_match_their_papers()
    {
        using Tensor real = tensor([2f, 0.5f]), fill = tensor([-3f, 0f]);
        var hinge = new AdversarialLoss(new AdversarialConfig { Loss = AdversarialLossKind.Hinge });

        // max(0, 1 - 2), max(0, 1 - 0.5) -> 0.25; max(0, 1 - 3), max(0, 1 + 0) -> 0.5.
        Assert.Equal(0.75, hinge.OfDiscriminator(real, fill).item<float>(), 5);
        Assert.Equal(1.5, hinge.OfGenerator(fill).item<float>(), 5);

        var entropy = new AdversarialLoss(new AdversarialConfig { Loss = AdversarialLossKind.CrossEntropy, RealLabel = 0.9 });
        double Log(double x) => Math.Log(1 + Math.Exp(x));
        double expected = (0.9 * Log(-2) + 0.1 * Log(2) + 0.9 * Log(-0.5) + 0.1 * Log(0.5)) / 2 + (Log(-3) + Log(0)) / 2;
        Assert.Equal(expected, entropy.OfDiscriminator(real, fill).item<float>(), 5);
        Assert.Equal((Log(3) + Log(0)) / 2, entropy.OfGenerator(fill).item<float>(), 5);
    }

    [Fact]
    public void Features_are_compared_by_their_mean_distance_over_levels()
    {
        using Tensor a = zeros(1, 1, 2, 2), b = ones(1, 1, 2, 2), c = full([1, 4], 3.0), d = full([1, 4], 1.0);
        Assert.Equal((1 + 2) / 2.0, AdversarialLoss.FeatureDistance([a, c], [b, d]).item<float>(), 5);
    }
}
