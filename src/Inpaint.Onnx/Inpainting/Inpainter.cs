using Inpaint.Captions;
using Inpaint.Graphs;
using Inpaint.Holes;
using Inpaint.Onnx.Runtime;
using Inpaint.Photos;
using Inpaint.Settings;

namespace Inpaint.Onnx.Inpainting;

/// <summary>
/// Completes photos with the graph that a manifest describes: window, scale, hide, encode, score in batches, decode, paste.
/// The one core behind the ML.NET transformers, the evaluation and the programs. Safe from any thread; each thread takes a worker.
/// </summary>
public sealed class Inpainter : IDisposable
{
    private readonly Lock _lock = new();
    private InpaintingWorker? _single;

    /// <summary>Loads the graph.</summary>
    /// <param name="graph">The graph with its manifest.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="GraphException">The device is not there, or ONNX Runtime cannot load the graph.</exception>
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

    /// <summary>How photos are decoded when only the graph's window is wanted: no larger than it needs.</summary>
    internal PhotoDecodingOptions ReducedDecoding { get; }

    /// <summary>The loaded graph.</summary>
    public GraphSession Session { get; }

    /// <summary>Photos scored in one run.</summary>
    public int BatchSize { get; }

    /// <summary>Pictures to tensors.</summary>
    public InputEncoder Encoder { get; }

    /// <summary>Tensors to pictures.</summary>
    public OutputDecoder Decoder { get; }

    /// <summary>Windows and sizes.</summary>
    public GraphGeometry Geometry { get; }

    /// <summary>Captions to vectors; null when the graph takes no caption.</summary>
    public CaptionEncoder? Captions { get; }

    /// <summary>A worker's place: its own buffers. One thread at a time; the caller disposes it.</summary>
    /// <param name="batchSize">Photos scored in one run; null for <see cref="BatchSize"/>.</param>
    public InpaintingWorker CreateWorker(int? batchSize = null) => new(this, Session.FixedBatch ?? batchSize ?? BatchSize);

    /// <summary>Completes one photo.</summary>
    /// <param name="photo">The photo; not changed.</param>
    /// <param name="hole">The hidden pixels; null for the centre half.</param>
    /// <param name="captions">What the photo shows; null for nothing.</param>
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

    /// <summary>How photos are decoded when only the window of a graph of this size is wanted.</summary>
    internal static PhotoDecodingOptions Reduce(PhotoDecodingOptions decoding, SizeContract size) =>
        size.IsFixed ? decoding with { ShorterSide = Math.Max(size.Width!.Value, size.Height!.Value) } : decoding;

    /// <inheritdoc />
    public void Dispose()
    {
        _single?.Dispose();
        Session.Dispose();
    }

    /// <summary>A graph trained on each caption by itself is given the first one here, as a row has one fill.</summary>
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
