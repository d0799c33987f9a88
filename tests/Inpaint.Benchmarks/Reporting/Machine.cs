using System.Runtime.InteropServices;
using Inpaint.Onnx.TorchSharp;
using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using SkiaSharp;

namespace Inpaint.Benchmarks;

/// <summary>The machine and versions that were measured.</summary>
internal sealed record Machine(
    string Cpu, int Cores, string System, string Runtime, string MLNet, string OnnxRuntime, string SkiaSharp, string TorchSharp)
{
    public static Machine Here() => new(
        CpuName(),
        Environment.ProcessorCount,
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription,
        VersionOf(typeof(MLContext)),
        OrtEnv.Instance().GetVersionString(),
        VersionOf(typeof(SKCodec)),
        VersionOf(typeof(TorchSharp.torch)));

    public override string ToString() => $"{Cpu}, {Cores} cores; {System}; {Runtime}; "
        + $"Microsoft.ML {MLNet}, ONNX Runtime {OnnxRuntime}, SkiaSharp {SkiaSharp}, TorchSharp {TorchSharp}.";

    private static string VersionOf(Type type) =>
        global::System.Diagnostics.FileVersionInfo.GetVersionInfo(type.Assembly.Location).ProductVersion?.Split('+')[0] ?? "?";

    private static string CpuName()
    {
        const string linux = "/proc/cpuinfo";
        string? line = File.Exists(linux)
            ? File.ReadLines(linux).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
            ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
