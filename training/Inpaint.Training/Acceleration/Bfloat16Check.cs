using System.Runtime.Intrinsics.X86;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training.Acceleration;

/// <summary>Whether bfloat16 is fast and correct on this processor.</summary>
internal static class Bfloat16Check
{
    private const int Features = 7, Avx512Bf16Bit = 5, AmxBf16Bit = 22;
    private const double LargestDifference = 0.05;
    private const int Photos = 4, Side = 16;

    private static readonly (int From, int To, int Kernel, int Stride, int Dilation)[] Shapes =
        [(4, 24, 3, 1, 1), (3, 16, 3, 2, 1), (24, 48, 3, 1, 1), (48, 24, 1, 1, 1), (32, 32, 3, 1, 2), (16, 32, 4, 2, 1), (32, 12, 3, 1, 1)];

    /// <summary>
    /// Whether this processor has AVX512-BF16 or AMX-BF16; without them autocast is many times slower than float32. ARM processors are
    /// assumed to support bfloat16.
    /// </summary>
    public static bool IsFast()
    {
        if (!X86Base.IsSupported)
        {
            return true;
        }

        if (X86Base.CpuId(0, 0).Eax < Features)
        {
            return false;
        }

        bool amx = (X86Base.CpuId(Features, 0).Edx >> AmxBf16Bit & 1) == 1;
        bool avx = (X86Base.CpuId(Features, 1).Eax >> Avx512Bf16Bit & 1) == 1;
        return amx || avx;
    }

    /// <summary>
    /// Compares results and gradients of convolutions like those of the networks with float32, as some processors silently compute some of
    /// them wrongly.
    /// </summary>
    /// <param name="autocast">Runs a pass in bfloat16.</param>
    /// <param name="layout">Gives pictures and weights the memory layout of the training.</param>
    /// <returns>The first convolution that differs; null when all agree.</returns>
    public static string? FirstDifference(Autocast autocast, Func<Tensor, Tensor> layout)
    {
        foreach ((int from, int to, int kernel, int stride, int dilation) in Shapes)
        {
            using DisposeScope scope = NewDisposeScope();
            using var random = new Generator(1);
            Tensor input = layout(randn(Photos, from, Side, Side, generator: random)).detach().requires_grad_();
            Tensor weight = layout(randn(to, from, kernel, kernel, generator: random) * 0.1).detach().requires_grad_();
            long padding = dilation * (kernel / 2);
            Tensor Convolve() =>
                nn.functional.conv2d(input, weight, strides: [stride, stride], padding: [padding, padding], dilation: [dilation, dilation]);

            Tensor[] exact = Gradients(Convolve(), input, weight);
            Tensor[] mixed = Gradients(autocast.Run(Convolve).to(ScalarType.Float32), input, weight);
            for (int i = 0; i < exact.Length; i++)
            {
                double difference = (mixed[i] - exact[i]).norm().item<float>() / exact[i].norm().item<float>();
                if (!(difference <= LargestDifference))
                {
                    string part = i == 0 ? "result" : "gradient";
                    return $"a {kernel}x{kernel} convolution from {from} to {to} channels differs from float32 by {difference:0.###} in "
                        + $"its {part}";
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
