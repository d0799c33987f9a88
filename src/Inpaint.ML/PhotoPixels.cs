using Inpaint.ML.Internals;
using Inpaint.ML.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Inpaint.ML;

/// <summary>Options of <see cref="InpaintCatalog.ExtractPhotoPixels"/>.</summary>
public sealed record PhotoPixelsOptions
{
    /// <summary>The defaults.</summary>
    public static PhotoPixelsOptions Default { get; } = new();

    /// <summary>Folder, limits, background and scale of the photos.</summary>
    public PhotoDecodingOptions Decoding { get; init; } = PhotoDecodingOptions.Default;

    /// <summary>
    /// The order of the numbers of a photo: channel, row, column (<see cref="TensorLayout.Nchw"/>) or row, column, channel. Default Nchw.
    /// </summary>
    public TensorLayout Layout { get; init; } = TensorLayout.Nchw;

    /// <summary>The order of the channels. Default red, green, blue.</summary>
    public ChannelOrder Order { get; init; } = ChannelOrder.Rgb;

    /// <summary>What is subtracted from each value of 0 to 255, as in ML.NET's <c>ExtractPixels</c>. Default 0.</summary>
    public float Offset { get; init; }

    /// <summary>The factor of the difference; <c>1 / 255f</c> gives 0 to 1. Default 1.</summary>
    public float Scale { get; init; } = 1;

    /// <summary>
    /// What happens when a photo cannot be loaded; with <see cref="OnError.Row"/> the columns <c>{pixels}Status</c> and
    /// <c>{pixels}Error</c> are added, and the vectors of such a row are empty. Default: the pass ends.
    /// </summary>
    public OnError OnError { get; init; } = OnError.Fail;
}

/// <summary>Turns photos of any size into numbers. See <see cref="InpaintCatalog.ExtractPhotoPixels"/>.</summary>
/// <remarks>
/// <list type="table">
/// <item><term>Looks at the data in Fit</term><description>No</description></item>
/// <item><term>Input column types</term><description>Text (a path), a vector of Byte (a file) or an image</description></item>
/// <item><term>Output column types</term>
/// <description>Vectors of Single and of Int64, of any length; status and error: text</description></item>
/// <item><term>Packages besides Inpaint.ML</term><description>None</description></item>
/// <item><term>Exportable to ONNX</term><description>No</description></item>
/// </list>
/// </remarks>
public sealed class PhotoPixelsEstimator : RowEstimator<PhotoPixelsTransformer>
{
    internal PhotoPixelsEstimator(string pixels, string size, string input, PhotoPixelsOptions options)
        : base(new PhotoPixelsTransformer(pixels, size, input, options))
    {
    }
}

/// <summary>Turns photos of any size into vectors of numbers and of sizes.</summary>
public sealed class PhotoPixelsTransformer : RowTransformer
{
    internal const string Signature = "INP_PIXL";

    internal PhotoPixelsTransformer(string pixels, string size, string input, PhotoPixelsOptions options)
    {
        (PixelsColumn, SizeColumn, InputColumn) = (pixels, size, input);
        Options = Setting.Validate(options);
        if (!float.IsFinite(options.Offset) || !float.IsFinite(options.Scale))
        {
            throw new SettingException(
                $"{nameof(options.Offset)} is {options.Offset} and {nameof(options.Scale)} is {options.Scale}; expected finite numbers.");
        }

        bool keepsRows = options.OnError == OnError.Row;
        Row = new RowSchema(
            nameof(InpaintCatalog.ExtractPhotoPixels),
            [new(input, ColumnKinds.Picture)],
            [
                new(pixels, new VectorDataViewType(NumberDataViewType.Single)),
                new(size, new VectorDataViewType(NumberDataViewType.Int64)),
                AddedColumn.Optional(keepsRows ? $"{pixels}Status" : null, TextDataViewType.Instance),
                AddedColumn.Optional(keepsRows ? $"{pixels}Error" : null, TextDataViewType.Instance),
            ]);
    }

    /// <summary>The column of numbers.</summary>
    public string PixelsColumn { get; }

    /// <summary>The column of sizes.</summary>
    public string SizeColumn { get; }

    /// <summary>The column of paths, file bytes or images.</summary>
    public string InputColumn { get; }

    /// <summary>The options.</summary>
    public PhotoPixelsOptions Options { get; }

    internal override RowSchema Row { get; }

    internal override RowProcessor CreateProcessor(DataViewRow input, bool[] wanted, bool singleRow) => new Processor(this, input);

    private protected override void Save(ModelSaveContext context) =>
        ModelFile.Save(context, Signature, new State(PixelsColumn, SizeColumn, InputColumn, Options));

    private static PhotoPixelsTransformer Create(IHostEnvironment env, ModelLoadContext context)
    {
        State state = ModelFile.Load<State>(context, Signature).State;
        return new(state.Pixels, state.Size, state.Input, state.Options);
    }

    private sealed record State(string Pixels, string Size, string Input, PhotoPixelsOptions Options);

    private sealed class Processor(PhotoPixelsTransformer transformer, DataViewRow input) : RowProcessor
    {
        private readonly PhotoPixelsOptions _options = transformer.Options;
        private readonly PhotoColumns _columns = new(input, transformer.InputColumn, mask: null, transformer.Options.Decoding);
        private readonly InpaintingRow _row = new();
        private Photo? _photo;
        private PhotoException? _error;

        public override void Capture(int row)
        {
            _columns.Read(_row);
            _error = null;
            try
            {
                _photo = _row.DecodePhoto(_options.Decoding, _photo);
            }
            catch (PhotoException e)
            {
                (_photo, _error) = (null, e);
            }
        }

        public override void Get<T>(int output, int row, ref T value)
        {
            if (_error is not null && _options.OnError == OnError.Fail)
            {
                throw PhotoColumns.ErrorOf(_row, input.Position, _error);
            }

            switch (output)
            {
                case 0:
                    Write(Value.Edit<float, T>(_photo is null ? 0 : 3 * _photo.Width * _photo.Height, ref value));
                    break;
                case 1:
                    Value.SetVector<long, T>(
                        _photo is null ? []
                            : _options.Layout == TensorLayout.Nchw ? [3, _photo.Height, _photo.Width]
                            : [_photo.Height, _photo.Width, 3],
                        ref value);
                    break;
                case 2:
                    Value.Set((_error is null ? InpaintingStatus.Ok : InpaintingStatus.BadPhoto).ToWord().AsMemory(), ref value);
                    break;
                default:
                    Value.Set((_error?.Message ?? "").AsMemory(), ref value);
                    break;
            }
        }

        private void Write(Span<float> numbers)
        {
            ReadOnlySpan<byte> pixels = _photo is null ? [] : _photo.Pixels;
            int count = pixels.Length / 4;
            (int betweenPixels, int betweenChannels) = _options.Layout == TensorLayout.Nchw ? (1, count) : (3, 1);
            for (int channel = 0; channel < 3; channel++)
            {
                int from = _options.Order == ChannelOrder.Rgb ? channel : 2 - channel, to = channel * betweenChannels;
                for (int i = 0; i < count; i++, from += 4, to += betweenPixels)
                {
                    numbers[to] = (pixels[from] - _options.Offset) * _options.Scale;
                }
            }
        }
    }
}
