using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Libtorch;

/// <summary>
/// oneDNN, which computes libtorch's convolutions on a CPU. On some processors (seen with libtorch 2.10 on virtual ones with AVX-512) it leaves
/// what it pads channels with undefined, so that convolutions whose channels are no multiple of 8 or 16 are wrong without a word. Where a trial
/// finds that, the module is run without oneDNN while it is recorded and compared: slower, and right.
/// </summary>
internal static class OneDnn
{
    private const double LargestDifference = 1e-4;
    private const int Trials = 3, Photos = 2, From = 24, To = 12, Side = 8;

    private static readonly Lazy<bool> Wrong = new(IsWrong);
    private static readonly Lock Gate = new();
    private static int s_users;

    /// <summary>Whether plain convolutions with oneDNN differ from those without.</summary>
    public static bool IsBroken => Wrong.Value;

    /// <summary>Turns oneDNN off until the result is disposed, where it is broken.</summary>
    public static IDisposable DisableWhereBroken() => new Pause(IsBroken);

    private static bool IsWrong()
    {
        // Its own warnings about such processors say nothing of this.
        if (!LibtorchContext.TrySet(LibtorchContext.Nnpack, on: false))
        {
            return false;
        }

        using DisposeScope scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        using var random = new Generator(1);
        Tensor input = randn(Photos, From, Side, Side, generator: random), weight = randn(To, From, 3, 3, generator: random);
        Tensor exact = Convolve(input.to(ScalarType.Float64), weight.to(ScalarType.Float64));
        Tensor exactTransposed = Transposed(exact, weight.to(ScalarType.Float64));
        for (int i = 0; i < Trials; i++)
        {
            // The memory that the convolution gets next is full of numbers that are none.
            full([Photos, 2 * From, Side, Side], float.NaN).Dispose();
            if (!IsNear(Convolve(input, weight), exact) || !IsNear(Transposed(exact.to(ScalarType.Float32), weight), exactTransposed))
            {
                return true;
            }
        }

        return false;
    }

    private static Tensor Convolve(Tensor input, Tensor weight) => nn.functional.conv2d(input, weight, padding: [1, 1]);

    private static Tensor Transposed(Tensor input, Tensor weight) => nn.functional.conv_transpose2d(input, weight, padding: [1, 1]);

    private static bool IsNear(Tensor found, Tensor exact) =>
        (found.to(ScalarType.Float64) - exact).abs().max().item<double>() <= LargestDifference * exact.abs().max().item<double>();

    private sealed class Pause : IDisposable
    {
        private bool _active;

        public Pause(bool active)
        {
            _active = active;
            Count(active ? 1 : 0);
        }

        public void Dispose()
        {
            Count(_active ? -1 : 0);
            _active = false;
        }

        private static void Count(int change)
        {
            lock (Gate)
            {
                int before = s_users;
                s_users += change;
                if (before == 0 != (s_users == 0))
                {
                    _ = LibtorchContext.TrySet(LibtorchContext.OneDnn, on: s_users == 0);
                }
            }
        }
    }
}
