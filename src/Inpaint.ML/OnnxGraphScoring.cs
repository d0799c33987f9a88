using System.Collections.Concurrent;
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

    /// <summary>Which axis the rows of a batch are. Default <see cref="OnnxBatchAxis.Auto"/>.</summary>
    public OnnxBatchAxis BatchAxis { get; init; }

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

/// <summary>Which axis of a graph's inputs and outputs the rows of a batch are.</summary>
public enum OnnxBatchAxis
{
    /// <summary>
    /// The first, where names and sizes of axes say so: an output whose first axis has another name or size than that of the inputs is
    /// computed for one row at a time and given to that row completely, and so are graphs whose inputs have no common first axis. With the
    /// first batches it is checked that rows do not depend on each other; if they do, rows are scored one by one.
    /// </summary>
    Auto,

    /// <summary>The first, without the check. For graphs whose axes have misleading names.</summary>
    First,

    /// <summary>None: each row is scored alone, and its columns contain whole tensors.</summary>
    None,
}

/// <summary>
/// Scores any ONNX graph in batches. See
/// <see cref="InpaintCatalog.ScoreOnnx(TransformsCatalog, string[], string[], GraphSource, OnnxScoringOptions?)"/>.
/// The graph is opened on first use.
/// </summary>
public sealed class OnnxGraphScoringEstimator : IEstimator<OnnxGraphScoringTransformer>
{
    private readonly OnnxColumns _columns;
    private readonly GraphSource _graph;
    private readonly OnnxScoringOptions _options;
    private readonly IHostEnvironment _env;
    private readonly Lazy<byte[]> _model;

    // Made for a schema and not given out yet.
    private OnnxGraphScoringTransformer? _unused;

    internal OnnxGraphScoringEstimator(OnnxColumns columns, GraphSource graph, OnnxScoringOptions options, IHostEnvironment env)
    {
        (_columns, _graph, _options, _env) = (columns, graph, Setting.Validate(options), env);
        if (!ReferenceEquals(columns, OnnxColumns.All))
        {
            OnnxBinding.CheckNames(columns.Outputs, "output");
            OnnxBinding.CheckNames(columns.Inputs, "input");
        }

        if (options.Storage == GraphStorage.Reference && graph.Name is null)
        {
            throw new ArgumentException(
                $"{OnnxBinding.Verb}: a graph given by its content cannot be stored as a reference. Give its path, or embed it.");
        }

        _model = new(() => graph.ReadModel(options.AllowExternalData));
    }

    /// <summary>Opens the graph and checks the input's columns.</summary>
    /// <exception cref="ArgumentException">Columns do not fit the graph's inputs and outputs.</exception>
    /// <exception cref="InpaintException">The graph is not found or cannot run here.</exception>
    public OnnxGraphScoringTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        OnnxGraphScoringTransformer transformer = Bind(
            column => input.Schema.GetColumnOrNull(column) is { } found ? ColumnType.OfItem(found).Length : null);
        transformer.Row.Check(input.Schema);
        return transformer;
    }

    /// <inheritdoc />
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        OnnxGraphScoringTransformer transformer = Bind(column => inputSchema.FirstOrDefault(c => c.Name == column) switch
        {
            { Kind: SchemaShape.Column.VectorKind.Vector } => OnnxContract.AnyFixedLength,
            { Kind: SchemaShape.Column.VectorKind.VariableVector } found => ItemColumns.Has(found) ? OnnxContract.AnyFixedLength : 0,
            _ => 1,
        });
        Interlocked.Exchange(ref _unused, transformer)?.Dispose();
        return transformer.Row.AddTo(inputSchema);
    }

    private OnnxGraphScoringTransformer Bind(Func<string, int?> lengthOf)
    {
        OnnxGraphScoringTransformer? unused = Interlocked.Exchange(ref _unused, null);
        if (unused?.IsFor(lengthOf) == true)
        {
            return unused;
        }

        unused?.Dispose();
        return new(_columns, _graph.Name, _model.Value, _options, lengthOf, _env);
    }
}

/// <summary>
/// Scores an ONNX graph: batches in parallel on the CPU's cores, or large batches sequentially on a GPU.
/// Columns are numbers of any element type, keys, booleans and text; FP16 inputs and outputs are float columns.
/// </summary>
public sealed class OnnxGraphScoringTransformer : RowTransformer
{
    internal const string Signature = "INP_ONNX";
    private const int BatchesAhead = 8;

    // Larger batches do not fit the cores' caches.
    private const long CpuBatchBytes = 4 << 20;

    private readonly OnnxColumns _columns;
    private readonly byte[] _model;
    private readonly IHostEnvironment _env;
    private readonly Reopenable<GraphSession> _pass;
    private readonly Reopenable<GraphSession> _single;
    private readonly OnnxContract _contract;
    private readonly ConcurrentDictionary<string, BatchCheck> _checks = [];
    private readonly bool _onCpu;

    internal OnnxGraphScoringTransformer(
        OnnxColumns columns, string? graph, byte[] model, OnnxScoringOptions options, Func<string, int?> lengthOf,
        IHostEnvironment env)
    {
        Graph = graph;
        Options = Setting.Validate(options);
        _model = model;
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(model));
        _env = env;
        ExecutionOptions execution = options.Execution.In(env);
        _pass = new Reopenable<GraphSession>(() => GraphSession.Open(model, Sha256, execution));
        _single = new Reopenable<GraphSession>(() => GraphSession.Open(model, Sha256, execution with { IntraOpThreads = 0 }));
        try
        {
            (_columns, _contract, _onCpu) = _pass.Use(session =>
            {
                OnnxColumns named = columns.Inputs.Length > 0
                    ? columns
                    : OnnxColumns.Named([.. session.Outputs.Select(o => o.Name)], [.. session.Inputs.Select(i => i.Name)]);
                return (named, OnnxBinding.Bind(named, session, HasBatchAxis, lengthOf, model), session.Device.IsCpu);
            });
            CheckOptions();
        }
        catch
        {
            _pass.Dispose();
            throw;
        }

        Row = new RowSchema(
            OnnxBinding.Verb,
            [
                .. _contract.Inputs.Select(i => OnnxBinding.InputColumn(i, options.Padding?.ContainsKey(i.Column) == true)),
                .. InputColumns.Select(name => options.ShapeColumns?.GetValueOrDefault(name)).OfType<string>()
                    .Select(RowShapes.InputColumn),
            ],
            OnnxBinding.Added(_contract, options.ScalarOutputs, model))
        { MapsItems = true };
    }

    /// <summary>The columns added, one an output of the graph.</summary>
    public IReadOnlyList<string> OutputColumns => _columns.Outputs;

    /// <summary>The columns read, one an input of the graph.</summary>
    public IReadOnlyList<string> InputColumns => _columns.Inputs;

    /// <summary>The graph's name or path, as given; null for a graph given by its content.</summary>
    public string? Graph { get; }

    /// <summary>The options.</summary>
    public OnnxScoringOptions Options { get; }

    internal override RowSchema Row { get; }

    /// <summary>The SHA-256 of the graph, which identifies it among transformers.</summary>
    internal string Sha256 { get; }

    // On a GPU one batch is scored while every core prepares another.
    internal override int Workers =>
        _onCpu || Options.Execution.Workers > 0 ? Options.Execution.WorkerCount : Environment.ProcessorCount + 1;

    private bool? HasBatchAxis => Options.BatchAxis switch
    {
        OnnxBatchAxis.First => true,
        OnnxBatchAxis.None => false,
        _ => null,
    };

    /// <summary>Whether columns of these lengths are bound in the same way.</summary>
    internal bool IsFor(Func<string, int?> lengthOf) => _contract.IsFor(HasBatchAxis, lengthOf, _model);

    internal OnnxGraphScoringTransformer WithGraph(GraphPackage graph, string name) =>
        new(_columns, name, graph.Model, Options, _contract.LengthOf, _env);

    internal override RowProcessor CreateProcessor(DataViewRow input, bool[] wanted, bool singleRow)
    {
        (GraphRunner runner, int batch) = (singleRow ? _single : _pass)
            .Use(s => (s.CreateRunner(), Options.Execution.BatchSizeFor(_contract.FixedBatch, s.Device)));
        long batchBytes = Options.Execution.BatchSize == 0 && _onCpu ? CpuBatchBytes : long.MaxValue;
        int capacity = singleRow ? 1 : Capacity(input.Schema, batch, batchBytes);
        OnnxInputRows[] rows = [.. _contract.Inputs.Select(slot => OnnxInputRows.Create(input, input.Schema[slot.Column], slot, capacity,
            Options.Padding?.TryGetValue(slot.Column, out double padding) == true ? padding : null,
            Options.ShapeColumns?.GetValueOrDefault(slot.Column) is { } shape ? input.Schema[shape] : null))];
        BatchCheck? check = Options.BatchAxis == OnnxBatchAxis.Auto
            ? _checks.GetOrAdd(string.Join(',', wanted), _ => new BatchCheck(Options.Execution.In(_env).Warn))
            : null;
        return new OnnxProcessor(
            runner, _contract.FixedBatch, input, rows,
            [.. _contract.Outputs.Select(o => OnnxOutputRows.Create(o, capacity, Options.ScalarOutputs))], wanted, capacity,
            singleRow ? 1 : batch, batchBytes, check);
    }

    /// <summary>Rows captured at once: a batch, or more if rows of equal shape have to be found.</summary>
    private int Capacity(DataViewSchema schema, int batch, long batchBytes)
    {
        bool shapesDiffer = Options.Padding is { Count: > 0 } || _contract.Inputs.Any(
            i => i.Batched.RowLength is null && schema[i.Column].Type is not VectorDataViewType { IsKnownSize: true });
        if (Options.LookAhead > 0 || shapesDiffer)
        {
            return Math.Max(batch, Options.LookAhead > 0 ? Options.LookAhead : BatchesAhead * batch);
        }

        long rowBytes = _contract.Inputs.Sum(i => sizeof(float) * (long)(i.Batched.RowLength ?? 1));
        return (int)Math.Max(_contract.FixedBatch ?? 1, Math.Min(batch, batchBytes / Math.Max(1, rowBytes)));
    }

    private protected override void Save(ModelSaveContext context) =>
        ModelFile.Save(
            context, Signature, new State(_columns, [.. _contract.Inputs.Select(i => i.IsWhole)], Graph, Options),
            (Options.Storage == GraphStorage.Embed ? _model : null, null));

    private static OnnxGraphScoringTransformer Create(IHostEnvironment env, ModelLoadContext context)
    {
        (State state, var embedded) = ModelFile.Load<State>(context, Signature);
        byte[] model = embedded.Model ?? GraphSource.FromName(state.Graph!).ReadModel(state.Options.AllowExternalData);
        int? LengthOf(string column) => OnnxContract.LengthOf(state.WholeInputs[Array.IndexOf(state.Columns.Inputs, column)]);
        return new(state.Columns, state.Graph, model, state.Options, LengthOf, env);
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
            foreach (OnnxSlot input in _contract.Inputs.Where(i => padding.ContainsKey(i.Column)))
            {
                OnnxPadding.Check(input, padding[input.Column], hasShapes: Options.ShapeColumns?.ContainsKey(input.Column) == true);
            }

            OnnxPadding.CheckOutputs(_contract);
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

    private sealed record State(OnnxColumns Columns, bool[] WholeInputs, string? Graph, OnnxScoringOptions Options);
}
