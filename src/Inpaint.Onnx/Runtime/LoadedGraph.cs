using System.Collections.Concurrent;
using Microsoft.ML.OnnxRuntime;

namespace Inpaint.Onnx.Runtime;

/// <summary>The reference-counted weights of a graph on a device: loaded by the first user, freed by the last.</summary>
internal sealed class LoadedGraph
{
    private static readonly ConcurrentDictionary<string, LoadedGraph> Loaded = new();
    private readonly Lock _lock = new();
    private readonly string _key;
    private InferenceSession? _session;
    private int _users;
    private bool _closed;

    private LoadedGraph(string key, string sha256, GraphDevice device)
    {
        _key = key;
        Sha256 = sha256;
        Device = device;
    }

    public string Sha256 { get; }

    public GraphDevice Device { get; private set; }

    /// <summary>Serialises runs on a GPU; null on the CPU, where runs are parallel.</summary>
    public SemaphoreSlim? Gate { get; private set; }

    /// <summary>The session; only for current users.</summary>
    public InferenceSession Session => _session!;

    /// <summary>Loads a graph, or adds a user to a loaded one; call <see cref="Leave"/> once per call.</summary>
    public static LoadedGraph Enter(byte[] model, string sha, GraphDevice device, ExecutionOptions options, bool sizesVary)
    {
        string key = options.ConfigureSession is null
            ? $"{sha}|{device}|{options.IntraOpThreads}|{sizesVary}|{string.Join('|', options.CustomOperatorLibraries ?? [])}"
            : $"{sha}|{Guid.NewGuid()}";
        while (true)
        {
            LoadedGraph graph = Loaded.GetOrAdd(key, k => new LoadedGraph(k, sha, device));
            if (graph.TryEnter(model, options, sizesVary))
            {
                return graph;
            }
        }
    }

    /// <summary>Adds a user, on behalf of a current user.</summary>
    /// <exception cref="ObjectDisposedException">The last user has been disposed.</exception>
    public void EnterAgain()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(GraphSession));
            _users++;
        }
    }

    public void Leave()
    {
        lock (_lock)
        {
            if (--_users > 0)
            {
                return;
            }

            _closed = true;
            Loaded.TryRemove(_key, out _);
            _session?.Dispose();
            Gate?.Dispose();
        }
    }

    private bool TryEnter(byte[] model, ExecutionOptions options, bool sizesVary)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return false;
            }

            try
            {
                _session ??= Load(model, options, sizesVary);
            }
            catch
            {
                _closed = true;
                Loaded.TryRemove(_key, out _);
                throw;
            }

            _users++;
            return true;
        }
    }

    private static void Register(SessionOptions native, string library)
    {
        string path = Path.GetFullPath(library);
        if (!File.Exists(path))
        {
            throw new GraphException(
                $"The operator library '{library}' does not exist; expected the path of a native library that exports RegisterCustomOps.");
        }

        try
        {
            native.RegisterCustomOpLibrary(path);
        }
        catch (Exception e) when (e is OnnxRuntimeException or DllNotFoundException or BadImageFormatException)
        {
            throw new GraphException(
                $"'{library}' cannot be loaded as an operator library: {e.Message} Expected a native library for this system that exports "
                + "RegisterCustomOps.", e);
        }
    }

    /// <summary>Whether each run returns its memory to the system at its end, since the next one may be of another size.</summary>
    public bool ReturnsMemory { get; private set; }

    private InferenceSession Load(byte[] model, ExecutionOptions options, bool sizesVary)
    {
        _ = Telemetry.Off();
        if (sizesVary)
        {
            NativeHeap.ReturnLargeBlocks();
        }

        try
        {
            return Open(model, options, sizesVary);
        }
        catch (OnnxRuntimeException e)
        {
            string advice = e.Message.Contains("xternal data", StringComparison.Ordinal)
                ? " Its weights are in an external file: if you trust it, read the graph with OnnxModel.ReadWhole, or score it with "
                    + "AllowExternalData."
                : "";
            throw new GraphException(
                $"ONNX Runtime cannot load the graph (sha256 {Sha256[..12]}…, {model.Length} bytes, device {Device}): {e.Message}{advice}",
                    e);
        }
    }

    /// <summary>Opens a session on the device, or on the CPU if that cannot be used and may be replaced.</summary>
    private InferenceSession Open(byte[] model, ExecutionOptions options, bool sizesVary)
    {
        bool mayFallBack = !Device.IsCpu && (options.Fallback || options.Device == "auto");
        try
        {
            return OpenOnDevice(model, options, sizesVary);
        }
        catch (Exception e) when (mayFallBack && e is OnnxRuntimeException or GraphException)
        {
            options.Warn?.Invoke(GraphDevice.Replaced($"Device {Device} cannot be used ({e.InnerException?.Message ?? e.Message})"));
            Device = GraphDevice.Cpu;
            return OpenOnDevice(model, options, sizesVary);
        }
    }

    private InferenceSession OpenOnDevice(byte[] model, ExecutionOptions options, bool sizesVary)
    {
        using var native = new SessionOptions
        {
            IntraOpNumThreads = options.IntraOpThreads,
            // The patterns keep a plan for every size.
            EnableMemoryPattern = !sizesVary,
        };
        if (options.IntraOpThreads > 0)
        {
            // Spinning threads take cores from other runs; they only reduce latency if one run has all cores.
            native.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        }

        try
        {
            ProviderEntry.Of(Device.Provider).Append(native, Device.Index);
        }
        catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException or NotSupportedException)
        {
            throw Device.Unusable($"Device '{Device}' cannot be used: {e.Message}", e);
        }

        foreach (string library in options.CustomOperatorLibraries ?? [])
        {
            Register(native, library);
        }

        options.ConfigureSession?.Invoke(native);
        var session = new InferenceSession(model, native);
        ReturnsMemory = sizesVary && Device.IsCpu;
        Gate = Device.IsCpu ? null : new SemaphoreSlim(1);
        return session;
    }
}
