using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training;

/// <summary>
/// Tries bfloat16 on convolutions as the networks have them and compares result and gradients with float32, as some processors compute
/// some of them wrongly without a word.
/// </summary>
internal static class BrainFloatTrial
{
    private const double LargestDifference = 0.05;
    private const int Photos = 4, Side = 16;

    private static readonly (int From, int To, int Kernel, int Stride, int Dilation)[] Shapes =
        [(4, 24, 3, 1, 1), (3, 16, 3, 2, 1), (24, 48, 3, 1, 1), (48, 24, 1, 1, 1), (32, 32, 3, 1, 2), (16, 32, 4, 2, 1), (32, 12, 3, 1, 1)];

    /// <summary>Finds a convolution that bfloat16 gets wrong.</summary>
    /// <param name="autocast">Runs a pass in bfloat16.</param>
    /// <param name="layout">Lays pictures and weights out as training will.</param>
    /// <returns>What was wrong; null when nothing was.</returns>
    public static string? FirstWrong(Autocast autocast, Func<Tensor, Tensor> layout)
    {
        foreach ((int from, int to, int kernel, int stride, int dilation) in Shapes)
        {
            using DisposeScope scope = NewDisposeScope();
            using var random = new Generator(1);
            Tensor input = layout(randn(Photos, from, Side, Side, generator: random)).detach().requires_grad_();
            Tensor weight = layout(randn(to, from, kernel, kernel, generator: random) * 0.1).detach().requires_grad_();
            long padding = dilation * (kernel / 2);
            Tensor Convolve() => nn.functional.conv2d(input, weight, strides: [stride, stride], padding: [padding, padding], dilation: [dilation, dilation]);

            Tensor[] exact = Gradients(Convolve(), input, weight), mixed = Gradients(autocast.Run(Convolve).to(ScalarType.Float32), input, weight);
            for (int i = 0; i < exact.Length; i++)
            {
                double difference = (mixed[i] - exact[i]).norm().item<float>() / exact[i].norm().item<float>();
                if (!(difference <= LargestDifference))
                {
                    return $"a {kernel}x{kernel} convolution from {from} to {to} channels differs from float32 by {difference:0.###} in its {(i == 0 ? "result" : "gradient")}";
                }
            }
        }

        return null;
    }

    private static Tensor[] Gradients(Tensor result, Tensor input, Tensor weight)
    {
        IList<Tensor> gradients = autograd.grad([result.square().mean()], [input, weight]);
        return [result.detach(), .. gradients];
    }
}
