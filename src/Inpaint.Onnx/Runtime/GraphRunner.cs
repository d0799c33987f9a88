using Microsoft.ML.OnnxRuntime;

namespace Inpaint.Onnx.Runtime;

/// <summary>
/// Runs a graph with run options, a deadline and the caller's buffers. Runners of the same session run in parallel on the CPU and
/// sequentially on a GPU. Not thread-safe.
/// </summary>
public sealed class GraphRunner : IDisposable
{
    private readonly LoadedGraph _graph;
    private readonly ExecutionOptions _options;
    private readonly RunOptions _run = new();
    private readonly Timer _timer;
    private readonly Lock _lock = new();
    private int _running;
    private int _disposed;
    private bool _late;

    internal GraphRunner(LoadedGraph graph, ExecutionOptions options)
    {
        graph.EnterAgain();
        _graph = graph;
        _options = options;
        if (graph.ReturnsMemory)
        {
            // Within a run, the arena saves the system's clearing of every tensor's pages.
            _run.AddRunConfigEntry("memory.enable_memory_arena_shrinkage", "cpu:0");
        }

        _timer = new Timer(static runner => ((GraphRunner)runner!).Stop(late: true), this, Timeout.Infinite, Timeout.Infinite);
    }

    /// <summary>Releases the weights of an undisposed runner.</summary>
    ~GraphRunner() => Leave();

    /// <summary>Runs the graph on buffers whose shapes are set.</summary>
    /// <param name="inputNames">The names of the inputs.</param>
    /// <param name="inputs">One buffer per input, in the same order.</param>
    /// <param name="outputNames">The names of the requested outputs.</param>
    /// <param name="outputs">One buffer per output, with the shape of the output.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <exception cref="GraphException">The graph failed, or exceeded its deadline.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public void Run(
        IReadOnlyCollection<string> inputNames, IReadOnlyCollection<TensorBuffer> inputs, IReadOnlyCollection<string> outputNames,
        IReadOnlyCollection<TensorBuffer> outputs, CancellationToken cancellation = default)
    {
        OrtValue[] outputValues = [.. outputs.Select(b => b.Value)];
        Guarded(() => _graph.Session.Run(_run, inputNames, [.. inputs.Select(b => b.Value)], outputNames, outputValues), cancellation);
    }

    /// <summary>Runs the graph and lets ONNX Runtime allocate the outputs, for graphs with unknown output sizes.</summary>
    /// <returns>The outputs; the caller disposes them.</returns>
    /// <inheritdoc cref="Run(
    ///     IReadOnlyCollection{string}, IReadOnlyCollection{TensorBuffer},
    ///     IReadOnlyCollection{string}, IReadOnlyCollection{TensorBuffer}, CancellationToken)"/>
    public IDisposableReadOnlyCollection<OrtValue> Run(
        IReadOnlyCollection<string> inputNames, IReadOnlyCollection<TensorBuffer> inputs, IReadOnlyCollection<string> outputNames,
        CancellationToken cancellation = default)
    {
        IDisposableReadOnlyCollection<OrtValue>? results = null;
        Guarded(() => results = _graph.Session.Run(_run, inputNames, [.. inputs.Select(b => b.Value)], outputNames), cancellation);
        return results!;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (Volatile.Read(ref _disposed) == 0)
        {
            _timer.Dispose();
            _run.Dispose();
        }

        Leave();
        GC.SuppressFinalize(this);
    }

    private void Leave()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _graph?.Leave();
        }
    }

    private void Guarded(Action run, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        cancellation.ThrowIfCancellationRequested();
        _graph.Gate?.Wait(cancellation);
        try
        {
            lock (_lock)
            {
                _running = 1;
                _late = false;
                _run.Terminate = false;
            }

            _timer.Change(TimeSpan.FromSeconds(_options.DeadlineSeconds), Timeout.InfiniteTimeSpan);
            using CancellationTokenRegistration registration = cancellation.CanBeCanceled
                ? cancellation.UnsafeRegister(static runner => ((GraphRunner)runner!).Stop(late: false), this)
                : default;
            run();
        }
        catch (OnnxRuntimeException e)
        {
            cancellation.ThrowIfCancellationRequested();
            throw _late
                ? new GraphException(
                    $"The graph ran longer than {_options.DeadlineSeconds:0.###} s and was stopped. "
                        + "Use a longer deadline, or a smaller batch or photo.", e) { PastDeadline = true }
                : new GraphException($"The graph failed: {e.Message}", e);
        }
        finally
        {
            _timer.Change(Timeout.Infinite, Timeout.Infinite);
            lock (_lock)
            {
                _running = 0;
            }

            _graph.Gate?.Release();
        }
    }

    private void Stop(bool late)
    {
        lock (_lock)
        {
            if (_running == 0)
            {
                return;
            }

            _late |= late;
            _run.Terminate = true;
        }
    }
}
