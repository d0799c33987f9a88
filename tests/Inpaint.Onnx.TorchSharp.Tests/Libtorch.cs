using System.Runtime.CompilerServices;
using Inpaint.Onnx.TorchSharp.Libtorch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>The modules that exports are compared with compute rightly on every processor.</summary>
internal static class Libtorch
{
    [ModuleInitializer]
    internal static void LeaveOutWhatIsBroken() => LibtorchBackends.DisableBrokenOneDnn();
}
