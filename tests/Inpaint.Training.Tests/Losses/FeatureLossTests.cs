using Inpaint.Evaluation.Perception;
using Inpaint.Training.Acceleration;
using Inpaint.Training.Losses;
using Inpaint.Training.Networks;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training.Tests.Losses;

/// <summary>The feature loss, compared with ONNX Runtime on the package's own files and with values worked out by hand.</summary>
public sealed class FeatureLossTests
{
    private const int Side = 224;
    private const double LargestDifference = 1e-4;

    // The last results of the stages, by their names in the file.
    private static readonly string[] s_stages = ["ReLU283_Output_0", "ReLU315_Output_0", "ReLU347_Output_0"];

    [Fact]
    public void The_stages_equal_those_of_the_graph_in_onnx_runtime()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        using var network = new ResNetFeatures();
        using var session = new InferenceSession(PerceptualNetwork.Read().WithOutputs(s_stages).ToBytes());
        using var random = new Generator(3);
        torch.Tensor picture = nn.functional.interpolate(
            rand(1, 3, Side / 8, Side / 8, generator: random), [Side, Side], mode: InterpolationMode.Bicubic, align_corners: false)
            .clamp(0, 1);
        torch.Tensor mean = tensor([103.0626f, 115.9029f, 123.1516f], [1, 3, 1, 1]);
        torch.Tensor prepared = (picture.flip(1) * 255 - mean).contiguous();

        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> outputs = session.Run(
            [NamedOnnxValue.CreateFromTensor("Input247", new DenseTensor<float>(prepared.data<float>().ToArray(), [1, 3, Side, Side]))],
            s_stages);
        IReadOnlyList<torch.Tensor> stages = network.Stages(picture);

        Assert.Equal(s_stages.Length, stages.Count);
        foreach ((torch.Tensor stage, DisposableNamedOnnxValue output) in stages.Zip(outputs))
        {
            DenseTensor<float> expected = output.AsTensor<float>().ToDenseTensor();
            Assert.Equal(Array.ConvertAll(expected.Dimensions.ToArray(), d => (long)d), stage.shape);
            torch.Tensor wanted = tensor(expected.ToArray(), stage.shape);
            double difference = ((stage - wanted).norm() / wanted.norm()).item<float>();
            Assert.True(difference <= LargestDifference, $"{output.Name} differs by {difference}.");
        }
    }

    [Fact]
    public void The_encoder_of_a_network_starts_with_the_same_stages()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        using var network = new ResNetFeatures();
        using var encoder = new ResNetEncoder();
        encoder.eval();
        torch.Tensor picture = rand(2, 3, 64, 64), mean = tensor([123.1516f, 115.9029f, 103.0626f], [1, 3, 1, 1]) / 255;
        IReadOnlyList<torch.Tensor> expected = network.Stages(picture);
        IReadOnlyList<torch.Tensor> found = encoder.Levels(cat([picture - mean, rand(2, 1, 64, 64)], 1));
        Assert.Equal([2, 64, 32, 32], found[0].shape);
        Assert.All(expected.Zip(found.Skip(1)), s =>
            Assert.InRange(((s.First - s.Second).norm() / s.First.norm()).item<float>(), 0, LargestDifference));
    }

    [Fact]
    public void The_distance_is_that_of_directions_averaged_over_positions_and_stages()
    {
        // Stage 1 has two positions: equal directions, (3, 4) and (6, 8); then (1, 0) and (0, 2), whose unit vectors differ by 1 + 1.
        // Stage 2 has one position with opposite directions: 2 * 2 = 4. The mean is ((0 + 2) / 2 + 4) / 2.
        using torch.Tensor a = tensor([3f, 1, 4, 0], [1, 2, 1, 2]), b = tensor([6f, 0, 8, 2], [1, 2, 1, 2]);
        using torch.Tensor c = tensor([5f], [1, 1, 1, 1]), d = tensor([-1f], [1, 1, 1, 1]);
        Assert.Equal(2.5, FeatureLoss.Distance([a, c], [b, d]).item<float>(), 4);
    }

    [Fact]
    public void The_loss_sees_the_hole_with_its_context_and_nothing_else()
    {
        using DisposeScope scope = NewDisposeScope();
        using var loss = new FeatureLoss(new FeaturesConfig { Context = 8 }, new PictureConfig(), Trainings.Cpu);
        torch.Tensor truth = rand(2, 3, 64, 64), outside = truth.clone(), inside = truth.clone();
        outside[.., .., ..8, ..] = 0.5;
        inside[.., .., 10, 30] = 1 - inside[.., .., 10, 30];
        Assert.Equal(0, loss.Of(outside, truth).item<float>());
        Assert.True(loss.Of(inside, truth).item<float>() > 1e-4);
    }

    [Fact]
    public void Gradients_reach_the_fill_and_not_the_pretrained_weights_and_bfloat16_agrees()
    {
        using DisposeScope scope = NewDisposeScope();
        torch.Tensor truth = nn.functional.interpolate(
            rand(4, 3, 16, 16), [64, 64], mode: InterpolationMode.Bilinear, align_corners: false);
        torch.Tensor fill = (truth + 0.1 * randn_like(truth)).detach().requires_grad_();
        torch.Tensor Gradient(Compute compute)
        {
            using var loss = new FeatureLoss(new FeaturesConfig(), new PictureConfig(), compute);
            return autograd.grad([loss.Of(fill, truth)], [fill])[0];
        }

        torch.Tensor exact = Gradient(Trainings.Cpu), mixed = Gradient(Compute.Create("cpu", Precision.Bfloat16, true, _ => { }));
        Assert.True(exact.norm().item<float>() > 0);
        double difference = ((exact - mixed).norm() / exact.norm()).item<float>();
        Assert.True(difference < 0.2, $"The gradients differ by {difference}.");
        using var network = new ResNetFeatures();
        Assert.All(network.parameters(), p => Assert.False(p.requires_grad));
    }
}
