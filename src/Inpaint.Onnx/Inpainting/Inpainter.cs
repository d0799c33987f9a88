using Inpaint.Onnx.Runtime;

namespace Inpaint.Onnx.Inpainting;

/// <summary>
/// Completes photos with the graph that a manifest describes: window, scale, hide, encode, score in batches, decode, paste.
/// The ML.NET transformers, the evaluation and the programs are based on it. Thread-safe; each thread uses its own worker.
/// </summary>
public sealed class Inpainter : IDisposable
{
    private readonly Lock _lock = new();
    private InpaintingWorker? _single;

    /// <summary>Loads a graph.</summary>
    /// <param name="graph">The graph with its manifest.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <exception cref="SettingException">A setting is out of its range.</exception>
    /// <exception cref="GraphException">The device is not available, or ONNX Runtime cannot load the graph.</exception>
    public Inpainter(GraphPackage graph, InpaintingOptions? options = null)
        : this(graph, new PhotoProcessor((graph ?? throw new ArgumentNullException(nameof(graph))).Manifest, options))
    {
    }

    /// <summary>Loads a graph, for photos that an existing processor prepares.</summary>
    /// <param name="graph">The graph with its manifest.</param>
    /// <param name="processor">The processor, made for that manifest.</param>
    /// <param name="execution">Where and how the graph runs; null for the processor's options.</param>
    /// <exception cref="GraphException">The device is not available, or ONNX Runtime cannot load the graph.</exception>
    public Inpainter(GraphPackage graph, PhotoProcessor processor, ExecutionOptions? execution = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(processor);
        execution ??= processor.Options.Execution;
        Graph = graph;
        Processor = processor;
        Options = processor.Options with { Execution = execution };
        bool sizesVary = processor.Geometry.PictureSize is null;
        Session = GraphSession.Open(graph.Model, graph.Sha256, Setting.Validate(execution), sizesVary);
        // Pictures of different sizes are run one by one.
        BatchSize = sizesVary && execution.BatchSize == 0
            ? Session.FixedBatch ?? 1
            : execution.BatchSizeFor(Session.FixedBatch, Session.Device);
    }

    /// <summary>The graph with its manifest.</summary>
    public GraphPackage Graph { get; }

    /// <summary>The options.</summary>
    public InpaintingOptions Options { get; }

    /// <summary>Prepares photos and reads the graph's output.</summary>
    public PhotoProcessor Processor { get; }

    /// <summary>The loaded graph.</summary>
    public GraphSession Session { get; }

    /// <summary>The number of photos per run.</summary>
    public int BatchSize { get; }

    /// <summary>Encodes captions; null if the graph does not use captions.</summary>
    public CaptionEncoder? Captions => Processor.Captions;

    /// <summary>Creates a worker with its own buffers, for one thread at a time. The caller disposes it.</summary>
    /// <param name="batchSize">The number of photos per run; default: <see cref="BatchSize"/>.</param>
    public InpaintingWorker CreateWorker(int? batchSize = null) => new(this, Session.FixedBatch ?? batchSize ?? BatchSize);

    /// <summary>Completes one photo.</summary>
    /// <param name="photo">The photo; not changed.</param>
    /// <param name="hole">The hidden pixels; default: the centre half.</param>
    /// <param name="captions">The captions, if any.</param>
    /// <returns>The completed photo.</returns>
    /// <exception cref="PhotoException">The photo or mask cannot be used.</exception>
    /// <exception cref="GraphException">The graph failed.</exception>
    public Photo Complete(Photo photo, Hole? hole = null, IReadOnlyList<string>? captions = null)
    {
        var row = new InpaintingRow { Name = "the photo", Photo = photo, Hole = hole, Captions = captions ?? [] };
        lock (_lock)
        {
            _single ??= CreateWorker(1);
            _single.Run([row]);
        }

        row.ThrowIfFailed();
        return row.Completed!;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _single?.Dispose();
        Session.Dispose();
    }
}
