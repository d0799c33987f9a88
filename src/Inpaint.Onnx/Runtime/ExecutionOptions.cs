using System.Text.Json.Serialization;
using Microsoft.ML.OnnxRuntime;

namespace Inpaint.Onnx.Runtime;

/// <summary>Where and how a graph runs. Every setting, except the two hooks, is kept when a pipeline is saved.</summary>
public sealed record ExecutionOptions
{
    /// <summary>The defaults.</summary>
    public static ExecutionOptions Default { get; } = new();

    /// <summary>
    /// <c>cpu</c>, <c>cuda:N</c>, <c>tensorrt:N</c>, <c>directml:N</c>, <c>openvino</c>, <c>coreml</c> or <c>auto</c>: CUDA or DirectML if
    /// the program has the package of ONNX Runtime for it, else the CPU. Default <c>auto</c>.
    /// </summary>
    [Setting(
        "Device that runs the graph; auto is CUDA or DirectML if available, else the CPU.",
        Placeholder = "auto|cpu|cuda:N|tensorrt:N|directml:N|openvino|coreml",
        Pattern = "auto|cpu|openvino|coreml|(cuda|tensorrt|directml)(:[0-9]{1,9})?")]
    public string Device { get; init; } = "auto";

    /// <summary>Whether the CPU replaces a device that is not available, with a warning. Default false: it is an error.</summary>
    [Setting("Use the CPU, with a warning, if the device is not available.")]
    public bool Fallback { get; init; }

    /// <summary>
    /// Rows per run of the graph, 0 to 4096. Default 0: 8 on a CPU, 64 on a GPU, 1 for inpainting graphs of any picture size. A graph with
    /// a fixed batch size overrides it.
    /// </summary>
    [Setting("Photos per run of the graph; 0 is 8 on a CPU, 64 on a GPU, 1 for graphs of any size.", Key = "batch", Min = 0, Max = 4096)]
    public int BatchSize { get; init; }

    /// <summary>The number of concurrent batches, 0 to 1024. Default 0: one per core.</summary>
    [Setting("Batches in flight at once; 0 is one per core.", Min = 0, Max = 1024)]
    public int Workers { get; init; }

    /// <summary>
    /// Threads per run. Default 1: parallel runs, one per core, are faster than one run on all cores.
    /// 0: ONNX Runtime's default (all cores), for the lowest latency of a single run.
    /// </summary>
    [Setting(Min = 0, Max = 1024)]
    public int IntraOpThreads { get; init; } = 1;

    /// <summary>
    /// The memory in MiB that concurrent runs of graphs of any size take at most, over the whole process, 0 to 16,777,216. Runs wait for
    /// each other. A window that needs more, by its graph's manifest, gets a smaller margin around the hole; it is an error of its
    /// row if the smallest is not enough. Default 0: half of the memory that the process may use, which a container limits. The memory of a
    /// GPU is not limited.
    /// </summary>
    [Setting(
        "Most memory that runs of graphs of any size take at once, in MiB; 0 is half of what the process may use.",
        Key = "memory", Min = 0, Max = 1 << 24)]
    public int MemoryMiB { get; init; }

    /// <summary>The time limit of one run in seconds; a longer run is stopped and is an error. Default 300.</summary>
    [Setting("Longest time for one run of the graph, in seconds.", Key = "deadline", Min = 0.001, Max = 86_400)]
    public double DeadlineSeconds { get; init; } = 300;

    /// <summary>
    /// Paths of libraries with custom operators (ONNX Runtime's RegisterCustomOps). They are native code: use only libraries that you
    /// trust. Default none.
    /// </summary>
    public IReadOnlyList<string>? CustomOperatorLibraries { get; init; }

    /// <summary>
    /// A hook to change ONNX Runtime's session options, such as execution providers. Such sessions are not shared; the hook is not saved.
    /// </summary>
    [JsonIgnore]
    public Action<SessionOptions>? ConfigureSession { get; init; }

    /// <summary>Receives warnings, such as a fallback to the CPU. Not saved.</summary>
    [JsonIgnore]
    public Action<string>? Warn { get; init; }

    /// <summary><see cref="Workers"/>, or the number of cores if that is 0.</summary>
    [JsonIgnore]
    public int WorkerCount => Workers > 0 ? Workers : Environment.ProcessorCount;

    /// <summary><see cref="MemoryMiB"/> in bytes, or half of the memory that the process may use if that is 0.</summary>
    [JsonIgnore]
    public long MemoryBytes => MemoryMiB > 0 ? (long)MemoryMiB << 20 : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;

    /// <summary>The rows per run of a graph that is loaded on a device.</summary>
    /// <param name="fixedBatch">The batch size that the graph was made for, if it takes no other.</param>
    /// <param name="device">Where it runs.</param>
    public int BatchSizeFor(int? fixedBatch, GraphDevice device) => fixedBatch ?? (BatchSize > 0 ? BatchSize : device.DefaultBatchSize);
}
