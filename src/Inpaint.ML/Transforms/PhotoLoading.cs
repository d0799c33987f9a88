using Inpaint.ML.Internals;
using Inpaint.ML.Rows;
using Inpaint.Onnx.Inpainting;
using Inpaint.Photos;
using Inpaint.Settings;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

namespace Inpaint.ML.Transforms;

/// <summary>How photos are loaded.</summary>
public sealed record PhotoLoadingOptions
{
    /// <summary>The defaults.</summary>
    public static PhotoLoadingOptions Default { get; } = new();

    /// <summary>Folder, limits, background and scale.</summary>
    public PhotoDecodingOptions Decoding { get; init; } = PhotoDecodingOptions.Default;

    /// <summary>What happens when a photo cannot be loaded; with <see cref="OnError.Row"/> the columns <c>{output}Status</c> and <c>{output}Error</c> are added. Default: the pass ends.</summary>
    [Setting]
    public OnError OnError { get; init; } = OnError.Fail;
}

/// <summary>Loads photos from paths or file bytes. See <see cref="InpaintCatalog.LoadPhotos"/>.</summary>
public sealed class PhotoLoadingEstimator : IEstimator<PhotoLoadingTransformer>
{
    private readonly PhotoLoadingTransformer _transformer;

    internal PhotoLoadingEstimator(string output, string input, PhotoLoadingOptions? options) =>
        _transformer = new PhotoLoadingTransformer(output, input, options ?? PhotoLoadingOptions.Default);

    /// <summary>Checks the input's column; there is nothing to learn.</summary>
    public PhotoLoadingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _ = _transformer.GetOutputSchema(input.Schema);
        return _transformer;
    }

    /// <inheritdoc />
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _ = Columns.Require(inputSchema, _transformer.InputColumn, ColumnKinds.Picture, PhotoLoadingTransformer.Verb);
        return Shapes.With(inputSchema, _transformer.Added);
    }
}

/// <summary>Loads photos: orientation and colour profile applied, size bounded, cut-off files refused.</summary>
public sealed class PhotoLoadingTransformer : RowTransformer
{
    internal const string Signature = "INP_LOAD";
    internal const string Verb = "LoadPhotos";

    internal PhotoLoadingTransformer(string output, string input, PhotoLoadingOptions options)
    {
        OutputColumn = output;
        InputColumn = input;
        Options = Setting.Validate(options);
        Added = options.OnError == OnError.Row
            ? [new(output, new ImageDataViewType()), new($"{output}Status", TextDataViewType.Instance), new($"{output}Error", TextDataViewType.Instance)]
            : [new(output, new ImageDataViewType())];
    }

    /// <summary>The column of images.</summary>
    public string OutputColumn { get; }

    /// <summary>The column of paths, file bytes or images.</summary>
    public string InputColumn { get; }

    /// <summary>The settings.</summary>
    public PhotoLoadingOptions Options { get; }

    internal AddedColumn[] Added { get; }

    internal override IReadOnlyList<AddedColumn> AddedColumns(DataViewSchema input)
    {
        _ = Columns.Require(input, InputColumn, ColumnKinds.Picture, Verb);
        return Added;
    }

    internal override IEnumerable<DataViewSchema.Column> Needs(DataViewSchema input) =>
        [Columns.Require(input, InputColumn, ColumnKinds.Picture, Verb)];

    internal override RowWork CreateWork(DataViewRow input, bool[] wanted, bool singleRow) => new Work(this, input);

    private protected override void SaveModel(ModelSaveContext context) =>
        ModelFile.Save(context, GetType(), Signature, new State(OutputColumn, InputColumn, Options));

    private static PhotoLoadingTransformer Create(IHostEnvironment env, ModelLoadContext context)
    {
        State state = ModelFile.Load<State>(context, typeof(PhotoLoadingTransformer), Signature).State;
        return new(state.Output, state.Input, state.Options);
    }

    private sealed record State(string Output, string Input, PhotoLoadingOptions Options);

    private sealed class Work(PhotoLoadingTransformer transformer, DataViewRow input) : RowWork
    {
        private readonly PictureColumn _column = new(input, transformer.InputColumn, transformer.Options.Decoding, Verb);
        private readonly InpaintingRow _row = new();
        private Photo? _photo;
        private PhotoException? _error;

        public override int Capacity => 1;

        public override void Capture(int row)
        {
            _row.Clear();
            _row.Name = $"row {input.Position}";
            _column.ReadPhoto(_row);
        }

        public override void Run(int count, CancellationToken cancellation)
        {
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
                throw RowErrors.Named(_row, input.Position, _error);
            }

            switch (output)
            {
                case 0:
                    Value.Set(_photo is null ? null! : MLImages.FromPhoto(_photo), ref value);
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
