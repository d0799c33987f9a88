using System.Security.Cryptography;
using Microsoft.ML.OnnxRuntime;

namespace Inpaint.Onnx.Runtime;

/// <summary>
/// A loaded graph. Thread-safe. Sessions with the same bytes, device and threads share one copy of the weights in a process, which is
/// freed with the last of these sessions and their runners.
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
        Outputs = [.. session.OutputNames.Where(name => session.OutputMetadata[name].IsTensor)
            .Select(name => TensorInfo.From(name, session.OutputMetadata[name]))];
        OtherOutputs = [.. session.OutputNames.Where(name => !session.OutputMetadata[name].IsTensor)];
        OptionalInputs = [.. session.OverridableInitializerMetadata.Select(input => TensorInfo.From(input.Key, input.Value))];
        FixedBatch = Inputs.Where(i => i.Dims.Count > 0 && i.Dims[0] > 0).Select(i => (int?)i.Dims[0]).FirstOrDefault();
    }

    /// <summary>Releases the weights if they are not used elsewhere.</summary>
    ~GraphSession() => Release();

    /// <summary>The options it was opened with.</summary>
    public ExecutionOptions Options { get; }

    /// <summary>Where it runs.</summary>
    public GraphDevice Device => _graph.Device;

    /// <summary>SHA-256 of the graph's bytes, in lower-case hexadecimal digits.</summary>
    public string Sha256 => _graph.Sha256;

    /// <summary>The inputs, in the graph's order.</summary>
    public IReadOnlyList<TensorInfo> Inputs { get; }

    /// <summary>The optional inputs, which have default values in the graph.</summary>
    public IReadOnlyList<TensorInfo> OptionalInputs { get; }

    /// <summary>The outputs that are tensors, in the graph's order.</summary>
    public IReadOnlyList<TensorInfo> Outputs { get; }

    /// <summary>The names of the other outputs, such as a classifier's sequence of maps. They cannot be scored in batches.</summary>
    public IReadOnlyList<string> OtherOutputs { get; }

    /// <summary>The fixed batch size of the graph; null if it is dynamic.</summary>
    public int? FixedBatch { get; }

    /// <summary>Loads a graph, or shares one that is already loaded.</summary>
    /// <param name="model">The bytes of the ONNX file. External data is not read.</param>
    /// <param name="options">Device, threads and deadline; the defaults if null.</param>
    /// <exception cref="GraphException">The device is not available, or ONNX Runtime cannot load the graph.</exception>
    public static GraphSession Open(byte[] model, ExecutionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Open(model, Convert.ToHexStringLower(SHA256.HashData(model)), Setting.Validate(options ?? ExecutionOptions.Default));
    }

    /// <summary>Loads a graph whose hash is known, with valid options.</summary>
    /// <param name="model">The ONNX file's bytes.</param>
    /// <param name="sha256">Their SHA-256, in lower-case hexadecimal digits.</param>
    /// <param name="options">Valid options.</param>
    /// <param name="sizesVary">
    /// Whether the runs have pictures of different sizes. Memory is then returned after each run; otherwise it is kept for the next one.
    /// </param>
    /// <exception cref="GraphException">The device is not available, or ONNX Runtime cannot load the graph.</exception>
    public static GraphSession Open(byte[] model, string sha256, ExecutionOptions options, bool sizesVary = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        (GraphDevice device, string? warning) = GraphDevice.Resolve(options.Device, options.Fallback);
        if (warning is not null)
        {
            options.Warn?.Invoke(warning);
        }

        LoadedGraph graph = LoadedGraph.Enter(model, sha256, device, options, sizesVary);
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

    /// <summary>Creates a runner with its own run options, for one thread at a time. It may outlive the session.</summary>
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
