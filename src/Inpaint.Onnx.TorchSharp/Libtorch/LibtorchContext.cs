using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Libtorch;

/// <summary>libtorch's switches of the libraries that it computes with, by their C++ names: TorchSharp has no door to them.</summary>
internal static unsafe class LibtorchContext
{
    /// <summary>The switch of oneDNN.</summary>
    public const string OneDnn = "_ZN2at7Context20setUserEnabledMkldnnEb";

    /// <summary>The switch of NNPACK.</summary>
    public const string Nnpack = "_ZN2at7Context20setUserEnabledNNPACKEb";

    /// <summary>Turns a library on or off.</summary>
    /// <returns>Whether this libtorch has the switch.</returns>
    public static bool TrySet(string name, bool on)
    {
        using Tensor loaded = zeros(1);
        if (!NativeLibrary.TryLoad("libtorch_cpu", typeof(torch).Assembly, null, out nint library)
            || !NativeLibrary.TryGetExport(library, "_ZN2at13globalContextEv", out nint context)
            || !NativeLibrary.TryGetExport(library, name, out nint set))
        {
            return false;
        }

        ((delegate* unmanaged<void*, byte, void>)set)(((delegate* unmanaged<void*>)context)(), on ? (byte)1 : (byte)0);
        return true;
    }
}
