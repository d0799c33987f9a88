using Inpaint.ML.Internals;
using Inpaint.ML.Rows;
using Inpaint.Onnx.Format;
using Inpaint.Onnx.Inpainting;
using Inpaint.Onnx.Runtime;
using Inpaint.Settings;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Runtime;

namespace Inpaint.ML.Transforms;

/// <summary>How a graph is scored. Every setting, except the hooks, is kept when a pipeline is saved.</summary>
public sealed record OnnxScoringOptions
{
    /// <summary>The defaults.</summary>
    public static OnnxScoringOptions Default { get; } = new();

    /// <summary>Device, batch size, workers, threads, deadline and custom operators.</summary>
    public ExecutionOptions Execution { get; init; } = ExecutionOptions.Default;

    /// <summary>
    /// Columns of rows of different lengths that are padded at their ends, along axis 1, to the longest row of a batch (or to the length that the graph states),
    /// with what: <c>["input_ids"] = 0, ["attention_mask"] = 0</c>. Rows of like lengths are scored together; of outputs with an axis that bears the name of
    /// such an input's (<c>sequence</c>) each row keeps its own length. The graph must not look at what is padded: that is what its mask is for. Default none:
    /// rows are scored with others of the same length.
    /// </summary>
    public IReadOnlyDictionary<string, double>? Padding { get; init; }

    /// <summary>For columns whose rows are of different shapes, such as pictures: the column with each row's sizes, whole numbers without the batch. Default none.</summary>
    public IReadOnlyDictionary<string, string>? ShapeColumns { get; init; }

    /// <summary>Rows among which those of the same shape are looked for, to be scored together. Default 0: a batch, and eight of them where rows may differ in shape.</summary>
    public int LookAhead { get; init; }

    /// <summary>
    /// Whether an output of one number a row is a column of numbers, as ML.NET's evaluators want their scores, rather than of vectors of length one.
    /// Default no, as ML.NET's own transformer does it.
    /// </summary>
    public bool ScalarOutputs { get; init; }

    /// <summary>Whether the weights of a graph given by its path may lie in files beside it, as those of more than 2 GB do; they are read whole, and name only files that you trust. Default no.</summary>
    public bool AllowExternalData { get; init; }

    /// <summary>Whether a saved pipeline holds the graph or names it. Default holds.</summary>
    public GraphStorage Storage { get; init; } = GraphStorage.Embed;
}

/// <summary>Scores any ONNX graph in batches. See <see cref="InpaintCatalog.ScoreOnnx(TransformsCatalog, string[], string[], string, OnnxScoringOptions?)"/>.</summary>
public sealed class OnnxScoringEstimator : IEstimator<OnnxScoringTransformer>
{
    private readonly OnnxScoringTransformer _transformer;
    private OnnxScoringTransformer? _unused;

    internal OnnxScoringEstimator(string[] outputs, string[] inputs, string graph, OnnxScoringOptions? options) =>
        _unused = _transformer = new OnnxScoringTransformer(outputs, inputs, graph, OnnxScoringTransformer.ReadGraph(graph, options?.AllowExternalData == true), options ?? OnnxScoringOptions.Default);

    /// <summary>Checks the input's columns; there is nothing to learn.</summary>
    public OnnxScoringTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _ = _transformer.GetOutputSchema(input.Schema);

        // The first to be fitted takes over the graph that was loaded to learn its inputs and outputs, and disposes it.
        return Interlocked.Exchange(ref _unused, null) ?? _transformer.Copy();
    }

    /// <inheritdoc />
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _transformer.CheckShape(inputSchema);
        return Shapes.With(inputSchema, _transformer.Added);
    }
}

/// <summary>
/// Scores an ONNX graph: batches of rows side by side on the CPU's cores, or large batches one after the other on a GPU.
/// Numbers of any element type, truth values and texts; FP16 inputs and outputs are float columns.
/// </summary>
public sealed class OnnxScoringTransformer : RowTransformer
{
    internal const string Signature = "INP_ONNX";
    internal const string Verb = "ScoreOnnx";
    private const int BatchesAhead = 8;

    private readonly byte[] _model;
    private readonly Action<string>? _warn;
    private readonly OpenedOnUse<GraphSession> _pass;
    private readonly OpenedOnUse<GraphSession> _single;
    private readonly TensorInfo[] _inputs;
    private readonly TensorInfo[] _outputs;
    private readonly bool _onCpu;

    internal OnnxScoringTransformer(string[] outputs, string[] inputs, string graph, byte[] model, OnnxScoringOptions options, Action<string>? warn = null)
    {
        OutputColumns = outputs;
        InputColumns = inputs;
        Graph = graph;
        Options = Setting.Validate(options);
        _model = model;
        Sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(model));
        _warn = warn;
        ExecutionOptions opening = options.Execution with { Warn = options.Execution.Warn ?? warn };
        _pass = new OpenedOnUse<GraphSession>(() => GraphSession.Open(model, opening));
        _single = new OpenedOnUse<GraphSession>(() => GraphSession.Open(model, opening with { IntraOpThreads = 0 }));
        (IReadOnlyList<TensorInfo> graphInputs, IReadOnlyList<TensorInfo> optional, IReadOnlyList<TensorInfo> graphOutputs, int? fixedBatch, _onCpu) =
            _pass.Use(s => (s.Inputs, s.OptionalInputs, s.Outputs, s.FixedBatch, s.Device.IsCpu));
        _inputs = OnnxBinding.MatchInputs(inputs, graphInputs, optional);
        _outputs = OnnxBinding.Match(outputs, graphOutputs, "output", mustNameAll: false);
        OnnxBinding.CheckBatchAxis(_outputs, fixedBatch);
        OnnxBinding.CheckOptions(options, inputs, _inputs, _outputs);
        Added = [.. outputs.Zip(_outputs, (name, tensor) => new AddedColumn(name, OnnxBinding.ColumnTypeOf(tensor, options.ScalarOutputs)))];
    }

    /// <summary>The columns added, one an output of the graph.</summary>
    public IReadOnlyList<string> OutputColumns { get; }

    /// <summary>The columns read, one an input of the graph.</summary>
    public IReadOnlyList<string> InputColumns { get; }

    /// <summary>The graph's name or path, as given.</summary>
    public string Graph { get; }

    /// <summary>The settings.</summary>
    public OnnxScoringOptions Options { get; }

    internal AddedColumn[] Added { get; }

    /// <summary>The SHA-256 of the graph, which tells whether another transformer has the same one.</summary>
    internal string Sha256 { get; }

    // On a GPU one batch is scored while every core prepares another.
    internal override int Workers => Options.Execution.Workers > 0 || _onCpu ? Options.Execution.WorkerCount : Environment.ProcessorCount + 1;

    internal OnnxScoringTransformer Copy() => new([.. OutputColumns], [.. InputColumns], Graph, _model, Options, _warn);

    internal OnnxScoringTransformer WithGraph(GraphHandle graph) =>
        new([.. OutputColumns], [.. InputColumns], graph.Name ?? Graph, graph.Package.Model, Options, _warn);

    /// <summary>The bytes of a graph: an ONNX file, or the graph of a folder or name with a manifest.</summary>
    internal static byte[] ReadGraph(string graph, bool allowExternalData = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(graph);
        if (File.Exists(graph))
        {
            return allowExternalData ? OnnxModel.ReadWhole(graph) : File.ReadAllBytes(graph);
        }

        // "onnx/NAME/model.onnx" is the graph of that name, wherever the graph folders are.
        string name = Path.GetFileName(graph) == "model.onnx" ? Path.GetDirectoryName(graph)! : graph;
        return GraphPackage.Load(name).Model;
    }

    internal override IReadOnlyList<AddedColumn> AddedColumns(DataViewSchema input)
    {
        foreach ((DataViewSchema.Column column, TensorInfo tensor) in Needs(input).Zip(_inputs))
        {
            OnnxBinding.CheckInput(column.Name, column.Type, tensor, Options.Padding?.ContainsKey(column.Name) == true);
        }

        foreach (DataViewSchema.Column shape in ShapeNames.Select(name => Columns.Require(input, name, ColumnKinds.Number, Verb)))
        {
            RowShapes.CheckColumn(shape);
        }

        return Added;
    }

    internal override IEnumerable<DataViewSchema.Column> Needs(DataViewSchema input) =>
        InputColumns.Select(name => Columns.Require(input, name, Kinds, Verb)).Concat(ShapeNames.Select(name => Columns.Require(input, name, ColumnKinds.Number, Verb)));

    private const ColumnKinds Kinds = ColumnKinds.Number | ColumnKinds.Text | ColumnKinds.Texts;

    private IEnumerable<string> ShapeNames => InputColumns.Select(name => Options.ShapeColumns?.GetValueOrDefault(name)).OfType<string>();

    internal void CheckShape(SchemaShape input)
    {
        foreach ((string name, TensorInfo tensor) in InputColumns.Zip(_inputs))
        {
            OnnxBinding.CheckInput(Columns.Require(input, name, Kinds, Verb), tensor);
        }
    }

    internal override RowWork CreateWork(DataViewRow input, bool[] wanted, bool singleRow)
    {
        (GraphRunner runner, int? fixedBatch, int batch) = (singleRow ? _single : _pass).Use(s => (s.CreateRunner(), s.FixedBatch, Options.Execution.BatchSizeFor(s.FixedBatch, s.Device)));
        bool shapesDiffer = Options.Padding is { Count: > 0 } || InputColumns.Zip(_inputs).Any(i => i.Second.RowLength is null && input.Schema[i.First].Type is not VectorDataViewType { IsKnownSize: true });
        int capacity = singleRow ? 1 : Math.Max(batch, Options.LookAhead > 0 ? Options.LookAhead : shapesDiffer ? BatchesAhead * batch : batch);
        OnnxInputRows[] rows = [.. InputColumns.Select((name, i) => OnnxInputRows.Create(input, input.Schema[name], _inputs[i], capacity,
            Options.Padding?.TryGetValue(name, out double padding) == true ? padding : null,
            Options.ShapeColumns?.GetValueOrDefault(name) is { } shape ? input.Schema[shape] : null))];
        return new OnnxScoringWork(runner, fixedBatch, input, rows, [.. _outputs.Select(o => new OnnxOutputRows(o, capacity, Options.ScalarOutputs))], wanted, capacity, singleRow ? 1 : batch);
    }

    private protected override void SaveModel(ModelSaveContext context) =>
        ModelFile.Save(context, GetType(), Signature, new State([.. OutputColumns], [.. InputColumns], Graph, Options), model: Options.Storage == GraphStorage.Embed ? _model : null);

    private static OnnxScoringTransformer Create(IHostEnvironment env, ModelLoadContext context)
    {
        (State state, byte[]? model, _) = ModelFile.Load<State>(context, typeof(OnnxScoringTransformer), Signature);
        return new(state.Outputs, state.Inputs, state.Graph, model ?? ReadGraph(state.Graph, state.Options.AllowExternalData), state.Options, ModelFile.WarnThrough(env));
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

    private sealed record State(string[] Outputs, string[] Inputs, string Graph, OnnxScoringOptions Options);
}
