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

namespace Inpaint.ML.Transforms;

/// <summary>The columns that <see cref="PhotoMaskingEstimator"/> reads and adds.</summary>
/// <param name="Image">The graph's picture input, in its own layout and range: a vector.</param>
/// <param name="Mask">The graph's mask input; for graphs without one, 1 where the picture is hidden and 0 elsewhere: a vector.</param>
/// <param name="Window">Where the picture lies in the photo: a vector of x, y, width, height in pixels.</param>
/// <param name="Photo">The photo: an image, a path or a file's bytes.</param>
public sealed record MaskingColumns(string Image, string Mask, string Window, string Photo)
{
    /// <summary>A mask of the photo's size. Null: the centre half is hidden.</summary>
    public string? HoleMask { get; init; }
}

/// <summary>Crops, scales and hides photos as a graph wants them. See <see cref="InpaintCatalog.MaskPhotos"/>.</summary>
public sealed class PhotoMaskingEstimator : IEstimator<PhotoMaskingTransformer>
{
    private readonly PhotoMaskingTransformer _transformer;

    internal PhotoMaskingEstimator(MaskingColumns columns, string? graph, InpaintingOptions? options)
    {
        options ??= InpaintingOptions.Default;
        _transformer = new PhotoMaskingTransformer(columns, ManifestHandle.Load(graph, options.Storage), options);
    }

    /// <summary>Checks the input's columns; there is nothing to learn.</summary>
    public PhotoMaskingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _ = _transformer.GetOutputSchema(input.Schema);
        return _transformer.WithGraph(_transformer.Handle);
    }

    /// <inheritdoc />
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _ = Columns.Require(inputSchema, _transformer.Columns.Photo, ColumnKinds.Picture, PhotoMaskingTransformer.Verb);
        if (_transformer.Columns.HoleMask is { } mask)
        {
            _ = Columns.Require(inputSchema, mask, ColumnKinds.Picture, PhotoMaskingTransformer.Verb);
        }

        return Shapes.With(inputSchema, _transformer.Added);
    }
}

/// <summary>Makes a graph's picture and mask tensors of photos.</summary>
public sealed class PhotoMaskingTransformer : RowTransformer
{
    internal const string Signature = "INP_MASK";
    internal const string Verb = "MaskPhotos";

    private readonly ManifestHandle _graph;
    private readonly InputEncoder _encoder;
    private readonly GraphGeometry _geometry;
    private readonly int _imageInput;
    private readonly int _maskInput;

    internal PhotoMaskingTransformer(MaskingColumns columns, ManifestHandle graph, InpaintingOptions options)
    {
        Columns = columns;
        Options = Setting.Validate(options);
        _graph = graph;
        _encoder = new InputEncoder(graph.Manifest);
        _geometry = new GraphGeometry(graph.Manifest, options.Fill.PictureSide);
        if (_geometry.PictureSize is not { } size)
        {
            throw new GraphException($"Graph '{graph.Manifest.Name}' takes pictures of any size, and a column of tensors has one size. State it as PictureSide, or use InpaintPhotos, which needs none.");
        }

        (_imageInput, _maskInput) = FindInputs(graph.Manifest, _encoder);
        Added =
        [
            new(columns.Image, TensorType(_imageInput, size)),
            new(columns.Mask, _maskInput >= 0 ? TensorType(_maskInput, size) : new VectorDataViewType(NumberDataViewType.Single, 1, size.Height, size.Width)),
            new(columns.Window, new VectorDataViewType(NumberDataViewType.Int32, 4)),
        ];
    }

    /// <summary>The columns read and added.</summary>
    public MaskingColumns Columns { get; }

    /// <summary>The settings.</summary>
    public InpaintingOptions Options { get; }

    /// <summary>The graph's manifest.</summary>
    public GraphManifest Manifest => _graph.Manifest;

    internal AddedColumn[] Added { get; }

    internal ManifestHandle Handle => _graph;

    internal PhotoMaskingTransformer WithGraph(ManifestHandle graph) => new(Columns, graph, Options);

    internal override IReadOnlyList<AddedColumn> AddedColumns(DataViewSchema input)
    {
        _ = Needs(input).Count();
        return Added;
    }

    internal override IEnumerable<DataViewSchema.Column> Needs(DataViewSchema input)
    {
        yield return Rows.Columns.Require(input, Columns.Photo, ColumnKinds.Picture, Verb);
        if (Columns.HoleMask is not null)
        {
            yield return Rows.Columns.Require(input, Columns.HoleMask, ColumnKinds.Picture, Verb);
        }
    }

    internal override RowWork CreateWork(DataViewRow input, bool[] wanted, bool singleRow) => new Work(this, input);

    private protected override void SaveModel(ModelSaveContext context) =>
        ModelFile.Save(context, GetType(), Signature, new State(Columns, _graph.Name, Options), manifest: _graph.Embedded);

    private static PhotoMaskingTransformer Create(IHostEnvironment env, ModelLoadContext context)
    {
        (State state, _, byte[]? manifest) = ModelFile.Load<State>(context, typeof(PhotoMaskingTransformer), Signature);
        return new(state.Columns, ManifestHandle.Restore(state.Graph, state.Options.Storage, manifest), state.Options);
    }

    private static (int Image, int Mask) FindInputs(GraphManifest manifest, InputEncoder encoder)
    {
        var pictures = manifest.Inputs.Where(i => i.Parts[0].Role != PartRole.Caption).ToList();
        int image = pictures.FindIndex(i => i.Parts.Any(p => p.Role == PartRole.Image));
        int mask = pictures.FindIndex(i => i.Parts.Any(p => p.Role == PartRole.Mask));
        return encoder.Names.Count > 2 || (encoder.Names.Count == 2 && (mask < 0 || mask == image))
            ? throw new GraphException($"Graph '{manifest.Name}' takes the pictures {string.Join(", ", encoder.Names)}; {Verb} makes an image and a mask. Use InpaintPhotos, which makes them all.")
            : (image, mask == image ? -1 : mask);
    }

    private VectorDataViewType TensorType(int input, (int Width, int Height) size)
    {
        long[] shape = _encoder.Shape(input, 1, size.Width, size.Height);
        PrimitiveDataViewType item = _encoder.IsByte(input) ? NumberDataViewType.Byte : NumberDataViewType.Single;
        return new VectorDataViewType(item, shape.Skip(1).Select(d => (int)d).ToArray());
    }

    private sealed record State(MaskingColumns Columns, string? Graph, InpaintingOptions Options);

    private sealed class Work : RowWork
    {
        private readonly PhotoMaskingTransformer _transformer;
        private readonly PhotoRowReader _reader;
        private readonly Photo _picture;
        private readonly Mask _hidden;
        private readonly int[] _window = new int[4];
        private readonly float[] _plainMask;

        public Work(PhotoMaskingTransformer transformer, DataViewRow input)
        {
            _transformer = transformer;
            _reader = new PhotoRowReader(input, transformer.Columns.Photo, transformer.Columns.HoleMask, transformer.Options, transformer.Manifest, Verb);
            (int width, int height) = transformer._geometry.PictureSize!.Value;
            _picture = new Photo(width, height);
            _hidden = new Mask(width, height);
            _plainMask = new float[width * height];
        }

        public override int Capacity => 1;

        public override void Capture(int row) => _reader.Capture();

        public override void Run(int count, CancellationToken cancellation)
        {
            _window.AsSpan().Clear();
            if (_reader.Read() is not { } read)
            {
                _picture.Pixels.Clear();
                _hidden.Fill(true);
                return;
            }

            GraphWindow placed = _transformer._geometry.Place(read.Hole, read.Photo.Width, read.Photo.Height, perComponent: false)[0];
            _transformer._geometry.Extract(read.Photo, read.Hole, placed.Window, _picture, _hidden);
            (_window[0], _window[1], _window[2], _window[3]) = (placed.Window.X, placed.Window.Y, placed.Window.Width, placed.Window.Height);
        }

        public override void Get<T>(int output, int row, ref T value)
        {
            switch (output)
            {
                case 0:
                    Tensor(_transformer._imageInput, ref value);
                    break;
                case 1 when _transformer._maskInput >= 0:
                    Tensor(_transformer._maskInput, ref value);
                    break;
                case 1:
                    for (int i = 0; i < _plainMask.Length; i++)
                    {
                        _plainMask[i] = _hidden.Pixels[i] != 0 ? 1 : 0;
                    }

                    Value.SetVector<float, T>(_plainMask, ref value);
                    break;
                default:
                    Value.SetVector<int, T>(_window, ref value);
                    break;
            }
        }

        private void Tensor<T>(int input, ref T value)
        {
            InputEncoder encoder = _transformer._encoder;
            int length = encoder.RowLength(input, _picture.Width, _picture.Height);
            if (encoder.IsByte(input))
            {
                encoder.Write(input, _picture, _hidden, Value.Edit<byte, T>(length, ref value));
            }
            else
            {
                encoder.WriteFloats(input, _picture, _hidden, Value.Edit<float, T>(length, ref value));
            }
        }
    }
}
