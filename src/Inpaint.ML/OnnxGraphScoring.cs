using System.Security.Cryptography;
using Inpaint.ML.Internals;
using Inpaint.ML.Rows;
using Inpaint.ML.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Runtime;

namespace Inpaint.ML;

/// <summary>How a graph is scored. Everything except the two hooks of <see cref="Execution"/> is kept when a pipeline is saved.</summary>
public sealed record OnnxScoringOptions
{
    /// <summary>The defaults.</summary>
    public static OnnxScoringOptions Default { get; } = new();

    /// <summary>Device, batch size, workers, threads, deadline and custom operators.</summary>
    public ExecutionOptions Execution { get; init; } = ExecutionOptions.Default;

    /// <summary>
    /// Input columns whose rows differ in length, with the value that pads them: <c>["input_ids"] = 0, ["attention_mask"] = 0</c>. Rows are
    /// padded at their end along axis 1, to the longest row of a batch or to the graph's fixed length; rows of similar length are scored
    /// together. The padding is removed from outputs with an axis of the same name (<c>sequence</c>). The graph must ignore padding, which
    /// is what its mask is for. Default none: only rows of equal length are scored together.
    /// </summary>
    public IReadOnlyDictionary<string, double>? Padding { get; init; }

    /// <summary>
    /// For input columns whose rows differ in shape, such as pictures: the column with each row's sizes, integers without the batch.
    /// Default none.
    /// </summary>
    public IReadOnlyDictionary<string, string>? ShapeColumns { get; init; }

    /// <summary>
    /// Rows read ahead to find rows of equal shape that are scored together, 0 to 65,536. Default 0: one batch, or eight when rows may
    /// differ in shape.
    /// </summary>
    [Setting(Min = 0, Max = 65_536)]
    public int LookAhead { get; init; }

    /// <summary>
    /// Whether an output of one number per row becomes a scalar column, as ML.NET's evaluators need, rather than a vector of length one.
    /// Default no, as in ML.NET's own transformer.
    /// </summary>
    public bool ScalarOutputs { get; init; }

    /// <summary>
    /// Whether a graph given by its path may keep its weights in files next to it, as graphs above 2 GB do. They are read completely;
    /// name only files that you trust. Default no.
    /// </summary>
    public bool AllowExternalData { get; init; }

    /// <summary>Whether a saved pipeline contains the graph. Default yes.</summary>
    public GraphStorage Storage { get; init; } = GraphStorage.Embed;
}

/// <summary>
/// Scores any ONNX graph in batches. See
/// <see cref="InpaintCatalog.ScoreOnnx(TransformsCatalog, string[], string[], string, OnnxScoringOptions?)"/>.
/// </summary>
public sealed class OnnxGraphScoringEstimator : RowEstimator<OnnxGraphScoringTransformer>
{
    internal OnnxGraphScoringEstimator(string[] outputs, string[] inputs, string graph, OnnxScoringOptions options)
        : base(new OnnxGraphScoringTransformer(
            outputs, inputs, graph, OnnxGraphScoringTransformer.ReadGraph(graph, options.AllowExternalData), options))
    {
    }
}

/// <summary>
/// Scores an ONNX graph: batches in parallel on the CPU's cores, or large batches sequentially on a GPU.
/// Columns are numbers of any element type, booleans and text; FP16 inputs and outputs are float columns.
/// </summary>
public sealed class OnnxGraphScoringTransformer : RowTransformer
{
    internal const string Signature = "INP_ONNX";
    private const int BatchesAhead = 8;

    private readonly byte[] _model;
    private readonly Action<string>? _warn;
    private readonly Reopenable<GraphSession> _pass;
    private readonly Reopenable<GraphSession> _single;
    private readonly TensorInfo[] _inputs;
    private readonly TensorInfo[] _outputs;
    private readonly bool _onCpu;

    internal OnnxGraphScoringTransformer(
        string[] outputs, string[] inputs, string graph, byte[] model, OnnxScoringOptions options, Action<string>? warn = null)
    {
        OutputColumns = outputs;
        InputColumns = inputs;
        Graph = graph;
        Options = Setting.Validate(options);
        _model = model;
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(model));
        _warn = warn;
        ExecutionOptions execution = options.Execution with { Warn = options.Execution.Warn ?? warn };
        _pass = new Reopenable<GraphSession>(() => GraphSession.Open(model, Sha256, execution));
        _single = new Reopenable<GraphSession>(() => GraphSession.Open(model, Sha256, execution with { IntraOpThreads = 0 }));
        (IReadOnlyList<TensorInfo> graphInputs, IReadOnlyList<TensorInfo> optional, IReadOnlyList<TensorInfo> graphOutputs, int? fixedBatch,
            _onCpu) =
            _pass.Use(s => (s.Inputs, s.OptionalInputs, s.Outputs, s.FixedBatch, s.Device.IsCpu));
        _inputs = OnnxBinding.MatchInputs(inputs, graphInputs, optional);
        _outputs = OnnxBinding.Match(outputs, graphOutputs, "output", mustNameAll: false);
        OnnxBinding.CheckBatchAxis(_outputs, fixedBatch);
        CheckOptions();
        Row = new RowSchema(
            OnnxBinding.Verb,
            [
                .. inputs.Zip(_inputs, (name, tensor) => OnnxBinding.InputColumn(name, tensor, options.Padding?.ContainsKey(name) == true)),
                .. inputs.Select(name => options.ShapeColumns?.GetValueOrDefault(name)).OfType<string>().Select(RowShapes.InputColumn),
            ],
            outputs.Zip(_outputs, (name, tensor) => new AddedColumn(name, OnnxBinding.ColumnTypeOf(tensor, options.ScalarOutputs))));
    }

    /// <summary>The columns added, one an output of the graph.</summary>
    public IReadOnlyList<string> OutputColumns { get; }

    /// <summary>The columns read, one an input of the graph.</summary>
    public IReadOnlyList<string> InputColumns { get; }

    /// <summary>The graph's name or path, as given.</summary>
    public string Graph { get; }

    /// <summary>The options.</summary>
    public OnnxScoringOptions Options { get; }

    internal override RowSchema Row { get; }

    /// <summary>The SHA-256 of the graph, which identifies it among transformers.</summary>
    internal string Sha256 { get; }

    // On a GPU one batch is scored while every core prepares another.
    internal override int Workers =>
        _onCpu || Options.Execution.Workers > 0 ? Options.Execution.WorkerCount : Environment.ProcessorCount + 1;

    internal OnnxGraphScoringTransformer WithGraph(GraphPackage graph, string name) =>
        new([.. OutputColumns], [.. InputColumns], name, graph.Model, Options, _warn);

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

    internal override RowProcessor CreateProcessor(DataViewRow input, bool[] wanted, bool singleRow)
    {
        (GraphRunner runner, int? fixedBatch, int batch) = (singleRow ? _single : _pass)
            .Use(s => (s.CreateRunner(), s.FixedBatch, Options.Execution.BatchSizeFor(s.FixedBatch, s.Device)));
        bool shapesDiffer = Options.Padding is { Count: > 0 }
            || InputColumns.Zip(_inputs)
                .Any(i => i.Second.RowLength is null && input.Schema[i.First].Type is not VectorDataViewType { IsKnownSize: true });
        int capacity = singleRow
            ? 1
            : Math.Max(batch, Options.LookAhead > 0 ? Options.LookAhead : shapesDiffer ? BatchesAhead * batch : batch);
        OnnxInputRows[] rows = [.. InputColumns.Select((name, i) => OnnxInputRows.Create(input, input.Schema[name], _inputs[i], capacity,
            Options.Padding?.TryGetValue(name, out double padding) == true ? padding : null,
            Options.ShapeColumns?.GetValueOrDefault(name) is { } shape ? input.Schema[shape] : null))];
        return new OnnxProcessor(
            runner, fixedBatch, input, rows, [.. _outputs.Select(o => OnnxOutputRows.Create(o, capacity, Options.ScalarOutputs))], wanted,
            capacity, singleRow ? 1 : batch);
    }

    private protected override void Save(ModelSaveContext context) =>
        ModelFile.Save(
            context, Signature, new State([.. OutputColumns], [.. InputColumns], Graph, Options),
            (Options.Storage == GraphStorage.Embed ? _model : null, null));

    private static OnnxGraphScoringTransformer Create(IHostEnvironment env, ModelLoadContext context)
    {
        (State state, var embedded) = ModelFile.Load<State>(context, Signature);
        byte[] model = embedded.Model ?? ReadGraph(state.Graph, state.Options.AllowExternalData);
        return new(state.Outputs, state.Inputs, state.Graph, model, state.Options, ModelFile.WarnThrough(env));
    }

    private void CheckOptions()
    {
        string[] unknown = [.. (Options.Padding?.Keys ?? []).Concat(Options.ShapeColumns?.Keys ?? []).Except(InputColumns)];
        if (unknown.Length > 0)
        {
            string option = Options.Padding?.ContainsKey(unknown[0]) == true ? nameof(Options.Padding) : nameof(Options.ShapeColumns);
            throw new ArgumentException(
                $"{OnnxBinding.Verb}: {option} names the column '{unknown[0]}'; expected one of the inputs "
                    + $"{string.Join(", ", InputColumns)}.");
        }

        if (Options.Padding is { Count: > 0 } padding)
        {
            foreach ((string name, TensorInfo tensor) in InputColumns.Zip(_inputs).Where(i => padding.ContainsKey(i.First)))
            {
                OnnxPadding.Check(name, tensor, padding[name], hasShapes: Options.ShapeColumns?.ContainsKey(name) == true);
            }

            OnnxPadding.CheckOutputs(_inputs, _outputs);
        }
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
