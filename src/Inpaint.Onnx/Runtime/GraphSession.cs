using System.Security.Cryptography;
using Inpaint.Settings;
using Microsoft.ML.OnnxRuntime;

namespace Inpaint.Onnx.Runtime;

/// <summary>
/// A loaded graph, ready to run from any number of threads. Sessions of the same bytes, device and threads share one copy
/// of the weights in a process; it is freed with the last of them and of their runners.
/// </summary>
public sealed class GraphSession : IDisposable
{
    private readonly LoadedGraph _graph;
    private int _disposed;

    private GraphSession(LoadedGraph graph, ExecutionOptions options)
    {
        _graph = graph;
        Options = options;
        InferenceSession session = graph.Session;
        Inputs = [.. session.InputNames.Select(name => TensorInfo.From(name, session.InputMetadata[name]))];
        Outputs = [.. session.OutputNames.Select(name => TensorInfo.From(name, session.OutputMetadata[name]))];
        OptionalInputs = [.. session.OverridableInitializerMetadata.Select(input => TensorInfo.From(input.Key, input.Value))];
        FixedBatch = Inputs.Where(i => i.Dims.Count > 0 && i.Dims[0] > 0).Select(i => (int?)i.Dims[0]).FirstOrDefault();
    }

    /// <summary>Releases the weights when nobody else uses them.</summary>
    ~GraphSession() => Release();

    /// <summary>The options it was opened with.</summary>
    public ExecutionOptions Options { get; }

    /// <summary>Where it runs.</summary>
    public GraphDevice Device => _graph.Device;

    /// <summary>SHA-256 of the graph's bytes, in lower-case hexadecimal digits.</summary>
    public string Sha256 => _graph.Sha256;

    /// <summary>The inputs, in the graph's order.</summary>
    public IReadOnlyList<TensorInfo> Inputs { get; }

    /// <summary>Inputs that may be left out, as the graph has a value for each.</summary>
    public IReadOnlyList<TensorInfo> OptionalInputs { get; }

    /// <summary>The outputs, in the graph's order.</summary>
    public IReadOnlyList<TensorInfo> Outputs { get; }

    /// <summary>The batch size that the graph was made for, when it takes no other; null when any goes.</summary>
    public int? FixedBatch { get; }

    /// <summary>Loads a graph, or joins one that is loaded.</summary>
    /// <param name="model">The ONNX file's bytes. External data is not followed.</param>
    /// <param name="options">Device, threads, deadline; null for the defaults.</param>
    /// <exception cref="GraphException">The device is not there, or ONNX Runtime cannot load the graph.</exception>
    public static GraphSession Open(byte[] model, ExecutionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Open(model, Convert.ToHexStringLower(SHA256.HashData(model)), Setting.Validate(options ?? ExecutionOptions.Default));
    }

    /// <summary>Loads a graph whose hash is known, with valid options.</summary>
    internal static GraphSession Open(byte[] model, string sha256, ExecutionOptions options)
    {
        (GraphDevice device, string? warning) = GraphDevice.Resolve(options.Device, options.Fallback);
        if (warning is not null)
        {
            options.Warn?.Invoke(warning);
        }

        LoadedGraph graph = LoadedGraph.Enter(model, sha256, device, options);
        try
        {
            return new GraphSession(graph, options);
        }
        catch
        {
            graph.Leave();
            throw;
        }
    }

    /// <summary>A place to run: its own buffers and run options. One thread at a time. It may outlive the session.</summary>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    public GraphRunner CreateRunner()
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        return new GraphRunner(_graph, Options);
    }

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
            _graph?.Leave();
        }
    }
}
