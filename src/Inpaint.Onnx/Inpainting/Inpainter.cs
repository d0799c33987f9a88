using Inpaint.Captions;
using Inpaint.Graphs;
using Inpaint.Holes;
using Inpaint.Onnx.Runtime;
using Inpaint.Photos;
using Inpaint.Settings;

namespace Inpaint.Onnx.Inpainting;

/// <summary>
/// Completes photos with the graph that a manifest describes: window, scale, hide, encode, score in batches, decode, paste.
/// The ML.NET transformers, the evaluation and the programs are based on it. Thread-safe; each thread uses its own worker.
/// </summary>
public sealed class Inpainter : IDisposable
{
    private readonly Lock _lock = new();
    private InpaintingWorker? _single;

    /// <summary>Loads the graph.</summary>
    /// <param name="graph">The graph with its manifest.</param>
    /// <param name="options">The settings; the defaults if null.</param>
    /// <exception cref="GraphException">The device is not available, or ONNX Runtime cannot load the graph.</exception>
    public Inpainter(GraphPackage graph, InpaintingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Graph = graph;
        Options = Setting.Validate(options ?? InpaintingOptions.Default);
        ReducedDecoding = Reduce(Options.Decoding, graph.Manifest.Size);
        Encoder = new InputEncoder(graph.Manifest);
        Decoder = new OutputDecoder(graph.Manifest);
        Geometry = new GraphGeometry(graph.Manifest, Options.Fill.PictureSide);
        Captions = MakeCaptionEncoder(graph.Manifest, Options);
        Session = GraphSession.Open(graph.Model, graph.Sha256, Options.Execution);
        BatchSize = Options.Execution.BatchSizeFor(Session.FixedBatch, Session.Device);
    }

    /// <summary>The graph with its manifest.</summary>
    public GraphPackage Graph { get; }

    /// <summary>The settings.</summary>
    public InpaintingOptions Options { get; }

    /// <summary>How photos are decoded if only the graph's window is returned: at a reduced scale.</summary>
    internal PhotoDecodingOptions ReducedDecoding { get; }

    /// <summary>The loaded graph.</summary>
    public GraphSession Session { get; }

    /// <summary>The number of photos per run.</summary>
    public int BatchSize { get; }

    /// <summary>Converts pictures to tensors.</summary>
    public InputEncoder Encoder { get; }

    /// <summary>Converts tensors to pictures.</summary>
    public OutputDecoder Decoder { get; }

    /// <summary>Windows and sizes.</summary>
    public GraphGeometry Geometry { get; }

    /// <summary>Encodes captions; null if the graph does not use captions.</summary>
    public CaptionEncoder? Captions { get; }

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

    /// <summary>How photos are decoded if only the window of a graph of this size is returned.</summary>
    internal static PhotoDecodingOptions Reduce(PhotoDecodingOptions decoding, SizeContract size) =>
        size.IsFixed ? decoding with { ShorterSide = Math.Max(size.Width!.Value, size.Height!.Value) } : decoding;

    /// <inheritdoc />
    public void Dispose()
    {
        _single?.Dispose();
        Session.Dispose();
    }

    /// <summary>For graphs trained with separate captions, the first one is used, since a row has one fill.</summary>
    private static CaptionEncoder? MakeCaptionEncoder(GraphManifest manifest, InpaintingOptions options)
    {
        if (manifest.Caption is not { } contract)
        {
            return null;
        }

        CaptionCombination combine = options.Fill.CaptionCombination ?? contract.Combine;
        return new CaptionEncoder(contract with { Combine = combine == CaptionCombination.Each ? CaptionCombination.First : combine });
    }
}
