using System.Globalization;

namespace Inpaint.Onnx.Runtime;

/// <summary>The device on which a graph runs. The default value is the CPU.</summary>
/// <param name="Provider">What runs the graph.</param>
/// <param name="Index">Which of several such devices, from 0.</param>
public readonly record struct GraphDevice(ExecutionProvider Provider, int Index = 0)
{
    // Those whose package somebody chose for its accelerator. Core ML is in every package for macOS, with half precision;
    // TensorRT compiles each graph for minutes; OpenVINO may run on the CPU.
    private static readonly ExecutionProvider[] Automatic = [ExecutionProvider.Cuda, ExecutionProvider.DirectMl];

    /// <summary>The CPU.</summary>
    public static GraphDevice Cpu => default;

    /// <summary>The default number of rows per run: 8 on the CPU, 64 on other devices.</summary>
    public int DefaultBatchSize => IsCpu ? 8 : 64;

    /// <summary>Whether this is the CPU.</summary>
    public bool IsCpu => Provider == ExecutionProvider.Cpu;

    /// <summary>The execution providers of the loaded ONNX Runtime package, such as <c>CPUExecutionProvider</c>.</summary>
    public static IReadOnlyList<string> AvailableProviders => Telemetry.Off().GetAvailableProviders();

    /// <summary>
    /// Resolves a device setting: <c>cpu</c>, <c>cuda:N</c>, <c>tensorrt:N</c>, <c>directml:N</c> (without an index the first device),
    /// <c>openvino</c>, <c>coreml</c>, or <c>auto</c> (CUDA or DirectML if available, otherwise the CPU).
    /// </summary>
    /// <param name="setting">The setting.</param>
    /// <param name="fallback">Whether an unavailable device is replaced by the CPU, with a warning, instead of an error.</param>
    /// <param name="providers">The available execution providers; default: those of the loaded package.</param>
    /// <returns>The device, and a warning if it is not the requested one.</returns>
    /// <exception cref="GraphException">An unknown setting, or an unavailable device.</exception>
    public static (GraphDevice Device, string? Warning) Resolve(
        string setting, bool fallback = false, IReadOnlyList<string>? providers = null)
    {
        ArgumentNullException.ThrowIfNull(setting);
        bool auto = setting == "auto";
        GraphDevice wanted = auto ? Cpu : Parse(setting);
        if (wanted.IsCpu && !auto)
        {
            return (Cpu, null);
        }

        providers ??= AvailableProviders;
        bool IsAvailable(ExecutionProvider provider) => providers.Contains(ProviderEntry.Of(provider).RuntimeName);
        if (auto)
        {
            return (new GraphDevice(Array.Find(Automatic, IsAvailable)), null);
        }

        if (IsAvailable(wanted.Provider))
        {
            return (wanted, null);
        }

        string found = $"Device '{setting}' is not available: this ONNX Runtime has {string.Join(", ", providers)}";
        return fallback ? (Cpu, Replaced(found)) : throw wanted.Unusable(found);
    }

    /// <summary>The device as a setting.</summary>
    public override string ToString()
    {
        ProviderEntry entry = ProviderEntry.Of(Provider);
        return entry.HasIndex ? string.Create(CultureInfo.InvariantCulture, $"{entry.Word}:{Index}") : entry.Word;
    }

    /// <summary>The warning that the CPU replaces a device.</summary>
    internal static string Replaced(string found) => $"{found}. Using the CPU.";

    /// <summary>The error that a device cannot be used.</summary>
    internal GraphException Unusable(string found, Exception? cause = null)
    {
        ProviderEntry entry = ProviderEntry.Of(Provider);
        return new GraphException(
            $"{found}; expected {entry.RuntimeName}. {entry.Remedy}, use the device 'cpu' or 'auto', or allow the fallback.", cause);
    }

    private static GraphDevice Parse(string setting)
    {
        string[] parts = setting.Split(':', 2);
        int index = 0;
        return ProviderEntry.All.FirstOrDefault(e => e.Word == parts[0]) is { } entry
            && (parts.Length == 1 || (entry.HasIndex && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out index)))
                ? new GraphDevice(entry.Provider, index)
                : throw new GraphException(
                    $"Device '{setting}' is unknown; expected "
                        + $"{string.Join(", ", ProviderEntry.All.Select(e => $"'{e.Word}{(e.HasIndex ? ":N" : "")}'"))} or 'auto'.");
    }
}
