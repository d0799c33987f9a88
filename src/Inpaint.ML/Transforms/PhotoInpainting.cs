using Inpaint.Graphs;
using Inpaint.ML.Internals;
using Inpaint.ML.Rows;
using Inpaint.Onnx.Inpainting;
using Inpaint.Onnx.Runtime;
using Inpaint.Settings;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

namespace Inpaint.ML.Transforms;

/// <summary>The columns that <see cref="PhotoInpaintingEstimator"/> reads and adds.</summary>
/// <param name="Output">The completed photo: an image, or a vector of bytes when <see cref="OutputOptions.Format"/> asks for a file.</param>
/// <param name="Input">The photo: a path (text), a picture file's bytes, or an image.</param>
public sealed record InpaintingColumns(string Output, string Input)
{
    /// <summary>What the photo shows: text or a vector of text. Null for none.</summary>
    public string? Caption { get; init; }

    /// <summary>A mask of the photo's size, as a path, bytes or an image. Null: the centre half is hidden.</summary>
    public string? Mask { get; init; }

    /// <summary>What error messages call the photo, such as a zip entry's name: text. Null: its path, or the row's number.</summary>
    public string? Name { get; init; }

    /// <summary>Added when named: the box around the hole, cut out of the completed photo (an image).</summary>
    public string? Fill { get; init; }

    /// <summary>Added when named: <c>ok</c>, <c>bad_photo</c>, <c>bad_mask</c>, <c>bad_caption</c> or <c>graph_failed</c> (text).</summary>
    public string? Status { get; init; }

    /// <summary>Added when named: what went wrong, empty when nothing did (text).</summary>
    public string? Error { get; init; }
}

/// <summary>Completes photos in one step: decode, mask, score in batches, paste. See <see cref="InpaintCatalog.InpaintPhotos(TransformsCatalog, string, string, string?, string?, InpaintingOptions?, string?)"/>.</summary>
public sealed class PhotoInpaintingEstimator : IEstimator<PhotoInpaintingTransformer>
{
    private readonly PhotoInpaintingTransformer _transformer;

    internal PhotoInpaintingEstimator(InpaintingColumns columns, string? graph, InpaintingOptions? options)
    {
        options ??= InpaintingOptions.Default;
        _transformer = new PhotoInpaintingTransformer(columns, GraphHandle.Load(graph, options.Storage), options);
    }

    /// <summary>Checks the input's columns; there is nothing to learn.</summary>
    public PhotoInpaintingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _ = _transformer.GetOutputSchema(input.Schema);
        return _transformer.WithGraph(_transformer.Handle);
    }

    /// <inheritdoc />
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        InpaintingColumns columns = _transformer.Columns;
        _ = Columns.Require(inputSchema, columns.Input, ColumnKinds.Picture, PhotoInpaintingTransformer.Verb);
        if (columns.Caption is not null)
        {
            _ = Columns.Require(inputSchema, columns.Caption, ColumnKinds.Text | ColumnKinds.Texts, PhotoInpaintingTransformer.Verb);
        }

        if (columns.Mask is not null)
        {
            _ = Columns.Require(inputSchema, columns.Mask, ColumnKinds.Picture, PhotoInpaintingTransformer.Verb);
        }

        if (columns.Name is not null)
        {
            _ = Columns.Require(inputSchema, columns.Name, ColumnKinds.Text, PhotoInpaintingTransformer.Verb);
        }

        return Shapes.With(inputSchema, _transformer.Added);
    }
}

/// <summary>Completes photos with a graph.</summary>
public sealed class PhotoInpaintingTransformer : RowTransformer
{
    internal const string Signature = "INP_FILL";
    internal const string Verb = "InpaintPhotos";

    private readonly GraphHandle _graph;
    private readonly Action<string>? _warn;
    private readonly OpenedOnUse<Inpainter> _pass;
    private readonly OpenedOnUse<Inpainter> _single;
    private readonly List<(string Name, Role Role)> _roles;

    internal PhotoInpaintingTransformer(InpaintingColumns columns, GraphHandle graph, InpaintingOptions options, Action<string>? warn = null)
    {
        Columns = columns;
        _graph = graph;
        _warn = warn;
        if (graph.Manifest.Caption is { Required: true } && columns.Caption is null)
        {
            throw new GraphException($"Graph '{graph.Manifest.Name}' requires a caption, and {Verb} names no caption column. Name one, or use a graph that does without.");
        }

        Options = Setting.Validate(options);
        ExecutionOptions execution = options.Execution;
        _ = GraphDevice.Resolve(execution.Device, execution.Fallback);
        _ = new GraphGeometry(graph.Manifest, options.Fill.PictureSide);
        InpaintingOptions opening = options with { Execution = execution with { Warn = execution.Warn ?? warn } };
        _pass = new OpenedOnUse<Inpainter>(() => new Inpainter(graph.Package, opening));
        // One row at a time is answered soonest when all cores work on it; a pass is fastest with one core a batch.
        _single = new OpenedOnUse<Inpainter>(() => new Inpainter(graph.Package, opening with { Execution = opening.Execution with { IntraOpThreads = 0 } }));
        _roles = MakeRoles(columns, options);
        DataViewType picture = options.Output.Format is null ? new ImageDataViewType() : new VectorDataViewType(NumberDataViewType.Byte);
        Added = [.. _roles.Select(r => new AddedColumn(r.Name, r.Role switch
        {
            Role.Picture => picture,
            Role.Fill => new ImageDataViewType(),
            _ => TextDataViewType.Instance,
        }))];
    }

    /// <summary>The columns read and added.</summary>
    public InpaintingColumns Columns { get; }

    /// <summary>The settings.</summary>
    public InpaintingOptions Options { get; }

    /// <summary>The graph's manifest.</summary>
    public GraphManifest Manifest => _graph.Manifest;

    internal IReadOnlyList<AddedColumn> Added { get; }

    internal GraphHandle Handle => _graph;

    internal override int Workers => Options.Execution.WorkerCount;

    internal bool TakesCaptions => Columns.Caption is not null && Manifest.Caption is not null;

    /// <summary>The same with another graph.</summary>
    internal PhotoInpaintingTransformer WithGraph(GraphHandle graph) => new(Columns, graph, Options, _warn);

    internal override IReadOnlyList<AddedColumn> AddedColumns(DataViewSchema input)
    {
        _ = Needs(input).Count();
        return Added;
    }

    internal override IEnumerable<DataViewSchema.Column> Needs(DataViewSchema input)
    {
        yield return Rows.Columns.Require(input, Columns.Input, ColumnKinds.Picture, Verb);
        if (Columns.Caption is not null)
        {
            DataViewSchema.Column caption = Rows.Columns.Require(input, Columns.Caption, ColumnKinds.Text | ColumnKinds.Texts, Verb);
            if (TakesCaptions)
            {
                yield return caption;
            }
        }

        if (Columns.Mask is not null)
        {
            yield return Rows.Columns.Require(input, Columns.Mask, ColumnKinds.Picture, Verb);
        }

        if (Columns.Name is not null)
        {
            yield return Rows.Columns.Require(input, Columns.Name, ColumnKinds.Text, Verb);
        }
    }

    internal override RowWork CreateWork(DataViewRow input, bool[] wanted, bool singleRow) =>
        new Work(this, input, singleRow ? _single.Use(i => i.CreateWorker(1)) : _pass.Use(i => i.CreateWorker()));

    private protected override void SaveModel(ModelSaveContext context) =>
        ModelFile.Save(context, GetType(), Signature, new State(Columns, _graph.Name, Options), _graph.Embedded?.Model, _graph.Embedded?.ManifestJson);

    private static PhotoInpaintingTransformer Create(IHostEnvironment env, ModelLoadContext context)
    {
        (State state, byte[]? model, byte[]? manifest) = ModelFile.Load<State>(context, typeof(PhotoInpaintingTransformer), Signature);
        return new(state.Columns, GraphHandle.Restore(state.Graph, state.Options.Storage, model, manifest), state.Options, ModelFile.WarnThrough(env));
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

    private static List<(string Name, Role Role)> MakeRoles(InpaintingColumns columns, InpaintingOptions options)
    {
        // Rows that may fail say so, unless the caller named other columns for it.
        bool rows = options.OnError == OnError.Row;
        (string? Name, Role Role)[] roles =
        [
            (columns.Output, Role.Picture),
            (columns.Fill, Role.Fill),
            (columns.Status ?? (rows ? $"{columns.Output}Status" : null), Role.Status),
            (columns.Error ?? (rows ? $"{columns.Output}Error" : null), Role.Error),
        ];
        return [.. roles.Where(r => r.Name is not null).Select(r => (r.Name!, r.Role))];
    }

    private enum Role
    {
        Picture,
        Fill,
        Status,
        Error,
    }

    private sealed record State(InpaintingColumns Columns, string? Graph, InpaintingOptions Options);

    private sealed class Work : RowWork
    {
        private readonly InpaintingWorker _worker;
        private readonly InpaintingRow[] _rows;
        private readonly long[] _positions;
        private readonly DataViewRow _input;
        private readonly PictureColumn _photo;
        private readonly PictureColumn? _mask;
        private readonly CaptionColumn? _caption;
        private readonly ValueGetter<ReadOnlyMemory<char>>? _name;
        private readonly OnError _onError;
        private readonly bool _encoded;
        private readonly List<(string Name, Role Role)> _roles;

        public Work(PhotoInpaintingTransformer transformer, DataViewRow input, InpaintingWorker worker)
        {
            InpaintingColumns columns = transformer.Columns;
            InpaintingOptions options = transformer.Options;
            _worker = worker;
            _input = input;
            _rows = [.. Enumerable.Range(0, worker.BatchSize).Select(_ => new InpaintingRow { RecyclesCompleted = true })];
            _positions = new long[_rows.Length];
            _photo = new PictureColumn(input, columns.Input, options.Decoding, Verb);
            _mask = columns.Mask is null ? null : new PictureColumn(input, columns.Mask, options.Decoding, Verb);
            _caption = transformer.TakesCaptions ? new CaptionColumn(input, columns.Caption!, Verb) : null;
            _name = columns.Name is null ? null : input.GetGetter<ReadOnlyMemory<char>>(Rows.Columns.Require(input.Schema, columns.Name, ColumnKinds.Text, Verb));
            _onError = options.OnError;
            _encoded = options.Output.Format is not null;
            _roles = transformer._roles;
        }

        public override int Capacity => _rows.Length;

        public override void Capture(int row)
        {
            InpaintingRow target = _rows[row];
            target.Clear();
            _positions[row] = _input.Position;
            target.Name = $"row {_input.Position}";
            _photo.ReadPhoto(target);
            _mask?.ReadMask(target);
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
            if (_onError == OnError.Fail && from.Exception is not null)
            {
                throw RowErrors.Named(from, _positions[row], from.Exception);
            }

            switch (_roles[output].Role)
            {
                case Role.Picture when !_encoded:
                    Value.Set(from.Completed is null ? null! : MLImages.FromPhoto(from.Completed), ref value);
                    break;
                case Role.Picture:
                    Value.SetVector<byte, T>(from.Encoded, ref value);
                    break;
                case Role.Fill:
                    Value.Set(from.Completed is null ? null! : MLImages.FromPhoto(from.Completed.Crop(from.HoleBounds)), ref value);
                    break;
                case Role.Status:
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
