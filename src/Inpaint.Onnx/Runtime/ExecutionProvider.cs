using Microsoft.ML.OnnxRuntime;

namespace Inpaint.Onnx.Runtime;

/// <summary>What runs a graph: an execution provider of ONNX Runtime.</summary>
public enum ExecutionProvider
{
    /// <summary>The CPU; in every package of ONNX Runtime.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU through CUDA and cuDNN.</summary>
    Cuda,

    /// <summary>An NVIDIA GPU through TensorRT; what it lacks runs through CUDA.</summary>
    TensorRt,

    /// <summary>A GPU of any vendor on Windows, through DirectX 12.</summary>
    DirectMl,

    /// <summary>A processor or GPU of Intel.</summary>
    OpenVino,

    /// <summary>A processor of Apple.</summary>
    CoreMl,
}

/// <summary>An execution provider in settings and in ONNX Runtime.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="Word">Its name in settings.</param>
/// <param name="RuntimeName">Its name in ONNX Runtime.</param>
/// <param name="HasIndex">Whether a machine may have several such devices.</param>
/// <param name="Remedy">How to get it.</param>
/// <param name="Append">Adds it, with the index of the device, to a session's options.</param>
internal sealed record ProviderEntry(
    ExecutionProvider Provider, string Word, string RuntimeName, bool HasIndex, string Remedy, Action<SessionOptions, int> Append)
{
    /// <summary>All, in the order of <see cref="ExecutionProvider"/>.</summary>
    public static IReadOnlyList<ProviderEntry> All { get; } =
    [
        new(ExecutionProvider.Cpu, "cpu", "CPUExecutionProvider", false, "Use any package of ONNX Runtime", (_, _) => { }),
        new(ExecutionProvider.Cuda, "cuda", "CUDAExecutionProvider", true,
            "Build with -p:OnnxRuntime=gpu (the package Microsoft.ML.OnnxRuntime.Gpu) on a machine with CUDA",
            (session, index) => session.AppendExecutionProvider_CUDA(index)),
        new(ExecutionProvider.TensorRt, "tensorrt", "TensorrtExecutionProvider", true,
            "Build with -p:OnnxRuntime=gpu (the package Microsoft.ML.OnnxRuntime.Gpu) on a machine with CUDA and TensorRT",
            (session, index) =>
            {
                session.AppendExecutionProvider_Tensorrt(index);
                session.AppendExecutionProvider_CUDA(index);
            }),
        new(ExecutionProvider.DirectMl, "directml", "DmlExecutionProvider", true,
            "Use the package Microsoft.ML.OnnxRuntime.DirectML on Windows", (session, index) =>
            {
                // DirectML takes neither memory patterns nor parallel nodes.
                session.EnableMemoryPattern = false;
                session.AppendExecutionProvider_DML(index);
            }),
        new(ExecutionProvider.OpenVino, "openvino", "OpenVINOExecutionProvider", false,
            "Use the package Intel.ML.OnnxRuntime.OpenVino", (session, _) => session.AppendExecutionProvider_OpenVINO()),
        new(ExecutionProvider.CoreMl, "coreml", "CoreMLExecutionProvider", false,
            "Use the package Microsoft.ML.OnnxRuntime on macOS", (session, _) => session.AppendExecutionProvider_CoreML()),
    ];

    public static ProviderEntry Of(ExecutionProvider provider) => All[(int)provider];
}
