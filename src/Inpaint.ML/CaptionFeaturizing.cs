using Inpaint.ML.Internals;
using Inpaint.ML.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Inpaint.ML;

/// <summary>
/// Turns captions into word vectors over a fitted vocabulary or a graph's. See
/// <see cref="InpaintCatalog.FeaturizeCaptions(TransformsCatalog, string, string, string, CaptionCombination?, GraphStorage)"/>.
/// </summary>
/// <remarks>
/// <list type="table">
/// <item><term>Looks at the data in Fit</term><description>Yes, unless a graph has the vocabulary</description></item>
/// <item><term>Input column types</term><description>Text or a vector of text</description></item>
/// <item><term>Output column types</term><description>A vector of Single, its slots named after the words</description></item>
/// <item><term>Packages besides Inpaint.ML</term><description>None</description></item>
/// <item><term>Exportable to ONNX</term><description>No</description></item>
/// </list>
/// </remarks>
public sealed class CaptionFeaturizingEstimator : RowEstimator<CaptionFeaturizingTransformer>
{
    internal CaptionFeaturizingEstimator(string output, string input, string graph, CaptionCombination? combination, GraphStorage storage)
        : base(nameof(InpaintCatalog.FeaturizeCaptions), [output], () => new CaptionFeaturizingTransformer(
            output, input, CaptionFeaturizingTransformer.ContractOf(GraphPackage.Load(graph)), graph, combination, storage))
    {
    }

    internal CaptionFeaturizingEstimator(
        string output, string input, VocabularyOptions? vocabulary, CaptionEncoding encoding, CaptionCombination combination)
        : base(CaptionFeaturizingTransformer.MakeRow(output, input, ["word"]), data =>
        {
            vocabulary ??= new VocabularyOptions();
            var contract = new CaptionContract
            {
                Encoding = encoding,
                Combine = combination,
                Rules = vocabulary.Rules,
                Vocabulary = Vocabulary.Fit(ReadCaptions(data, input), vocabulary).Words,
            };
            return new CaptionFeaturizingTransformer(output, input, contract, graph: null, combination, GraphStorage.Embed);
        })
    {
    }

    private static IEnumerable<string> ReadCaptions(IDataView data, string input)
    {
        using DataViewRowCursor cursor = data.GetRowCursor([data.Schema[input]]);
        var column = new CaptionColumn(cursor, input);
        while (cursor.MoveNext())
        {
            foreach (string caption in column.Read())
            {
                yield return caption;
            }
        }
    }
}

/// <summary>Turns captions into vectors over a vocabulary: one number per word; zeros without a caption.</summary>
public sealed class CaptionFeaturizingTransformer : RowTransformer
{
    internal const string Signature = "INP_WORD";
    private const string Verb = nameof(InpaintCatalog.FeaturizeCaptions);

    private readonly CaptionEncoder _encoder;

    internal CaptionFeaturizingTransformer(
        string output, string input, CaptionContract contract, string? graph, CaptionCombination? combination, GraphStorage storage)
    {
        OutputColumn = output;
        InputColumn = input;
        Contract = PhotoProcessor.CombineOnce(contract, combination);
        Graph = graph;
        Combination = combination;
        Storage = storage;
        _encoder = new CaptionEncoder(Contract);
        Row = MakeRow(output, input, Contract.Vocabulary);
    }

    /// <summary>The column of vectors.</summary>
    public string OutputColumn { get; }

    /// <summary>The column of captions: text, or vectors of text.</summary>
    public string InputColumn { get; }

    /// <summary>The vocabulary and its rules.</summary>
    public CaptionContract Contract { get; }

    /// <summary>The graph that the vocabulary is from; null when it was fitted.</summary>
    public string? Graph { get; }

    /// <summary>How several captions of a photo are combined; null for the graph's own rule.</summary>
    public CaptionCombination? Combination { get; }

    /// <summary>
    /// Whether a saved pipeline contains a graph's vocabulary or names the graph. A fitted vocabulary is always contained.
    /// </summary>
    public GraphStorage Storage { get; }

    internal override RowSchema Row { get; }

    internal static RowSchema MakeRow(string output, string input, IReadOnlyList<string> words) => new(
        Verb,
        [new(input, ColumnKinds.Captions)],
        [AddedColumn.WithSlotNames(output, NumberDataViewType.Single, words)]);

    internal static CaptionContract ContractOf(GraphPackage graph) => graph.Manifest.Caption
        ?? throw new GraphException(
            $"Graph '{graph.Manifest.Name}' takes no caption, so it has no vocabulary. Omit {Verb} for it, or name a graph with captions.");

    /// <summary>The same with another graph's vocabulary.</summary>
    internal CaptionFeaturizingTransformer WithGraph(GraphPackage graph, string name) =>
        new(OutputColumn, InputColumn, ContractOf(graph), name, Combination, Storage);

    internal override RowProcessor CreateProcessor(DataViewRow input, bool[] wanted, bool singleRow) => new Processor(this, input);

    private protected override void Save(ModelSaveContext context)
    {
        CaptionContract? embedded = Storage == GraphStorage.Reference && Graph is not null ? null : Contract;
        ModelFile.Save(context, Signature, new State(OutputColumn, InputColumn, embedded, Graph, Combination, Storage));
    }

    private static CaptionFeaturizingTransformer Create(IHostEnvironment env, ModelLoadContext context)
    {
        State state = ModelFile.Load<State>(context, Signature).State;
        CaptionContract contract = state.Contract ?? ContractOf(GraphPackage.Load(state.Graph!));
        return new(state.Output, state.Input, contract, state.Graph, state.Combination, state.Storage);
    }

    private sealed record State(
        string Output, string Input, CaptionContract? Contract, string? Graph, CaptionCombination? Combination, GraphStorage Storage);

    private sealed class Processor(CaptionFeaturizingTransformer transformer, DataViewRow input) : RowProcessor
    {
        private readonly CaptionColumn _column = new(input, transformer.InputColumn);
        private readonly float[] _vector = new float[transformer._encoder.Size];

        public override void Capture(int row)
        {
            IReadOnlyList<string> captions = _column.Read();
            if (transformer.Contract.Required && !captions.Any(c => !string.IsNullOrWhiteSpace(c)))
            {
                throw new InvalidOperationException(
                    $"Row {input.Position}: column '{transformer.InputColumn}' has no caption, and graph '{transformer.Graph}' "
                        + "requires one. Give every row a caption.");
            }

            _ = transformer._encoder.Encode(captions, _vector);
        }

        public override void Get<T>(int output, int row, ref T value) => Value.SetVector<float, T>(_vector, ref value);
    }
}
