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

    /// <summary>What <c>PasteFills</c> returns; for a window, large JPEGs are decoded at a reduced scale. Default: the photo.</summary>
    public OutputRegion Region { get; init; } = OutputOptions.Default.Region;

    /// <summary>What happens when a photo cannot be decoded. Default: the pass ends.</summary>
    public OnError OnError { get; init; } = InpaintingOptions.Default.OnError;

    /// <summary>Whether a saved pipeline contains the graph's manifest or names the graph. Default: contains it.</summary>
    public GraphStorage Storage { get; init; } = InpaintingOptions.Default.Storage;

    /// <summary>The same as options of <c>InpaintPhotos</c>, by which they are checked.</summary>
    internal InpaintingOptions ToInpainting() => new()
    {
        Decoding = Decoding,
        Fill = new FillOptions { MaskPolarity = MaskPolarity, PictureSide = PictureSide },
        Output = new OutputOptions { Region = Region },
        OnError = OnError,
        Storage = Storage,
    };
}

/// <summary>Crops, scales and masks photos for a graph. See <see cref="InpaintCatalog.MaskPhotos"/>.</summary>
public sealed class PhotoMaskingEstimator : RowEstimator<PhotoMaskingTransformer>
{
    internal PhotoMaskingEstimator(MaskingColumns columns, string? graph, PhotoMaskingOptions options)
        : base(new PhotoMaskingTransformer(columns, GraphHandle.Load(graph, options.Storage, DefaultGraph.Tensors), options))
    {
    }
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
        Row = new RowSchema(
            Verb,
            [new(columns.Photo, ColumnKinds.Picture), SourceColumn.Optional(columns.HoleMask, ColumnKinds.Picture)],
            [
                new(columns.Image, TensorType(_imageInput)),
                new(columns.Mask, _maskInput >= 0
                    ? TensorType(_maskInput)
                    : new VectorDataViewType(NumberDataViewType.Single, 1, _size.Height, _size.Width)),
                new(columns.Window, new VectorDataViewType(NumberDataViewType.Int32, 4)),
            ]);
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
        private readonly Photo _picture = new(transformer._size.Width, transformer._size.Height);
        private readonly Mask _hidden = new(transformer._size.Width, transformer._size.Height);
        private readonly int[] _window = new int[4];

        public override void Capture(int row)
        {
            _window.AsSpan().Clear();
            if (_columns.Decode(_row, _processor) is not { } decoded)
            {
                _picture.Pixels.Clear();
                _hidden.Fill(true);
                return;
            }

            (Photo photo, Hole hole) = decoded;
            PixelRect window = _processor.Geometry.Place(hole, photo.Width, photo.Height, perComponent: false)[0].Window;
            _processor.Geometry.Extract(photo, hole, window, _picture, _hidden);
            (_window[0], _window[1], _window[2], _window[3]) = (window.X, window.Y, window.Width, window.Height);
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
                    Span<float> mask = Value.Edit<float, T>(_hidden.Pixels.Length, ref value);
                    for (int i = 0; i < mask.Length; i++)
                    {
                        mask[i] = _hidden.Pixels[i] != 0 ? 1 : 0;
                    }

                    break;
                default:
                    Value.SetVector<int, T>(_window, ref value);
                    break;
            }
        }

        private void Tensor<T>(int input, ref T value)
        {
            InputEncoder encoder = _processor.Encoder;
            int length = encoder.RowLength(input, _picture.Width, _picture.Height);
            if (encoder.ElementType(input) == TensorElementType.UInt8)
            {
                encoder.Write(input, _picture, _hidden, Value.Edit<byte, T>(length, ref value));
            }
            else
            {
                encoder.Write(input, _picture, _hidden, Value.Edit<float, T>(length, ref value));
            }
        }
    }
}
