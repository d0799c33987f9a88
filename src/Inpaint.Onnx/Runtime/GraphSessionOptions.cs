using Microsoft.ML.OnnxRuntime;

namespace Inpaint.Onnx.Runtime;

/// <summary>How a graph is run.</summary>
public sealed record GraphSessionOptions
{
    /// <summary><c>cpu</c>, <c>cuda:N</c> or <c>auto</c> (CUDA where it is there, else the CPU). Default <c>auto</c>.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Whether a device that is not there becomes the CPU, with a warning, rather than an error. Default no.</summary>
    public bool Fallback { get; init; }

    /// <summary>
    /// Threads inside one run. Default 1: several runs side by side, one a core, are faster than one run on all cores.
    /// 0 leaves it to ONNX Runtime (all cores), for the shortest time of a single run.
    /// </summary>
    public int IntraOpThreads { get; init; } = 1;

    /// <summary>Longest time for one run; a run over it is stopped and is an error. Default 5 minutes.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Libraries with operators of a graph's own (ONNX Runtime's custom operators), by path. They are native code: name only those that you trust. Default none.</summary>
    public IReadOnlyList<string> CustomOperatorLibraries { get; init; } = [];

    /// <summary>Changes ONNX Runtime's own options last, for any other execution provider or setting. Such a session is not shared.</summary>
    public Action<SessionOptions>? Configure { get; init; }

    /// <summary>Told of warnings, such as a fallback. Default: nobody.</summary>
    public Action<string>? Warn { get; init; }
}
