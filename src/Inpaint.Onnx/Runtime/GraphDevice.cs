using System.Globalization;

namespace Inpaint.Onnx.Runtime;

/// <summary>Where a graph runs: the CPU, or a CUDA device by its number.</summary>
/// <param name="CudaIndex">The CUDA device's number, or null for the CPU.</param>
public readonly record struct GraphDevice(int? CudaIndex)
{
    /// <summary>The CPU.</summary>
    public static GraphDevice Cpu => new(null);

    /// <summary>Rows scored in one run where nothing else is asked for: 8 on the CPU, 64 on a GPU.</summary>
    public int DefaultBatchSize => IsCpu ? 8 : 64;

    /// <summary>Whether this is the CPU.</summary>
    public bool IsCpu => CudaIndex is null;

    /// <summary>The execution providers of the ONNX Runtime package that is loaded, such as <c>CPUExecutionProvider</c>.</summary>
    public static IReadOnlyList<string> AvailableProviders => Telemetry.Off().GetAvailableProviders();

    /// <summary>
    /// Settles a device setting on what is there: <c>cpu</c>, <c>cuda:N</c> (<c>cuda</c> is <c>cuda:0</c>), or
    /// <c>auto</c>: CUDA where its provider is there, else the CPU.
    /// </summary>
    /// <param name="setting">The setting.</param>
    /// <param name="fallback">Whether a CUDA device that is not there becomes the CPU, with a warning, rather than an error.</param>
    /// <param name="providers">The execution providers that are there; null for those of the loaded package.</param>
    /// <returns>The device, and the warning if it is not the one asked for.</returns>
    /// <exception cref="GraphException">An unknown setting, or a device that is not there.</exception>
    public static (GraphDevice Device, string? Warning) Resolve(string setting, bool fallback = false, IReadOnlyList<string>? providers = null)
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

        string found = $"Device '{setting}' is not there: this ONNX Runtime has {string.Join(", ", providers)}";
        return fallback
            ? (Cpu, $"{found}. Using the CPU.")
            : throw new GraphException($"{found}; expected CUDAExecutionProvider. Build with -p:OnnxRuntime=gpu on a machine with CUDA, use the device 'cpu' or 'auto', or allow the fallback.");
    }

    /// <summary><c>cpu</c> or <c>cuda:N</c>.</summary>
    public override string ToString() => CudaIndex is { } index ? $"cuda:{index}" : "cpu";

    private static (bool Auto, GraphDevice Device) Parse(string setting) => setting switch
    {
        "auto" => (true, Cpu),
        "cpu" => (false, Cpu),
        "cuda" => (false, new GraphDevice(0)),
        _ when setting.StartsWith("cuda:", StringComparison.Ordinal)
            && int.TryParse(setting.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out int index) => (false, new GraphDevice(index)),
        _ => throw new GraphException($"Device '{setting}' is not known; expected 'cpu', 'cuda:N' or 'auto'."),
    };
}
