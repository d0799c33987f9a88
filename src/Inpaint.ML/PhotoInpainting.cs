using Inpaint.ML.Internals;
using Inpaint.ML.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

namespace Inpaint.ML;

/// <summary>The columns that <see cref="PhotoInpaintingEstimator"/> reads and adds.</summary>
/// <param name="Output">The completed photo: an image, or a file's bytes when <see cref="OutputOptions.Format"/> is set.</param>
/// <param name="Input">The photo: a path (text), a picture file's bytes, or an image.</param>
public sealed record InpaintingColumns(string Output, string Input)
{
    /// <summary>What the photo shows: text or a vector of text. Optional.</summary>
    public string? Caption { get; init; }

    /// <summary>A mask of the photo's size: a path, bytes or an image. Default null: the centre half is the hole.</summary>
    public string? Mask { get; init; }

    /// <summary>The photo's name in error messages, such as a zip entry: text. Default null: its path or the row's position.</summary>
    public string? Name { get; init; }

    /// <summary>Added when named: the bounding box of the hole, cropped from the completed photo (an image).</summary>
    public string? Fill { get; init; }

    /// <summary>Added when named: <c>ok</c>, <c>bad_photo</c>, <c>bad_mask</c>, <c>bad_caption</c> or <c>graph_failed</c> (text).</summary>
    public string? Status { get; init; }

    /// <summary>Added when named: the error message, empty if none (text).</summary>
    public string? Error { get; init; }
}

/// <summary>
/// Completes photos in one step: decode, mask, score in batches, paste. See
/// <see cref="InpaintCatalog.InpaintPhotos(TransformsCatalog, string, string?, string?, string?, GraphSource?, InpaintingOptions?)"/>.
/// </summary>
/// <remarks>
/// <list type="table">
/// <item><term>Looks at the data in Fit</term><description>No</description></item>
/// <item><term>Input column types</term>
/// <description>Text (a path), a vector of Byte (a file) or an image; captions: text or a vector of text</description></item>
/// <item><term>Output column types</term>
/// <description>An image, or a vector of Byte with a format; status and error: text</description></item>
/// <item><term>Packages besides Inpaint.ML</term><description>Microsoft.ML.OnnxRuntime or Microsoft.ML.OnnxRuntime.Gpu</description></item>
/// <item><term>Exportable to ONNX</term><description>No</description></item>
/// </list>
/// </remarks>
public sealed class PhotoInpaintingEstimator : RowEstimator<PhotoInpaintingTransformer>
{
    internal PhotoInpaintingEstimator(InpaintingColumns columns, GraphSource? graph, InpaintingOptions options, IHostEnvironment env)
        : base(
            nameof(InpaintCatalog.InpaintPhotos), [columns.Output],
            () => new PhotoInpaintingTransformer(columns, GraphHandle.Load(graph, options.Storage, DefaultGraph.Photos), options, env),
            transformer => transformer.CheckDevice()) => Setting.Validate(options);
}

/// <summary>Completes photos with a graph.</summary>
public sealed class PhotoInpaintingTransformer : RowTransformer
{
    internal const string Signature = "INP_FILL";

    private readonly GraphHandle _graph;
    private readonly IHostEnvironment _env;
    private readonly Reopenable<Inpainter> _pass;
    private readonly Reopenable<Inpainter> _single;
    private readonly Content[] _contents;

    internal PhotoInpaintingTransformer(
        InpaintingColumns columns, GraphHandle graph, InpaintingOptions options, IHostEnvironment env)
    {
        Columns = columns;
        _graph = graph;
        _env = env;
        if (graph.Manifest.Caption is { Required: true } && columns.Caption is null)
        {
            throw new GraphException(
                $"Graph '{graph.Manifest.Name}' requires a caption, and {nameof(InpaintCatalog.InpaintPhotos)} names no caption "
                    + "column. Name one, or use a graph without captions.");
        }

        var processor = new PhotoProcessor(graph.Manifest, options);
        Options = options;
        ExecutionOptions execution = options.Execution.In(env);
        _pass = new Reopenable<Inpainter>(() => new Inpainter(graph.Package!, processor, execution));
        // A single row is fastest with all cores inside the graph; a pass is fastest with one core per batch.
        _single = new Reopenable<Inpainter>(() => new Inpainter(graph.Package!, processor, execution with { IntraOpThreads = 0 }));
        bool keepsRows = options.OnError == OnError.Row;
        (Content Content, AddedColumn? Column)[] added =
        [
            (Content.Completed,
                new(columns.Output, PhotoColumns.TypeOf(options.Output.Format))),
            (Content.Fill, AddedColumn.Optional(columns.Fill, new ImageDataViewType())),
            (Content.Status,
                AddedColumn.Optional(columns.Status ?? (keepsRows ? $"{columns.Output}Status" : null), TextDataViewType.Instance)),
            (Content.Error,
                AddedColumn.Optional(columns.Error ?? (keepsRows ? $"{columns.Output}Error" : null), TextDataViewType.Instance)),
        ];
        _contents = [.. added.Where(a => a.Column is not null).Select(a => a.Content)];
        ReadsCaptions = columns.Caption is not null && Manifest.Caption is not null;
        Row = new RowSchema(
            nameof(InpaintCatalog.InpaintPhotos),
            [
                new(columns.Input, ColumnKinds.Picture),
                columns.Caption is null ? null : new(columns.Caption, ColumnKinds.Captions) { IsRead = ReadsCaptions },
                SourceColumn.Optional(columns.Mask, ColumnKinds.Picture),
                SourceColumn.Optional(columns.Name, ColumnKinds.Text),
            ],
            added.Select(a => a.Column));
    }

    /// <summary>The columns read and added.</summary>
    public InpaintingColumns Columns { get; }

    /// <summary>The options.</summary>
    public InpaintingOptions Options { get; }

    /// <summary>The graph's manifest.</summary>
    public GraphManifest Manifest => _graph.Manifest;

    internal override RowSchema Row { get; }

    internal override int Workers => Options.Execution.WorkerCount;

    private bool ReadsCaptions { get; }

    /// <summary>Refuses a device that is not available.</summary>
    internal void CheckDevice()
    {
        ExecutionOptions execution = Options.Execution.In(_env);
        _ = GraphDevice.Resolve(execution.Device, execution.Fallback);
    }

    internal PhotoInpaintingTransformer WithGraph(GraphHandle graph) => new(Columns, graph, Options, _env);

    internal override RowProcessor CreateProcessor(DataViewRow input, bool[] wanted, bool singleRow) =>
        new Processor(this, input, singleRow ? _single.Use(i => i.CreateWorker(1)) : _pass.Use(i => i.CreateWorker()));

    private protected override void Save(ModelSaveContext context) =>
        ModelFile.Save(context, Signature, new State(Columns, _graph.Name, Options), _graph.Embedded);

    private static PhotoInpaintingTransformer Create(IHostEnvironment env, ModelLoadContext context)
    {
        (State state, var embedded) = ModelFile.Load<State>(context, Signature);
        return new(state.Columns, GraphHandle.Restore(state.Graph, state.Options.Storage, embedded), state.Options, env);
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _pass.Dispose();
            _single.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>What an added column contains.</summary>
    private enum Content
    {
        Completed,
        Fill,
        Status,
        Error,
    }

    private sealed record State(InpaintingColumns Columns, string? Graph, InpaintingOptions Options);

    private sealed class Processor : RowProcessor
    {
        private readonly InpaintingWorker _worker;
        private readonly InpaintingRow[] _rows;
        private readonly long[] _positions;
        private readonly DataViewRow _input;
        private readonly PhotoColumns _photos;
        private readonly CaptionColumn? _caption;
        private readonly ValueGetter<ReadOnlyMemory<char>>? _name;
        private readonly PhotoInpaintingTransformer _transformer;

        public Processor(PhotoInpaintingTransformer transformer, DataViewRow input, InpaintingWorker worker)
        {
            InpaintingColumns columns = transformer.Columns;
            _transformer = transformer;
            _worker = worker;
            _input = input;
            _rows = [.. Enumerable.Range(0, worker.BatchSize).Select(_ => new InpaintingRow { RecyclesCompleted = true })];
            _positions = new long[_rows.Length];
            _photos = new PhotoColumns(input, columns.Input, columns.Mask, transformer.Options.Decoding);
            _caption = transformer.ReadsCaptions ? new CaptionColumn(input, columns.Caption!) : null;
            _name = columns.Name is null ? null : input.GetGetter<ReadOnlyMemory<char>>(input.Schema[columns.Name]);
        }

        public override int Capacity => _rows.Length;

        public override void Capture(int row)
        {
            InpaintingRow target = _rows[row];
            _photos.Read(target);
            _positions[row] = _input.Position;
            if (_name is not null)
            {
                ReadOnlyMemory<char> name = default;
                _name(ref name);
                target.Name = name.ToString();
            }

            if (_caption is not null)
            {
                target.Captions = _caption.Read();
            }
        }

        public override void Run(int count, CancellationToken cancellation) => _worker.Run(_rows.AsSpan(0, count), cancellation);

        public override void Get<T>(int output, int row, ref T value)
        {
            InpaintingRow from = _rows[row];
            if (_transformer.Options.OnError == OnError.Fail && from.Exception is not null)
            {
                throw PhotoColumns.ErrorOf(from, _positions[row], from.Exception);
            }

            bool failed = from.Completed is null, blank = _transformer.Options.BlankBadRows;
            switch (_transformer._contents[output])
            {
                case Content.Completed when _transformer.Options.Output.Format is not null:
                    Value.SetVector<byte, T>(
                        failed && blank ? _transformer.Options.Output.Encode(MLImages.BlankPhoto()) : from.Encoded, ref value);
                    break;
                case Content.Completed or Content.Fill when failed:
                    Value.Set(
                        MLImages.Missing(blank, () => PhotoColumns.NoImage(from, _positions[row], from.Exception)), ref value);
                    break;
                case Content.Completed:
                    Value.Set(MLImages.FromPhoto(from.Completed!), ref value);
                    break;
                case Content.Fill:
                    Value.Set(MLImages.FromPhoto(from.Completed!.Crop(from.HoleBounds)), ref value);
                    break;
                case Content.Status:
                    Value.Set(from.Status.ToWord().AsMemory(), ref value);
                    break;
                default:
                    Value.Set((from.Error ?? "").AsMemory(), ref value);
                    break;
            }
        }

        public override void Dispose()
        {
            _worker.Dispose();
            base.Dispose();
        }
    }
}
