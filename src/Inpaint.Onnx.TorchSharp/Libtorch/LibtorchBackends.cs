using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Libtorch;

/// <summary>Switches for the libraries that libtorch computes convolutions with on a CPU, which TorchSharp does not expose.</summary>
/// <remarks>
/// On some processors (seen with libtorch 2.10 on virtual machines with AVX-512) oneDNN reads uninitialized memory where it pads channels,
/// so that convolutions with a number of channels that is not a multiple of 8 or 16 are silently wrong.
/// </remarks>
public static unsafe class LibtorchBackends
{
    private const double LargestDifference = 1e-4;
    private const int Trials = 3, Batch = 2, From = 24, To = 12, Side = 8;

    private static readonly Lazy<bool> Broken = new(Try);
    private static readonly Lock Gate = new();
    private static int s_users;

    /// <summary>Whether plain convolutions by oneDNN differ from those without it on this machine. The first call runs a trial.</summary>
    public static bool IsOneDnnBroken => Broken.Value;

    /// <summary>Turns off oneDNN where it is broken, until the result is disposed: slower, but correct.</summary>
    public static IDisposable DisableBrokenOneDnn() => new Pause(IsOneDnnBroken);

    /// <summary>Turns off NNPACK, which libtorch uses for few layouts, and which warns at every call where it cannot run.</summary>
    /// <returns>Whether this libtorch has the switch.</returns>
    public static bool DisableNnpack() => TrySet("_ZN2at7Context20setUserEnabledNNPACKEb", on: false);

    private static bool TrySet(string setter, bool on)
    {
        using Tensor loaded = zeros(1);
        if (!NativeLibrary.TryLoad("libtorch_cpu", typeof(torch).Assembly, null, out nint library)
            || !NativeLibrary.TryGetExport(library, "_ZN2at13globalContextEv", out nint context)
            || !NativeLibrary.TryGetExport(library, setter, out nint set))
        {
            return false;
        }

        ((delegate* unmanaged<void*, byte, void>)set)(((delegate* unmanaged<void*>)context)(), on ? (byte)1 : (byte)0);
        return true;
    }

    private static bool Try()
    {
        if (!DisableNnpack())
        {
            return false;
        }

        using DisposeScope scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        using var random = new Generator(1);
        Tensor input = randn(Batch, From, Side, Side, generator: random), weight = randn(To, From, 3, 3, generator: random);
        Tensor exact = Convolve(input.to(ScalarType.Float64), weight.to(ScalarType.Float64));
        Tensor exactTransposed = Transposed(exact, weight.to(ScalarType.Float64));
        for (int i = 0; i < Trials; i++)
        {
            // Fills the memory that the convolution allocates next with NaN.
            full([Batch, 2 * From, Side, Side], float.NaN).Dispose();
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
                    _ = TrySet("_ZN2at7Context20setUserEnabledMkldnnEb", on: s_users == 0);
                }
            }
        }
    }
}
