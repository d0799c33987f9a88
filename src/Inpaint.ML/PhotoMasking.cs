using Inpaint.ML.Internals;
using Inpaint.ML.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime.Tensors;
using Microsoft.ML.Runtime;

namespace Inpaint.ML;

/// <summary>The columns that <see cref="PhotoMaskingEstimator"/> reads and adds.</summary>
/// <param name="Image">The graph's image input, in its layout and range: a vector.</param>
/// <param name="Mask">The graph's mask input, a vector; for graphs without one, 1 where hidden and 0 elsewhere.</param>
/// <param name="Window">The graph's window in the photo: a vector of x, y, width, height in pixels.</param>
/// <param name="Photo">The photo: an image, a path or a file's bytes.</param>
public sealed record MaskingColumns(string Image, string Mask, string Window, string Photo)
{
    /// <summary>A mask of the photo's size. Default null: the centre half is the hole.</summary>
    public string? HoleMask { get; init; }
}

/// <summary>Options of <see cref="InpaintCatalog.MaskPhotos"/>.</summary>
public sealed record PhotoMaskingOptions
{
    /// <summary>The defaults.</summary>
    public static PhotoMaskingOptions Default { get; } = new();

    /// <inheritdoc cref="InpaintingOptions.Decoding"/>
    public PhotoDecodingOptions Decoding { get; init; } = PhotoDecodingOptions.Default;

    /// <inheritdoc cref="FillOptions.MaskPolarity"/>
    public MaskPolarity MaskPolarity { get; init; } = FillOptions.Default.MaskPolarity;

    /// <summary>
    /// For graphs of any size: the side of the square picture that a window is scaled to, 1 to 16384. Such graphs need one here. Default
    /// null.
    /// </summary>
    public int? PictureSide { get; init; } = FillOptions.Default.PictureSide;

    /// <summary>
    /// With a mask column: whether the row has a window for each connected component of the mask, as in <c>InpaintPhotos</c>. The added
    /// columns then have the tensors of all windows of a photo, one after another, and their vectors differ in length; <c>ScoreOnnx</c>
    /// scores each window. False for one window around the whole mask, and vectors of one length. Default true.
    /// </summary>
    public bool WindowPerComponent { get; init; } = FillOptions.Default.WindowPerComponent;

    /// <summary>What <c>PasteFills</c> returns; for a window, large JPEGs are decoded at a reduced scale. Default: the photo.</summary>
    public OutputRegion Region { get; init; } = OutputOptions.Default.Region;

    /// <summary>What happens when a photo cannot be decoded. Default: the pass ends.</summary>
    public OnError OnError { get; init; } = InpaintingOptions.Default.OnError;

    /// <summary>Whether <c>PasteFills</c> gives a failed row a blank image, as <see cref="InpaintingOptions.BlankBadRows"/>.</summary>
    public bool BlankBadRows { get; init; }

    /// <summary>Whether a saved pipeline contains the graph's manifest or names the graph. Default: contains it.</summary>
    public GraphStorage Storage { get; init; } = InpaintingOptions.Default.Storage;

    /// <summary>The same as options of <c>InpaintPhotos</c>, by which they are checked.</summary>
    internal InpaintingOptions ToInpainting() => new()
    {
        Decoding = Decoding,
        Fill = new FillOptions { MaskPolarity = MaskPolarity, PictureSide = PictureSide, WindowPerComponent = WindowPerComponent },
        Output = new OutputOptions { Region = Region },
        OnError = OnError,
        BlankBadRows = BlankBadRows,
        Storage = Storage,
    };
}

/// <summary>Crops, scales and masks photos for a graph. See <see cref="InpaintCatalog.MaskPhotos"/>.</summary>
/// <remarks>
/// <list type="table">
/// <item><term>Looks at the data in Fit</term><description>No</description></item>
/// <item><term>Input column types</term><description>Text (a path), a vector of Byte (a file) or an image</description></item>
/// <item><term>Output column types</term>
/// <description>Vectors of Single or Byte, as the graph takes; the window: a vector of Int32</description></item>
/// <item><term>Packages besides Inpaint.ML</term><description>None</description></item>
/// <item><term>Exportable to ONNX</term><description>No</description></item>
/// </list>
/// </remarks>
public sealed class PhotoMaskingEstimator : RowEstimator<PhotoMaskingTransformer>
{
    internal PhotoMaskingEstimator(MaskingColumns columns, GraphSource? graph, PhotoMaskingOptions options)
        : base(
            nameof(InpaintCatalog.MaskPhotos), [columns.Image, columns.Mask, columns.Window],
            () => new PhotoMaskingTransformer(columns, GraphHandle.Load(graph, options.Storage, DefaultGraph.Tensors), options)) =>
        Setting.Validate(options.ToInpainting());
}

/// <summary>Computes a graph's image and mask tensors from photos.</summary>
public sealed class PhotoMaskingTransformer : RowTransformer
{
    internal const string Signature = "INP_MASK";
    private const string Verb = nameof(InpaintCatalog.MaskPhotos);

    private readonly GraphHandle _graph;
    private readonly PhotoProcessor _processor;
    private readonly (int Width, int Height) _size;
    private readonly int _imageInput;
    private readonly int _maskInput;
    private readonly bool _severalWindows;

    internal PhotoMaskingTransformer(MaskingColumns columns, GraphHandle graph, PhotoMaskingOptions options)
    {
        Columns = columns;
        Options = options;
        _graph = graph.WithoutModel;
        _processor = new PhotoProcessor(graph.Manifest, options.ToInpainting());
        _size = _processor.Geometry.PictureSize
            ?? throw new GraphException(
                $"Graph '{graph.Manifest.Name}' takes pictures of any size, and a column of tensors has one size. Set PictureSide, or "
                    + "use InpaintPhotos, which needs none.");
        (_imageInput, _maskInput) = FindInputs(graph.Manifest, _processor.Encoder);
        _severalWindows = options.WindowPerComponent && columns.HoleMask is not null && options.Region == OutputRegion.Photo;
        AddedColumn[] added =
        [
            new(columns.Image, TensorType(_imageInput)),
            new(columns.Mask, _maskInput >= 0
                ? TensorType(_maskInput)
                : new VectorDataViewType(NumberDataViewType.Single, 1, _size.Height, _size.Width)),
            new(columns.Window, new VectorDataViewType(NumberDataViewType.Int32, 4)),
        ];
        Row = new RowSchema(
            Verb,
            [new(columns.Photo, ColumnKinds.Picture), SourceColumn.Optional(columns.HoleMask, ColumnKinds.Picture)],
            _severalWindows ? added.Select(ItemColumns.Several) : added);
    }

    /// <summary>The columns read and added.</summary>
    public MaskingColumns Columns { get; }

    /// <summary>The options.</summary>
    public PhotoMaskingOptions Options { get; }

    /// <summary>The graph's manifest.</summary>
    public GraphManifest Manifest => _graph.Manifest;

    internal override RowSchema Row { get; }

    internal PhotoMaskingTransformer WithGraph(GraphHandle graph) => new(Columns, graph, Options);

    internal override RowProcessor CreateProcessor(DataViewRow input, bool[] wanted, bool singleRow) => new Processor(this, input);

    private protected override void Save(ModelSaveContext context) =>
        ModelFile.Save(context, Signature, new State(Columns, _graph.Name, Options), _graph.Embedded);

    private static PhotoMaskingTransformer Create(IHostEnvironment env, ModelLoadContext context)
    {
        (State state, var embedded) = ModelFile.Load<State>(context, Signature);
        return new(state.Columns, GraphHandle.Restore(state.Graph, state.Options.Storage, embedded), state.Options);
    }

    private static (int Image, int Mask) FindInputs(GraphManifest manifest, InputEncoder encoder)
    {
        var pictures = manifest.Inputs.Where(i => i.Parts[0].Role != PartRole.Caption).ToList();
        int image = pictures.FindIndex(i => i.Parts.Any(p => p.Role == PartRole.Image));
        int mask = pictures.FindIndex(i => i.Parts.Any(p => p.Role == PartRole.Mask));
        return encoder.Names.Count > 2 || (encoder.Names.Count == 2 && (mask < 0 || mask == image))
            ? throw new GraphException(
                $"Graph '{manifest.Name}' takes the pictures {string.Join(", ", encoder.Names)}; {Verb} adds an image and a mask. Use "
                    + "InpaintPhotos, which supports all inputs.")
            : (image, mask == image ? -1 : mask);
    }

    private VectorDataViewType TensorType(int input)
    {
        long[] shape = _processor.Encoder.Shape(input, 1, _size.Width, _size.Height);
        PrimitiveDataViewType item = _processor.Encoder.ElementType(input) == TensorElementType.UInt8
            ? NumberDataViewType.Byte
            : NumberDataViewType.Single;
        return new VectorDataViewType(item, shape.Skip(1).Select(d => (int)d).ToArray());
    }

    private sealed record State(MaskingColumns Columns, string? Graph, PhotoMaskingOptions Options);

    private sealed class Processor(PhotoMaskingTransformer transformer, DataViewRow input) : RowProcessor
    {
        private readonly PhotoProcessor _processor = transformer._processor;
        private readonly PhotoColumns _columns = new(
            input, transformer.Columns.Photo, transformer.Columns.HoleMask, transformer.Options.Decoding);
        private readonly InpaintingRow _row = new();
        private readonly List<Picture> _pictures = [];
        private int _count;

        public override void Capture(int row)
        {
            _count = 0;
            if (_columns.Decode(_row, _processor) is { } decoded)
            {
                (Photo photo, Hole hole) = decoded;
                foreach (GraphWindow window in _processor.Geometry.Place(hole, photo.Width, photo.Height, transformer._severalWindows))
                {
                    Picture picture = Add();
                    picture.Window = window.Window;
                    _processor.Geometry.Extract(photo, hole, window.Window, picture.Pixels, picture.Hidden);
                }
            }

            if (_count == 0 && !transformer._severalWindows)
            {
                // Nothing to fill, but vectors of one length.
                Picture none = Add();
                none.Window = default;
                none.Pixels.Pixels.Clear();
                none.Hidden.Fill(true);
            }
        }

        public override void Get<T>(int output, int row, ref T value)
        {
            switch (output)
            {
                case 0:
                    Tensor(transformer._imageInput, ref value);
                    break;
                case 1 when transformer._maskInput >= 0:
                    Tensor(transformer._maskInput, ref value);
                    break;
                case 1:
                    int length = transformer._size.Width * transformer._size.Height;
                    Span<float> mask = Value.Edit<float, T>(_count * length, ref value);
                    for (int i = 0; i < mask.Length; i++)
                    {
                        mask[i] = _pictures[i / length].Hidden.Pixels[i % length] != 0 ? 1 : 0;
                    }

                    break;
                default:
                    Value.SetVector<int, T>(
                        [.. _pictures.Take(_count).SelectMany(p => (int[])[p.Window.X, p.Window.Y, p.Window.Width, p.Window.Height])],
                        ref value);
                    break;
            }
        }

        private Picture Add()
        {
            if (_count == _pictures.Count)
            {
                _pictures.Add(new Picture(transformer._size.Width, transformer._size.Height));
            }

            return _pictures[_count++];
        }

        private void Tensor<T>(int input, ref T value)
        {
            int length = _processor.Encoder.RowLength(input, transformer._size.Width, transformer._size.Height);
            if (_processor.Encoder.ElementType(input) == TensorElementType.UInt8)
            {
                Write(input, Value.Edit<byte, T>(_count * length, ref value));
            }
            else
            {
                Write(input, Value.Edit<float, T>(_count * length, ref value));
            }
        }

        private void Write<TItem>(int input, Span<TItem> target) where TItem : unmanaged
        {
            for (int i = 0; i < _count; i++)
            {
                int length = target.Length / _count;
                _processor.Encoder.Write(input, _pictures[i].Pixels, _pictures[i].Hidden, target.Slice(i * length, length));
            }
        }
    }

    /// <summary>A window at the graph's size.</summary>
    private sealed class Picture(int width, int height)
    {
        public PixelRect Window { get; set; }

        public Photo Pixels { get; } = new(width, height);

        public Mask Hidden { get; } = new(width, height);
    }
}
