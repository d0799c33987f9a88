using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training.Acceleration;

/// <summary>
/// bfloat16 autocast on the CPU: convolutions and products run in bfloat16 while weights, norms and losses stay float32. TorchSharp does
/// not expose it, so libtorch's own functions are called by their C++ names. Without them training runs in float32.
/// </summary>
/// <remarks>
/// On a processor with AVX512-BF16, libtorch 2.10 silently gives wrong gradients for a convolution with an odd number of filters, and for
/// one that is not channels-last. <see cref="InFloat32"/> is for the former; <see cref="Bfloat16Check"/> checks the others before use.
/// </remarks>
internal sealed unsafe class Autocast
{
    private const sbyte Cpu = 0, BFloat16 = 15;

    [ThreadStatic]
    private static Autocast? t_running;

    private readonly delegate* unmanaged<sbyte, byte, void> _setEnabled;
    private readonly delegate* unmanaged<sbyte, sbyte, void> _setType;
    private readonly delegate* unmanaged<void> _clearCache;

    private Autocast(nint library)
    {
        nint Export(string name) => NativeLibrary.GetExport(library, $"_ZN2at8autocast{name}");
        _setEnabled = (delegate* unmanaged<sbyte, byte, void>)Export("20set_autocast_enabledEN3c1010DeviceTypeEb");
        _setType = (delegate* unmanaged<sbyte, sbyte, void>)Export("18set_autocast_dtypeEN3c1010DeviceTypeENS1_10ScalarTypeE");
        _clearCache = (delegate* unmanaged<void>)Export("11clear_cacheEv");
    }

    /// <summary>Finds autocast in the loaded libtorch.</summary>
    /// <param name="reason">Why it is unavailable; null when it is available.</param>
    public static Autocast? TryCreate(out string? reason)
    {
        using Tensor loaded = zeros(1);
        try
        {
            var autocast = new Autocast(NativeLibrary.Load("libtorch_cpu", typeof(torch).Assembly, null));
            reason = null;
            return autocast;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            reason = $"bfloat16 autocast is unavailable ({e.Message.Split('\n')[0]}): training runs in float32.";
            return null;
        }
    }

    /// <summary>Runs a forward pass under autocast.</summary>
    public T Run<T>(Func<T> forward)
    {
        _setType(Cpu, BFloat16);
        _setEnabled(Cpu, 1);
        t_running = this;
        try
        {
            return forward();
        }
        finally
        {
            t_running = null;
            _setEnabled(Cpu, 0);
            _clearCache();
        }
    }

    /// <summary>Runs a layer in float32, even inside a forward pass under autocast.</summary>
    public static Tensor InFloat32(Func<Tensor, Tensor> layer, Tensor input)
    {
        if (t_running is not { } running)
        {
            return layer(input);
        }

        running._setEnabled(Cpu, 0);
        try
        {
            return layer(input.to(ScalarType.Float32));
        }
        finally
        {
            running._setEnabled(Cpu, 1);
        }
    }
}
