using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.ML.OnnxRuntime;

namespace Inpaint.Onnx;

/// <summary>
/// A loaded graph, ready to run from any number of threads. Sessions of the same bytes, device and threads share one copy
/// of the weights in a process; it is freed with the last of them.
/// </summary>
public sealed class GraphSession : IDisposable
{
    private static readonly ConcurrentDictionary<string, Shared> Loaded = new();
    private readonly Shared _shared;
    private int _disposed;

    private GraphSession(Shared shared, GraphSessionOptions options)
    {
        _shared = shared;
        Options = options;
        InferenceSession session = shared.Session;
        Inputs = [.. session.InputNames.Select(name => TensorInfo.From(name, session.InputMetadata[name]))];
        Outputs = [.. session.OutputNames.Select(name => TensorInfo.From(name, session.OutputMetadata[name]))];
        FixedBatch = Inputs.Where(i => i.Dims.Count > 0 && i.Dims[0] > 0).Select(i => (int?)i.Dims[0]).FirstOrDefault();
    }

    /// <summary>Releases the weights when nobody else uses them.</summary>
    ~GraphSession() => Release();

    /// <summary>The options it was opened with.</summary>
    public GraphSessionOptions Options { get; }

    /// <summary>Where it runs.</summary>
    public GraphDevice Device => _shared.Device;

    /// <summary>SHA-256 of the graph's bytes, in lower-case hexadecimal digits.</summary>
    public string Sha256 => _shared.Sha256;

    /// <summary>The inputs, in the graph's order.</summary>
    public IReadOnlyList<TensorInfo> Inputs { get; }

    /// <summary>The outputs, in the graph's order.</summary>
    public IReadOnlyList<TensorInfo> Outputs { get; }

    /// <summary>The batch size that the graph was made for, when it takes no other; null when any goes.</summary>
    public int? FixedBatch { get; }

    /// <summary>How many graphs are loaded in this process.</summary>
    public static int LoadedCount => Loaded.Count;

    internal InferenceSession Native => _shared.Session;

    /// <summary>One run at a time on a GPU; null on the CPU, where runs go side by side.</summary>
    internal SemaphoreSlim? Gate => _shared.Gate;

    /// <summary>Loads a graph, or joins one that is loaded.</summary>
    /// <param name="model">The ONNX file's bytes. External data is not followed.</param>
    /// <param name="options">Device, threads, deadline; null for the defaults.</param>
    /// <exception cref="GraphException">The device is not there, or ONNX Runtime cannot load the graph.</exception>
    public static GraphSession Open(byte[] model, GraphSessionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new GraphSessionOptions();
        (GraphDevice device, string? warning) = GraphDevice.Resolve(options.Device, options.Fallback);
        if (warning is not null)
        {
            options.Warn?.Invoke(warning);
        }

        string sha = Convert.ToHexStringLower(SHA256.HashData(model));
        string key = options.Configure is null ? $"{sha}|{device}|{options.IntraOpThreads}" : $"{sha}|{Guid.NewGuid()}";
        while (true)
        {
            Shared shared = Loaded.GetOrAdd(key, k => new Shared(k, sha, device));
            if (shared.TryEnter(model, options))
            {
                return new GraphSession(shared, options);
            }
        }
    }

    /// <summary>A place to run: its own buffers and run options. One thread at a time.</summary>
    public GraphLane CreateLane() => new(this);

    /// <inheritdoc />
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private void Release()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _shared?.Leave();
        }
    }

    private sealed class Shared(string key, string sha256, GraphDevice device)
    {
        private readonly Lock _lock = new();
        private InferenceSession? _session;
        private int _users;
        private bool _closed;

        public string Sha256 => sha256;

        public GraphDevice Device { get; private set; } = device;

        public SemaphoreSlim? Gate { get; private set; }

        public InferenceSession Session => _session ?? throw new ObjectDisposedException(nameof(GraphSession));

        public bool TryEnter(byte[] model, GraphSessionOptions options)
        {
            lock (_lock)
            {
                if (_closed)
                {
                    return false;
                }

                try
                {
                    _session ??= Load(model, options);
                }
                catch
                {
                    _closed = _users == 0;
                    Loaded.TryRemove(key, out _);
                    throw;
                }

                _users++;
                return true;
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
                Loaded.TryRemove(key, out _);
                _session?.Dispose();
                _session = null;
                Gate?.Dispose();
            }
        }

        private InferenceSession Load(byte[] model, GraphSessionOptions options)
        {
            using var native = new SessionOptions { IntraOpNumThreads = options.IntraOpThreads };
            native.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
            try
            {
                if (Device.CudaIndex is { } index)
                {
                    try
                    {
                        native.AppendExecutionProvider_CUDA(index);
                    }
                    catch (OnnxRuntimeException e) when (options.Fallback || options.Device == "auto")
                    {
                        options.Warn?.Invoke($"Device {Device} cannot be used ({e.Message}). Using the CPU.");
                        Device = GraphDevice.Cpu;
                    }
                }

                options.Configure?.Invoke(native);
                var session = new InferenceSession(model, native);
                Gate = Device.IsCpu ? null : new SemaphoreSlim(1);
                return session;
            }
            catch (OnnxRuntimeException e)
            {
                throw new GraphException($"ONNX Runtime cannot load the graph (sha256 {sha256[..12]}…, {model.Length} bytes, device {Device}): {e.Message}", e);
            }
        }
    }
}
