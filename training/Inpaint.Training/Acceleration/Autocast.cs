using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training;

/// <summary>
/// bfloat16 autocast on the CPU: convolutions and products run in bfloat16 while weights, norms and losses stay float32. TorchSharp has no
/// door to it, so libtorch's own functions are called by their C++ names. Without them training goes on in float32.
/// </summary>
/// <remarks>
/// On a processor with AVX512-BF16, libtorch 2.10 gives wrong gradients, without a word, for a convolution with an odd number of filters, and
/// for one whose channels do not come last. So <see cref="InFloat32"/> is for the former, and <see cref="Compute"/> tries the rest before use.
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
        _setEnabled = (delegate* unmanaged<sbyte, byte, void>)NativeLibrary.GetExport(library, "_ZN2at8autocast20set_autocast_enabledEN3c1010DeviceTypeEb");
        _setType = (delegate* unmanaged<sbyte, sbyte, void>)NativeLibrary.GetExport(library, "_ZN2at8autocast18set_autocast_dtypeEN3c1010DeviceTypeENS1_10ScalarTypeE");
        _clearCache = (delegate* unmanaged<void>)NativeLibrary.GetExport(library, "_ZN2at8autocast11clear_cacheEv");
    }

    /// <summary>Finds autocast in the loaded libtorch.</summary>
    /// <param name="reason">Why there is none; null when there is.</param>
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
            reason = $"bfloat16 autocast is not there ({e.Message.Split('\n')[0]}): training runs in float32.";
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

    /// <summary>Runs a layer in float32, also in the middle of a forward pass under autocast. Elsewhere it just runs it.</summary>
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
