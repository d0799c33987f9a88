using Inpaint.Captions;
using Inpaint.Graphs;
using Inpaint.ML.Internals;
using Inpaint.ML.Rows;
using Inpaint.Onnx.Inpainting;
using Inpaint.Onnx.Runtime;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Inpaint.ML.Transforms;

/// <summary>Turns captions into word vectors; fits a vocabulary, or takes a graph's. See <see cref="InpaintCatalog.FeaturizeCaptions(TransformsCatalog, string, string, string, CaptionCombination?, GraphStorage)"/>.</summary>
public sealed class CaptionFeaturizingEstimator : IEstimator<CaptionFeaturizingTransformer>
{
    private readonly string _output;
    private readonly string _input;
    private readonly CaptionContract? _contract;
    private readonly VocabularyOptions _vocabulary;
    private readonly CaptionEncoding _encoding;
    private readonly CaptionCombination? _combination;
    private readonly string? _graph;
    private readonly GraphStorage _storage;

    internal CaptionFeaturizingEstimator(string output, string input, string graph, CaptionCombination? combination, GraphStorage storage)
    {
        (_output, _input, _graph, _combination, _storage) = (output, input, graph, combination, storage);
        _contract = CaptionFeaturizingTransformer.ContractOf(GraphPackage.Load(graph));
        _vocabulary = new VocabularyOptions();
    }

    internal CaptionFeaturizingEstimator(string output, string input, VocabularyOptions? vocabulary, CaptionEncoding encoding, CaptionCombination combination)
    {
        (_output, _input, _encoding, _combination) = (output, input, encoding, combination);
        _vocabulary = vocabulary ?? new VocabularyOptions();
    }

    /// <summary>Fits the vocabulary to the captions, unless a graph gave it.</summary>
    public CaptionFeaturizingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _ = Columns.Require(input.Schema, _input, ColumnKinds.Text | ColumnKinds.Texts, CaptionFeaturizingTransformer.Verb);
        CaptionContract contract = _contract ?? new CaptionContract
        {
            Encoding = _encoding,
            Combine = _combination ?? CaptionCombination.Union,
            Rules = _vocabulary.Rules,
            Vocabulary = Vocabulary.Fit(ReadCaptions(input), _vocabulary).Words,
        };
        return new CaptionFeaturizingTransformer(_output, _input, contract, _graph, _combination, _storage);
    }

    /// <inheritdoc />
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _ = Columns.Require(inputSchema, _input, ColumnKinds.Text | ColumnKinds.Texts, CaptionFeaturizingTransformer.Verb);
        return Shapes.With(inputSchema, [new AddedColumn(_output, new VectorDataViewType(NumberDataViewType.Single, _contract?.Vocabulary.Count ?? 1))]);
    }

    private IEnumerable<string> ReadCaptions(IDataView input)
    {
        using DataViewRowCursor cursor = input.GetRowCursor([input.Schema[_input]]);
        var column = new CaptionColumn(cursor, _input, CaptionFeaturizingTransformer.Verb);
        while (cursor.MoveNext())
        {
            foreach (string caption in column.Read())
            {
                yield return caption;
            }
        }
    }
}

/// <summary>Turns captions into vectors over a vocabulary: one number a word, no caption = zeros.</summary>
public sealed class CaptionFeaturizingTransformer : RowTransformer
{
    internal const string Signature = "INP_WORD";
    internal const string Verb = "FeaturizeCaptions";

    private readonly CaptionEncoder _encoder;

    internal CaptionFeaturizingTransformer(string output, string input, CaptionContract contract, string? graph, CaptionCombination? combination, GraphStorage storage)
    {
        OutputColumn = output;
        InputColumn = input;
        CaptionCombination combine = combination ?? contract.Combine;
        Contract = contract with { Combine = combine == CaptionCombination.Each ? CaptionCombination.First : combine };
        Graph = graph;
        Combination = combination;
        Storage = storage;
        _encoder = new CaptionEncoder(Contract);
        Added = new AddedColumn(output, new VectorDataViewType(NumberDataViewType.Single, _encoder.Size));
    }

    /// <summary>The column of vectors.</summary>
    public string OutputColumn { get; }

    /// <summary>The column of captions: text, or vectors of text.</summary>
    public string InputColumn { get; }

    /// <summary>The vocabulary and its rules.</summary>
    public CaptionContract Contract { get; }

    /// <summary>The graph that gave the vocabulary; null when it was fitted.</summary>
    public string? Graph { get; }

    /// <summary>How several captions of a photo are combined, whatever graph gives the vocabulary; null for the graph's own rule.</summary>
    public CaptionCombination? Combination { get; }

    /// <summary>Whether a saved pipeline holds the vocabulary or names the graph that gave it. A fitted vocabulary is always held.</summary>
    public GraphStorage Storage { get; }

    internal AddedColumn Added { get; }

    /// <summary>The same with another graph's vocabulary.</summary>
    internal CaptionFeaturizingTransformer WithGraph(GraphHandle graph) => new(OutputColumn, InputColumn, ContractOf(graph.Package), graph.Name, Combination, Storage);

    internal static CaptionContract ContractOf(GraphPackage graph) => graph.Manifest.Caption
        ?? throw new GraphException($"Graph '{graph.Manifest.Name}' takes no caption, so it has no vocabulary. Leave {Verb} out for it, or name a graph with captions.");

    internal override IReadOnlyList<AddedColumn> AddedColumns(DataViewSchema input)
    {
        _ = Columns.Require(input, InputColumn, ColumnKinds.Text | ColumnKinds.Texts, Verb);
        return [Added];
    }

    internal override IEnumerable<DataViewSchema.Column> Needs(DataViewSchema input) =>
        [Columns.Require(input, InputColumn, ColumnKinds.Text | ColumnKinds.Texts, Verb)];

    internal override RowWork CreateWork(DataViewRow input, bool[] wanted, bool singleRow) => new Work(this, input);

    private protected override void SaveModel(ModelSaveContext context) =>
        ModelFile.Save(context, GetType(), Signature, new State(OutputColumn, InputColumn, Storage == GraphStorage.Reference && Graph is not null ? null : Contract, Graph, Combination, Storage));

    private static CaptionFeaturizingTransformer Create(IHostEnvironment env, ModelLoadContext context)
    {
        State state = ModelFile.Load<State>(context, typeof(CaptionFeaturizingTransformer), Signature).State;
        CaptionContract contract = state.Contract ?? ContractOf(GraphPackage.Load(state.Graph!));
        return new(state.Output, state.Input, contract, state.Graph, state.Combination, state.Storage);
    }

    private sealed record State(string Output, string Input, CaptionContract? Contract, string? Graph, CaptionCombination? Combination, GraphStorage Storage);

    private sealed class Work(CaptionFeaturizingTransformer transformer, DataViewRow input) : RowWork
    {
        private readonly CaptionColumn _column = new(input, transformer.InputColumn, Verb);
        private readonly float[] _vector = new float[transformer._encoder.Size];

        public override int Capacity => 1;

        public override void Capture(int row)
        {
            IReadOnlyList<string> captions = _column.Read();
            if (transformer.Contract.Required && !captions.Any(c => !string.IsNullOrWhiteSpace(c)))
            {
                throw new InvalidOperationException($"Row {input.Position}: column '{transformer.InputColumn}' holds no caption, and graph '{transformer.Graph}' requires one.");
            }

            _ = transformer._encoder.Encode(captions, _vector);
        }

        public override void Run(int count, CancellationToken cancellation)
        {
        }

        public override void Get<T>(int output, int row, ref T value) => Value.SetVector<float, T>(_vector, ref value);
    }
}
