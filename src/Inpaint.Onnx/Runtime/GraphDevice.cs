using System.Globalization;

namespace Inpaint.Onnx.Runtime;

/// <summary>The device on which a graph runs: the CPU, or a CUDA device.</summary>
/// <param name="CudaIndex">The index of the CUDA device; null for the CPU.</param>
public readonly record struct GraphDevice(int? CudaIndex)
{
    /// <summary>The CPU.</summary>
    public static GraphDevice Cpu => new(null);

    /// <summary>The default number of rows per run: 8 on the CPU, 64 on a GPU.</summary>
    public int DefaultBatchSize => IsCpu ? 8 : 64;

    /// <summary>Whether this is the CPU.</summary>
    public bool IsCpu => CudaIndex is null;

    /// <summary>The execution providers of the loaded ONNX Runtime package, such as <c>CPUExecutionProvider</c>.</summary>
    public static IReadOnlyList<string> AvailableProviders => Telemetry.Off().GetAvailableProviders();

    /// <summary>
    /// Resolves a device setting: <c>cpu</c>, <c>cuda:N</c> (<c>cuda</c> is <c>cuda:0</c>), or <c>auto</c> (CUDA if its provider is
    /// available, otherwise the CPU).
    /// </summary>
    /// <param name="setting">The setting.</param>
    /// <param name="fallback">Whether an unavailable CUDA device is replaced by the CPU, with a warning, instead of an error.</param>
    /// <param name="providers">The available execution providers; default: those of the loaded package.</param>
    /// <returns>The device, and a warning if it is not the requested one.</returns>
    /// <exception cref="GraphException">An unknown setting, or an unavailable device.</exception>
    public static (GraphDevice Device, string? Warning) Resolve(
        string setting, bool fallback = false, IReadOnlyList<string>? providers = null)
    {
        ArgumentNullException.ThrowIfNull(setting);
        (bool auto, GraphDevice wanted) = Parse(setting);
        if (wanted.IsCpu && !auto)
        {
            return (Cpu, null);
        }

        providers ??= AvailableProviders;
        if (providers.Contains("CUDAExecutionProvider"))
        {
            return (auto ? new GraphDevice(0) : wanted, null);
        }

        if (auto)
        {
            return (Cpu, null);
        }

        string found = $"Device '{setting}' is not available: this ONNX Runtime has {string.Join(", ", providers)}";
        return fallback
            ? (Cpu, $"{found}. Using the CPU.")
            : throw new GraphException(
                $"{found}; expected CUDAExecutionProvider. Build with -p:OnnxRuntime=gpu on a machine "
                + "with CUDA, use the device 'cpu' or 'auto', or allow the fallback.");
    }

    /// <summary><c>cpu</c> or <c>cuda:N</c>.</summary>
    public override string ToString() => CudaIndex is { } index ? $"cuda:{index}" : "cpu";

    private static (bool Auto, GraphDevice Device) Parse(string setting) => setting switch
    {
        "auto" => (true, Cpu),
        "cpu" => (false, Cpu),
        "cuda" => (false, new GraphDevice(0)),
        _ when setting.StartsWith("cuda:", StringComparison.Ordinal)
            && int.TryParse(setting.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out int index) =>
                (false, new GraphDevice(index)),
        _ => throw new GraphException($"Device '{setting}' is unknown; expected 'cpu', 'cuda:N' or 'auto'."),
    };
}
