using Inpaint.Graphs;
using Inpaint.Holes;
using Inpaint.ML.Internals;
using Inpaint.ML.Rows;
using Inpaint.Onnx.Inpainting;
using Inpaint.Onnx.Runtime;
using Inpaint.Photos;
using Inpaint.Settings;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

namespace Inpaint.ML.Transforms;

/// <summary>The columns that <see cref="FillPastingEstimator"/> reads and adds.</summary>
/// <param name="Output">The completed photo (an image, or a vector of bytes when <see cref="OutputOptions.Format"/> asks for a file).</param>
/// <param name="Photo">The photo: an image, a path or a file's bytes.</param>
/// <param name="Fill">The graph's output: a vector of numbers.</param>
/// <param name="Window">Where the graph's picture lies in the photo, as <c>MaskPhotos</c> gives it.</param>
public sealed record PastingColumns(string Output, string Photo, string Fill, string Window)
{
    /// <summary>The mask that <c>MaskPhotos</c> was given. Null: the centre half is hidden.</summary>
    public string? HoleMask { get; init; }
}

/// <summary>Pastes a graph's fills into photos. See <see cref="InpaintCatalog.PasteFills"/>.</summary>
public sealed class FillPastingEstimator : IEstimator<FillPastingTransformer>
{
    private readonly FillPastingTransformer _transformer;

    internal FillPastingEstimator(PastingColumns columns, string? graph, InpaintingOptions? options)
    {
        options ??= InpaintingOptions.Default;
        _transformer = new FillPastingTransformer(columns, ManifestHandle.Load(graph, options.Storage), options);
    }

    /// <summary>Checks the input's columns; there is nothing to learn.</summary>
    public FillPastingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _ = _transformer.GetOutputSchema(input.Schema);
        return _transformer.WithGraph(_transformer.Handle);
    }

    /// <inheritdoc />
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        PastingColumns columns = _transformer.Columns;
        _ = Columns.Require(inputSchema, columns.Photo, ColumnKinds.Picture, FillPastingTransformer.Verb);
        SchemaShape.Column fill = Columns.Require(inputSchema, columns.Fill, ColumnKinds.Number, FillPastingTransformer.Verb);
        _transformer.CheckFill($"a column of {fill.ItemType}", fill.Kind != SchemaShape.Column.VectorKind.Scalar, fill.ItemType, null);
        SchemaShape.Column window = Columns.Require(inputSchema, columns.Window, ColumnKinds.Number, FillPastingTransformer.Verb);
        _transformer.CheckWindow($"a column of {window.ItemType}", window.Kind == SchemaShape.Column.VectorKind.Vector && window.ItemType == NumberDataViewType.Int32);
        if (columns.HoleMask is { } mask)
        {
            _ = Columns.Require(inputSchema, mask, ColumnKinds.Picture, FillPastingTransformer.Verb);
        }

        return Shapes.With(inputSchema, _transformer.Added);
    }
}

/// <summary>Reads a graph's output as its manifest says and pastes it into the hole; every other pixel stays the photo's.</summary>
public sealed class FillPastingTransformer : RowTransformer
{
    internal const string Signature = "INP_PAST";
    internal const string Verb = "PasteFills";

    private readonly ManifestHandle _graph;
    private readonly OutputDecoder _decoder;
    private readonly GraphGeometry _geometry;

    internal FillPastingTransformer(PastingColumns columns, ManifestHandle graph, InpaintingOptions options)
    {
        Columns = columns;
        Options = Setting.Validate(options);
        _graph = graph;
        _decoder = new OutputDecoder(graph.Manifest);
        _geometry = new GraphGeometry(graph.Manifest, options.Fill.PictureSide);
        if (_geometry.PictureSize is null)
        {
            throw new GraphException($"Graph '{graph.Manifest.Name}' takes pictures of any size, and a column of fills has one size. State it as PictureSide, as for MaskPhotos, or use InpaintPhotos, which needs none.");
        }

        Added = [new(columns.Output, options.Output.Format is null ? new ImageDataViewType() : new VectorDataViewType(NumberDataViewType.Byte))];
    }

    /// <summary>The columns read and added.</summary>
    public PastingColumns Columns { get; }

    /// <summary>The settings.</summary>
    public InpaintingOptions Options { get; }

    /// <summary>The graph's manifest.</summary>
    public GraphManifest Manifest => _graph.Manifest;

    internal AddedColumn[] Added { get; }

    internal ManifestHandle Handle => _graph;

    internal FillPastingTransformer WithGraph(ManifestHandle graph) => new(Columns, graph, Options);

    internal override IReadOnlyList<AddedColumn> AddedColumns(DataViewSchema input)
    {
        _ = Needs(input).Count();
        return Added;
    }

    internal override IEnumerable<DataViewSchema.Column> Needs(DataViewSchema input)
    {
        yield return Rows.Columns.Require(input, Columns.Photo, ColumnKinds.Picture, Verb);
        DataViewSchema.Column fill = Rows.Columns.Require(input, Columns.Fill, ColumnKinds.Number, Verb);
        var fills = fill.Type as VectorDataViewType;
        CheckFill($"{fill.Type}", fills is not null, fills?.ItemType, fills is { IsKnownSize: true } ? fills.Size : null);
        yield return fill;
        DataViewSchema.Column window = Rows.Columns.Require(input, Columns.Window, ColumnKinds.Number, Verb);
        CheckWindow($"{window.Type}", window.Type is VectorDataViewType { Size: 4 } places && places.ItemType == NumberDataViewType.Int32);
        yield return window;
        if (Columns.HoleMask is not null)
        {
            yield return Rows.Columns.Require(input, Columns.HoleMask, ColumnKinds.Picture, Verb);
        }
    }

    internal void CheckFill(string found, bool vector, DataViewType? item, int? length)
    {
        (int width, int height) = _geometry.PictureSize!.Value;
        int expected = _decoder.RowLength(width, height);
        if (!vector || (length is not null && length != expected) || (item != NumberDataViewType.Single && item != NumberDataViewType.Byte))
        {
            throw new ArgumentException($"{Verb}: column '{Columns.Fill}' is {found}; expected a vector of {expected} numbers (Single or Byte), the output of graph '{Manifest.Name}'. Score that graph before.");
        }
    }

    internal void CheckWindow(string found, bool fits)
    {
        if (!fits)
        {
            throw new ArgumentException($"{Verb}: column '{Columns.Window}' is {found}; expected a vector of 4 Int32 (x, y, width, height). Name the window column that MaskPhotos gave.");
        }
    }

    internal override RowWork CreateWork(DataViewRow input, bool[] wanted, bool singleRow) => new Work(this, input);

    private protected override void SaveModel(ModelSaveContext context) =>
        ModelFile.Save(context, GetType(), Signature, new State(Columns, _graph.Name, Options), manifest: _graph.Embedded);

    private static FillPastingTransformer Create(IHostEnvironment env, ModelLoadContext context)
    {
        (State state, _, byte[]? manifest) = ModelFile.Load<State>(context, typeof(FillPastingTransformer), Signature);
        return new(state.Columns, ManifestHandle.Restore(state.Graph, state.Options.Storage, manifest), state.Options);
    }

    private sealed record State(PastingColumns Columns, string? Graph, InpaintingOptions Options);

    private sealed class Work : RowWork
    {
        private readonly FillPastingTransformer _transformer;
        private readonly DataViewRow _input;
        private readonly PhotoRowReader _reader;
        private readonly ValueGetter<VBuffer<float>>? _floats;
        private readonly ValueGetter<VBuffer<byte>>? _bytes;
        private readonly ValueGetter<VBuffer<int>> _window;
        private readonly Photo _picture;
        private readonly Mask _hidden;
        private readonly float[] _fill;
        private VBuffer<float> _floatFill;
        private VBuffer<byte> _byteFill;
        private VBuffer<int> _place;
        private Photo? _completed;

        public Work(FillPastingTransformer transformer, DataViewRow input)
        {
            PastingColumns columns = transformer.Columns;
            _transformer = transformer;
            _input = input;
            _reader = new PhotoRowReader(input, columns.Photo, columns.HoleMask, transformer.Options, transformer.Manifest, Verb);
            DataViewSchema.Column fill = input.Schema[columns.Fill];
            if (((VectorDataViewType)fill.Type).ItemType == NumberDataViewType.Single)
            {
                _floats = input.GetGetter<VBuffer<float>>(fill);
            }
            else
            {
                _bytes = input.GetGetter<VBuffer<byte>>(fill);
            }

            _window = input.GetGetter<VBuffer<int>>(input.Schema[columns.Window]);
            (int width, int height) = transformer._geometry.PictureSize!.Value;
            _picture = new Photo(width, height);
            _hidden = new Mask(width, height);
            _fill = new float[transformer._decoder.RowLength(width, height)];
        }

        public override int Capacity => 1;

        public override void Capture(int row)
        {
            _reader.Capture();
            _window(ref _place);
            int length;
            if (_floats is not null)
            {
                _floats(ref _floatFill);
                length = _floatFill.Length;
            }
            else
            {
                _bytes!(ref _byteFill);
                length = _byteFill.Length;
            }

            if (length != _fill.Length)
            {
                throw new InvalidOperationException($"Row {_input.Position}: column '{_transformer.Columns.Fill}' holds {length} numbers; expected {_fill.Length}.");
            }

            if (_floats is not null)
            {
                _floatFill.CopyTo(_fill);
                return;
            }

            int i = 0;
            foreach (byte number in _byteFill.DenseValues())
            {
                _fill[i++] = number;
            }
        }

        public override void Run(int count, CancellationToken cancellation)
        {
            _completed = null;
            if (_reader.Read() is not { } read)
            {
                return;
            }

            ReadOnlySpan<int> place = _place.DenseValues().ToArray();
            var window = new PixelRect(place[0], place[1], place[2], place[3]);
            if (window.IsEmpty)
            {
                throw new InvalidOperationException($"Row {_input.Position}: column '{_transformer.Columns.Window}' is empty for a photo that is there; use the window that MaskPhotos gave for it.");
            }

            _transformer._geometry.Extract(read.Photo, read.Hole, window, _picture, _hidden);
            _transformer._decoder.Read(_fill, _picture, _hidden);
            if (_transformer.Options.Output.Region == OutputRegion.Window)
            {
                _completed = _picture.Clone();
                return;
            }

            _completed = read.Photo;
            WindowSampler.Paste(_picture, window, read.Hole, _completed, _transformer.Options.Fill.Feather);
        }

        public override void Get<T>(int output, int row, ref T value)
        {
            if (_transformer.Options.Output.Format is null)
            {
                Value.Set(_completed is null ? null! : MLImages.FromPhoto(_completed), ref value);
                return;
            }

            Value.SetVector<byte, T>(_completed is null ? [] : _transformer.Options.Output.Encode(_completed), ref value);
        }
    }
}
