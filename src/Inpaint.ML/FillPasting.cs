using Inpaint.ML.Internals;
using Inpaint.ML.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

namespace Inpaint.ML;

/// <summary>The columns that <see cref="FillPastingEstimator"/> reads and adds.</summary>
/// <param name="Output">The completed photo: an image, or a file's bytes when <see cref="FillPastingOptions.Format"/> is set.</param>
/// <param name="Photo">The photo: an image, a path or a file's bytes.</param>
/// <param name="Fill">The graph's output: a vector of numbers.</param>
/// <param name="Window">The graph's window in the photo, from <c>MaskPhotos</c>.</param>
public sealed record PastingColumns(string Output, string Photo, string Fill, string Window)
{
    /// <summary>The mask column of <c>MaskPhotos</c>. Default null: the centre half is the hole.</summary>
    public string? HoleMask { get; init; }
}

/// <summary>Options of <see cref="InpaintCatalog.PasteFills"/>.</summary>
public sealed record FillPastingOptions
{
    /// <summary>The defaults.</summary>
    public static FillPastingOptions Default { get; } = new();

    /// <summary>The options of <c>MaskPhotos</c>, so that both decode a photo alike.</summary>
    public PhotoMaskingOptions Masking { get; init; } = PhotoMaskingOptions.Default;

    /// <inheritdoc cref="FillOptions.Feather"/>
    public int Feather { get; init; } = FillOptions.Default.Feather;

    /// <inheritdoc cref="OutputOptions.Format"/>
    public PhotoFormat? Format { get; init; } = OutputOptions.Default.Format;

    /// <inheritdoc cref="OutputOptions.Quality"/>
    public int Quality { get; init; } = OutputOptions.Default.Quality;

    /// <inheritdoc cref="PhotoMaskingOptions.ToInpainting"/>
    internal InpaintingOptions ToInpainting()
    {
        InpaintingOptions masking = Masking.ToInpainting();
        return masking with
        {
            Fill = masking.Fill with { Feather = Feather },
            Output = masking.Output with { Format = Format, Quality = Quality },
        };
    }
}

/// <summary>Pastes a graph's fills into photos. See <see cref="InpaintCatalog.PasteFills"/>.</summary>
/// <remarks>
/// <list type="table">
/// <item><term>Looks at the data in Fit</term><description>No</description></item>
/// <item><term>Input column types</term>
/// <description>Text (a path), a vector of Byte (a file) or an image; the fill: a vector of Single or Byte</description></item>
/// <item><term>Output column types</term><description>An image, or a vector of Byte with a format</description></item>
/// <item><term>Packages besides Inpaint.ML</term><description>None</description></item>
/// <item><term>Exportable to ONNX</term><description>No</description></item>
/// </list>
/// </remarks>
public sealed class FillPastingEstimator : RowEstimator<FillPastingTransformer>
{
    internal FillPastingEstimator(PastingColumns columns, GraphSource? graph, FillPastingOptions options)
        : base(
            nameof(InpaintCatalog.PasteFills), [columns.Output],
            () => new FillPastingTransformer(columns, GraphHandle.Load(graph, options.Masking.Storage, DefaultGraph.Tensors), options)) =>
        Setting.Validate(options.ToInpainting());
}

/// <summary>Reads a graph's output as its manifest specifies and pastes it into the hole; all other pixels are the photo's.</summary>
public sealed class FillPastingTransformer : RowTransformer
{
    internal const string Signature = "INP_PAST";

    private readonly GraphHandle _graph;
    private readonly PhotoProcessor _processor;
    private readonly (int Width, int Height) _size;

    internal FillPastingTransformer(PastingColumns columns, GraphHandle graph, FillPastingOptions options)
    {
        Columns = columns;
        Options = options;
        _graph = graph.WithoutModel;
        _processor = new PhotoProcessor(graph.Manifest, options.ToInpainting());
        _size = _processor.Geometry.PictureSize
            ?? throw new GraphException(
                $"Graph '{graph.Manifest.Name}' takes pictures of any size, and a column of fills has one size. Set PictureSide, as "
                    + "for MaskPhotos, or use InpaintPhotos, which needs none.");
        int length = _processor.Decoder.RowLength(_size.Width, _size.Height);
        Row = new RowSchema(
            nameof(InpaintCatalog.PasteFills),
            [
                new(columns.Photo, ColumnKinds.Picture),
                new(columns.Fill, ColumnKinds.Number)
                {
                    Accepts = type => type.IsVector && (type.Length is null || type.Length == 0 || type.Length == length)
                        && (type.Item == NumberDataViewType.Single || type.Item == NumberDataViewType.Byte),
                    Expected = $"a vector of {length} numbers (Single or Byte), the output of graph '{graph.Manifest.Name}'",
                    Remedy = "Score that graph before.",
                },
                new(columns.Window, ColumnKinds.Number)
                {
                    Accepts = type => type.IsVector && type.Length is null or 0 or 4 && type.Item == NumberDataViewType.Int32,
                    Expected = "a vector of 4 Int32 (x, y, width, height) for each window",
                    Remedy = "Name the window column of MaskPhotos.",
                },
                SourceColumn.Optional(columns.HoleMask, ColumnKinds.Picture),
            ],
            [new(columns.Output, PhotoColumns.TypeOf(options.Format))]);
    }

    /// <summary>The columns read and added.</summary>
    public PastingColumns Columns { get; }

    /// <summary>The options.</summary>
    public FillPastingOptions Options { get; }

    /// <summary>The graph's manifest.</summary>
    public GraphManifest Manifest => _graph.Manifest;

    internal override RowSchema Row { get; }

    internal FillPastingTransformer WithGraph(GraphHandle graph) => new(Columns, graph, Options);

    internal override RowProcessor CreateProcessor(DataViewRow input, bool[] wanted, bool singleRow) => new Processor(this, input);

    private protected override void Save(ModelSaveContext context) =>
        ModelFile.Save(context, Signature, new State(Columns, _graph.Name, Options), _graph.Embedded);

    private static FillPastingTransformer Create(IHostEnvironment env, ModelLoadContext context)
    {
        (State state, var embedded) = ModelFile.Load<State>(context, Signature);
        return new(state.Columns, GraphHandle.Restore(state.Graph, state.Options.Masking.Storage, embedded), state.Options);
    }

    private sealed record State(PastingColumns Columns, string? Graph, FillPastingOptions Options);

    private sealed class Processor : RowProcessor
    {
        private readonly FillPastingTransformer _transformer;
        private readonly DataViewRow _input;
        private readonly PhotoColumns _columns;
        private readonly InpaintingRow _row = new();
        private readonly ValueGetter<VBuffer<float>>? _floats;
        private readonly ValueGetter<VBuffer<byte>>? _bytes;
        private readonly ValueGetter<VBuffer<int>> _window;
        private readonly Photo _picture;
        private readonly Mask _hidden;
        private readonly int _length;
        private VBuffer<float> _floatFill;
        private VBuffer<byte> _byteFill;
        private VBuffer<int> _place;
        private Photo? _completed;

        public Processor(FillPastingTransformer transformer, DataViewRow input)
        {
            PastingColumns columns = transformer.Columns;
            _transformer = transformer;
            _input = input;
            _columns = new PhotoColumns(input, columns.Photo, columns.HoleMask, transformer.Options.Masking.Decoding);
            DataViewSchema.Column fill = input.Schema[columns.Fill];
            bool isFloat = ((VectorDataViewType)fill.Type).ItemType == NumberDataViewType.Single;
            _floats = isFloat ? input.GetGetter<VBuffer<float>>(fill) : null;
            _bytes = isFloat ? null : input.GetGetter<VBuffer<byte>>(fill);
            _window = input.GetGetter<VBuffer<int>>(input.Schema[columns.Window]);
            (int width, int height) = transformer._size;
            _picture = new Photo(width, height);
            _hidden = new Mask(width, height);
            _length = transformer._processor.Decoder.RowLength(width, height);
        }

        public override void Capture(int row)
        {
            _window(ref _place);
            int[] place = [.. _place.DenseValues()];
            float[] fills = ReadFills(place.Length / 4);
            PixelRect[] windows = [.. place.Chunk(4).Select(w => new PixelRect(w[0], w[1], w[2], w[3]))];
            _completed = _columns.Decode(_row, _transformer._processor) is { } decoded
                ? Paste(decoded.Photo, decoded.Hole, windows, fills)
                : null;
        }

        private float[] ReadFills(int windows)
        {
            float[] fills;
            if (_floats is not null)
            {
                _floats(ref _floatFill);
                fills = [.. _floatFill.DenseValues()];
            }
            else
            {
                _bytes!(ref _byteFill);
                fills = [.. _byteFill.DenseValues().Select(number => (float)number)];
            }

            return fills.Length == windows * _length
                ? fills
                : throw new InvalidOperationException(
                    $"Row {_input.Position}: column '{_transformer.Columns.Fill}' has {fills.Length} numbers; expected "
                        + $"{windows * _length}, the output of graph '{_transformer.Manifest.Name}' for {windows} windows. Score "
                        + "that graph before.");
        }

        private Photo Paste(Photo photo, Hole hole, PixelRect[] windows, float[] fills)
        {
            if (hole.IsEmpty)
            {
                return photo;
            }

            Hole[] parts = PartsOf(hole, photo, windows);
            PhotoProcessor processor = _transformer._processor;
            for (int i = 0; i < windows.Length; i++)
            {
                processor.Geometry.Extract(photo, hole, windows[i], _picture, _hidden);
                processor.Decoder.Read(fills.AsSpan(i * _length, _length), _picture, _hidden);
                if (_transformer.Options.Masking.Region == OutputRegion.Window)
                {
                    return _picture.Clone();
                }

                WindowSampler.Paste(_picture, windows[i], parts[i], photo, _transformer.Options.Feather);
            }

            return photo;
        }

        /// <summary>The hidden pixels that each window fills.</summary>
        private Hole[] PartsOf(Hole hole, Photo photo, PixelRect[] windows)
        {
            if (windows is [{ IsEmpty: false }])
            {
                return [hole];
            }

            IReadOnlyList<GraphWindow> planned =
                _transformer._processor.Geometry.Place(hole, photo.Width, photo.Height, perComponent: true);
            return planned.Select(p => p.Window).SequenceEqual(windows)
                ? [.. planned.Select(p => p.Part)]
                : throw new InvalidOperationException(
                    $"Row {_input.Position}: column '{_transformer.Columns.Window}' has the windows {string.Join(" ", windows)}; expected "
                        + $"{string.Join(" ", planned.Select(p => p.Window))}, which MaskPhotos computes for the row's photo and mask. "
                        + "Name that column, and the photo and the mask of MaskPhotos.");
        }

        public override void Get<T>(int output, int row, ref T value)
        {
            bool blank = _transformer.Options.Masking.BlankBadRows;
            if (_transformer.Options.Format is null)
            {
                Value.Set(
                    _completed is not null ? MLImages.FromPhoto(_completed) : MLImages.Missing(
                        blank, () => PhotoColumns.NoImage(_row, _input.Position, _row.Exception)),
                    ref value);
                return;
            }

            Photo? shown = _completed ?? (blank ? MLImages.BlankPhoto() : null);
            Value.SetVector<byte, T>(shown is null ? [] : _transformer._processor.Options.Output.Encode(shown), ref value);
        }
    }
}
