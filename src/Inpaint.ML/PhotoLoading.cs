using Inpaint.ML.Internals;
using Inpaint.ML.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

namespace Inpaint.ML;

/// <summary>Options of <see cref="InpaintCatalog.LoadPhotos"/>.</summary>
public sealed record PhotoLoadingOptions
{
    /// <summary>The defaults.</summary>
    public static PhotoLoadingOptions Default { get; } = new();

    /// <summary>Folder, limits, background and scale.</summary>
    public PhotoDecodingOptions Decoding { get; init; } = PhotoDecodingOptions.Default;

    /// <summary>
    /// What happens when a photo cannot be loaded; with <see cref="OnError.Row"/> the columns <c>{output}Status</c> and
    /// <c>{output}Error</c> are added. Default: the pass ends.
    /// </summary>
    public OnError OnError { get; init; } = OnError.Fail;

    /// <summary>
    /// With <see cref="OnError.Row"/>: whether a row that failed has a blank image, one black pixel, instead of none. ML.NET's image
    /// transforms, such as <c>ResizeImages</c>, need an image in every row. Default no.
    /// </summary>
    public bool BlankBadRows { get; init; }
}

/// <summary>Loads photos from paths or file bytes. See <see cref="InpaintCatalog.LoadPhotos"/>.</summary>
/// <remarks>
/// <list type="table">
/// <item><term>Looks at the data in Fit</term><description>No</description></item>
/// <item><term>Input column types</term><description>Text (a path), a vector of Byte (a file) or an image</description></item>
/// <item><term>Output column types</term><description>An image; status and error: text</description></item>
/// <item><term>Packages besides Inpaint.ML</term><description>None</description></item>
/// <item><term>Exportable to ONNX</term><description>No</description></item>
/// </list>
/// </remarks>
public sealed class PhotoLoadingEstimator : RowEstimator<PhotoLoadingTransformer>
{
    internal PhotoLoadingEstimator(string output, string input, PhotoLoadingOptions options)
        : base(new PhotoLoadingTransformer(output, input, options))
    {
    }
}

/// <summary>Loads photos: applies orientation and colour profile, limits the size, refuses truncated files.</summary>
public sealed class PhotoLoadingTransformer : RowTransformer
{
    internal const string Signature = "INP_LOAD";

    internal PhotoLoadingTransformer(string output, string input, PhotoLoadingOptions options)
    {
        OutputColumn = output;
        InputColumn = input;
        Options = Setting.Validate(options);
        bool keepsRows = options.OnError == OnError.Row;
        Row = new RowSchema(
            nameof(InpaintCatalog.LoadPhotos),
            [new(input, ColumnKinds.Picture)],
            [
                new(output, new ImageDataViewType()),
                AddedColumn.Optional(keepsRows ? $"{output}Status" : null, TextDataViewType.Instance),
                AddedColumn.Optional(keepsRows ? $"{output}Error" : null, TextDataViewType.Instance),
            ]);
    }

    /// <summary>The column of images.</summary>
    public string OutputColumn { get; }

    /// <summary>The column of paths, file bytes or images.</summary>
    public string InputColumn { get; }

    /// <summary>The options.</summary>
    public PhotoLoadingOptions Options { get; }

    internal override RowSchema Row { get; }

    internal override RowProcessor CreateProcessor(DataViewRow input, bool[] wanted, bool singleRow) => new Processor(this, input);

    private protected override void Save(ModelSaveContext context) =>
        ModelFile.Save(context, Signature, new State(OutputColumn, InputColumn, Options));

    private static PhotoLoadingTransformer Create(IHostEnvironment env, ModelLoadContext context)
    {
        State state = ModelFile.Load<State>(context, Signature).State;
        return new(state.Output, state.Input, state.Options);
    }

    private sealed record State(string Output, string Input, PhotoLoadingOptions Options);

    private sealed class Processor(PhotoLoadingTransformer transformer, DataViewRow input) : RowProcessor
    {
        private readonly PhotoColumns _columns = new(input, transformer.InputColumn, mask: null, transformer.Options.Decoding);
        private readonly InpaintingRow _row = new();
        private Photo? _photo;
        private PhotoException? _error;

        public override void Capture(int row)
        {
            _columns.Read(_row);
            (_photo, _error) = (null, null);
            try
            {
                _photo = _row.DecodePhoto(transformer.Options.Decoding);
            }
            catch (PhotoException e)
            {
                _error = e;
            }
        }

        public override void Get<T>(int output, int row, ref T value)
        {
            if (_error is not null && transformer.Options.OnError == OnError.Fail)
            {
                throw PhotoColumns.ErrorOf(_row, input.Position, _error);
            }

            switch (output)
            {
                case 0:
                    Value.Set(
                        _photo is not null ? MLImages.FromPhoto(_photo) : MLImages.Missing(
                            transformer.Options.BlankBadRows, () => PhotoColumns.NoImage(_row, input.Position, _error)),
                        ref value);
                    break;
                case 1:
                    Value.Set((_error is null ? InpaintingStatus.Ok : InpaintingStatus.BadPhoto).ToWord().AsMemory(), ref value);
                    break;
                default:
                    Value.Set((_error?.Message ?? "").AsMemory(), ref value);
                    break;
            }
        }
    }
}
