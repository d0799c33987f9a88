using Inpaint.ML.Tests.Support;
using Inpaint.TestSupport;
using Microsoft.ML;
using Microsoft.ML.Data;
using Inpaint.Onnx.Proto;

namespace Inpaint.ML.Tests.Scoring;

/// <summary>
/// Graphs for other tasks: sentences of any length, scores for ML.NET's evaluators, pictures of any size, strings, optional inputs,
/// custom operators.
/// </summary>
public sealed class OtherContractTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new();

    private static readonly OnnxScoringOptions Padded =
        new() { Execution = new() { BatchSize = 4, Workers = 2 }, BatchAxis = OnnxBatchAxis.First,
            Padding = new Dictionary<string, double> { ["input_ids"] = 9, ["attention_mask"] = 0 } };

    private sealed class Sentence
    {
        [ColumnName("input_ids")]
        public long[] Ids { get; set; } = [];

        [ColumnName("attention_mask")]
        public long[] Mask { get; set; } = [];
    }

    private sealed class Judged
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }

        public float Target { get; set; }
    }

    private sealed class Picture
    {
        public float[] X { get; set; } = [];

        public long[] Size { get; set; } = [];
    }

    private sealed class Words
    {
        public string[] X { get; set; } = [];
    }

    private sealed class Word
    {
        public string X { get; set; } = "";
    }

    private sealed class Numbers
    {
        [VectorType(3)]
        public float[] X { get; set; } = [];

        [ColumnName("scale")]
        public float Scale { get; set; }
    }

    private static Sentence[] Sentences(int count)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(1, 12))
            .Select(length =>
                new Sentence { Ids = [.. Enumerable.Range(0, length).Select(_ => (long)random.Next(10))],
                    Mask = [.. Enumerable.Repeat(1L, length)] })];
    }

    // By hand: the mean of rows of the graph's table, sin of 4 * id + column.
    private static float[] Embedding(Sentence sentence) =>
        [.. Enumerable.Range(0, 4).Select(column => sentence.Ids.Average(id => MathF.Sin((4 * id) + column)))];

    [Fact]
    public void Padded_sentences_give_the_same_results_as_single_ones()
    {
        Sentence[] sentences = Sentences(53);
        IDataView output = Transform(
            _ml.Transforms.ScoreOnnx(
                ["embedding", "tokens", "together"], ["input_ids", "attention_mask"], Write(ScoredGraphs.Sentences()), Padded),
                _ml.Data.LoadFromEnumerable(sentences));
        float[][] embeddings = [.. output.GetColumn<float[]>("embedding")], tokens = [.. output.GetColumn<float[]>("tokens")];
        for (int i = 0; i < sentences.Length; i++)
        {
            Assert.All(Embedding(sentences[i]).Zip(embeddings[i]), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
            // Each row keeps its own length, without padding.
            Assert.Equal(
                sentences[i].Ids.SelectMany(id => Enumerable.Range(0, 4).Select(column => MathF.Sin((4 * id) + column))), tokens[i],
                (a, b) => Math.Abs(a - b) < 1e-6);
        }

        // Fifty-three sentences of eleven lengths in batches of four: all batches except one per look-ahead are full.
        long[] together = [.. output.GetColumn<long[]>("together").Select(t => t[0])];
        Assert.True(together.Count(t => t == 4) >= 48, string.Join(" ", together));
    }

    [Fact]
    public void Without_padding_rows_of_equal_length_are_scored_together()
    {
        Sentence[] sentences = [.. Enumerable.Range(0, 32)
            .Select(i => new Sentence { Ids = [.. Enumerable.Range(0, 1 + (i % 4)).Select(k => (long)((i + k) % 10))],
                Mask = [.. Enumerable.Repeat(1L, 1 + (i % 4))] })];
        IDataView output =
            Transform(_ml.Transforms.ScoreOnnx(
                ["embedding", "together"], ["input_ids", "attention_mask"], Write(ScoredGraphs.Sentences()),
                new OnnxScoringOptions { Execution = new() { BatchSize = 4 }, BatchAxis = OnnxBatchAxis.First }),
                _ml.Data.LoadFromEnumerable(sentences));
        Assert.All(output.GetColumn<long[]>("together"), t => Assert.Equal(4, t[0]));
        Assert.All(sentences.Zip(output.GetColumn<float[]>("embedding")),
            pair => Assert.Equal(Embedding(pair.First), pair.Second, (a, b) => Math.Abs(a - b) < 1e-5));
    }

    [Fact]
    public void Padding_is_kept_when_a_pipeline_is_saved()
    {
        Sentence[] sentences = Sentences(9);
        IDataView data = _ml.Data.LoadFromEnumerable(sentences);
        ITransformer model = _ml.Transforms.ScoreOnnx(
            ["embedding"], ["input_ids", "attention_mask"], Write(ScoredGraphs.Sentences()), Padded with { ScalarOutputs = true })
                .Fit(data);
        string file = _folder.File("model.zip");
        _ml.Model.Save(model, data.Schema, file);
        ITransformer loaded = new MLContext().Model.Load(file, out _);
        Assert.All(sentences.Zip(loaded.Transform(data).GetColumn<float[]>("embedding")),
            pair => Assert.Equal(Embedding(pair.First), pair.Second, (a, b) => Math.Abs(a - b) < 1e-5));
        PredictionEngine<Sentence, Embedded> engine = _ml.Model.CreatePredictionEngine<Sentence, Embedded>(loaded);
        Assert.Equal(Embedding(sentences[4]), engine.Predict(sentences[4]).Embedding, (a, b) => Math.Abs(a - b) < 1e-5);
    }

    private sealed class Embedded
    {
        [ColumnName("embedding")]
        public float[] Embedding { get; set; } = [];
    }

    [Fact]
    public void Stock_evaluators_accept_scalar_scores()
    {
        var random = new Random(5);
        Judged[] rows = [.. Enumerable.Range(0, 40).Select(_ => new[] { random.NextSingle(), random.NextSingle(), random.NextSingle() })
            .Select(x => new Judged { Features = x, Label = random.Next(2) == 1, Target = x[0] })];
        float[] scores = [.. rows.Select(r => r.Features[0] - (2 * r.Features[1]) + (0.5f * r.Features[2]))];
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        IDataView output = Transform(
            _ml.Transforms.ScoreOnnx(
                ["Score", "PredictedLabel"], ["Features"], Write(ScoredGraphs.Judgement()),
                new OnnxScoringOptions { ScalarOutputs = true }), data);
        Assert.Equal(NumberDataViewType.Single, output.Schema["Score"].Type);
        Assert.Equal(BooleanDataViewType.Instance, output.Schema["PredictedLabel"].Type);

        RegressionMetrics regression = _ml.Regression.Evaluate(output, "Target");
        Assert.Equal(rows.Zip(scores, (r, s) => Math.Abs(r.Target - s)).Average(), regression.MeanAbsoluteError, 1e-5);
        BinaryClassificationMetrics binary = _ml.BinaryClassification.EvaluateNonCalibrated(output);
        Assert.Equal(rows.Zip(scores).Count(p => p.First.Label == (p.Second > 0)) / 40.0, binary.Accuracy, 1e-9);

        // A vector by default, as in the stock transformer.
        IDataView vectors = Transform(_ml.Transforms.ScoreOnnx(["Score"], ["Features"], Write(ScoredGraphs.Judgement())), data);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 1), vectors.Schema["Score"].Type);
    }

    [Fact]
    public void Pictures_with_a_column_of_sizes_are_scored_by_size()
    {
        Picture[] pictures = [.. Enumerable.Range(0, 20).Select(i => (Rows: 1 + (i % 3), Columns: 2 + (i % 2), I: i))
            .Select(p => new Picture { X = [.. Enumerable.Range(0, p.Rows * p.Columns).Select(k => (100f * p.I) + k)],
                Size = [p.Rows, p.Columns] })];
        var options =
            new OnnxScoringOptions { Execution = new() { BatchSize = 3, Workers = 2 },
                ShapeColumns = new Dictionary<string, string> { ["X"] = "Size" } };
        IDataView output = Transform(
            _ml.Transforms.ScoreOnnx("Turned", "X", Write(ScoredGraphs.Turn()), options), _ml.Data.LoadFromEnumerable(pictures));
        foreach ((Picture picture, float[] turned) in pictures.Zip(output.GetColumn<float[]>("Turned")))
        {
            (long rows, long columns) = (picture.Size[0], picture.Size[1]);
            Assert.Equal(Enumerable.Range(0, turned.Length).Select(k => picture.X[((k % rows) * columns) + (k / rows)]), turned);
        }

        pictures[7].Size = [2, 2];
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => output.GetColumn<float[]>("Turned").ToList());
        Assert.Contains("Row 7", error.Message, StringComparison.Ordinal);
        Assert.Contains("sizes are [2, 2]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Strings_are_inputs_and_outputs()
    {
        string[][] rows = [["yes", "no"], ["", "naïve ≠ наивный"], ["a", "b"]];
        IDataView data = _ml.Data.LoadFromEnumerable(rows.Select(r => new Words { X = r }));
        IDataView output =
            Transform(_ml.Transforms.ScoreOnnx(
                "twice", "X", Write(ScoredGraphs.Texts(2)), new OnnxScoringOptions { Execution = new() { BatchSize = 2 } }), data);
        Assert.Equal(rows.Select(r => r.Select(t => t + t)), output.GetColumn<string[]>("twice"));
        IDataView single = _ml.Data.LoadFromEnumerable(rows.Select(r => new Word { X = r[1] }));
        IDataView scalars =
            Transform(_ml.Transforms.ScoreOnnx(
                "twice", "X", Write(ScoredGraphs.Texts(1)),
                new OnnxScoringOptions { ScalarOutputs = true, Execution = new() { BatchSize = 2 } }), single);
        Assert.Equal(rows.Select(r => r[1] + r[1]), scalars.GetColumn<string>("twice"));
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => Transform(_ml.Transforms.ScoreOnnx("y", "X", Write(ScoredGraphs.AnyLength())), data));
        Assert.Contains("column 'X' is", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Inputs_with_a_default_value_are_optional()
    {
        // One row per run: the graph's scale is one number for all rows of a run.
        Numbers[] rows = [.. Enumerable.Range(0, 5).Select(i => new Numbers { X = [i, i + 1, i + 2], Scale = 10 * i })];
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        string graph = Write(ScoredGraphs.Scaled());
        Assert.Equal(
            rows.Select(r => r.X.Select(x => 2 * x)), Transform(_ml.Transforms.ScoreOnnx("y", "X", graph), data).GetColumn<float[]>("y"));
        IDataView given =
            Transform(_ml.Transforms.ScoreOnnx(
                ["y"], ["X", "scale"], graph, new OnnxScoringOptions { Execution = new() { BatchSize = 1 } }), data);
        Assert.Equal(rows.Select(r => r.X.Select(x => r.Scale * x)), given.GetColumn<float[]>("y"));
    }

    [Fact]
    public void Custom_operators_run_and_an_invalid_library_is_named()
    {
        string graph = Write(ScoredGraphs.Capitals());
        IDataView data = _ml.Data.LoadFromEnumerable(new Word[] { new() { X = "yes" }, new() { X = "Grün" } });
        Assert.Contains(
            "StringUpper", Assert.Throws<GraphException>(() => _ml.Transforms.ScoreOnnx("y", "X", graph).Fit(data)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "operator library 'none.so' does not exist",
            Assert.Throws<GraphException>(
                () => _ml.Transforms.ScoreOnnx(
                    "y", "X", graph, new OnnxScoringOptions { Execution = new() { CustomOperatorLibraries = ["none.so"] } })
                    .Fit(data)).Message,
                    StringComparison.Ordinal);
        File.WriteAllText(_folder.File("text.so"), "no library");
        Assert.Contains(
            "cannot be loaded as an operator library",
            Assert.Throws<GraphException>(
                () => _ml.Transforms.ScoreOnnx(
                    "y", "X", graph,
                    new OnnxScoringOptions { Execution = new() { CustomOperatorLibraries = [_folder.File("text.so")] } })
                    .Fit(data)).Message,
                    StringComparison.Ordinal);

        string? library = Directory.EnumerateFiles(AppContext.BaseDirectory, "*ortextensions*", SearchOption.AllDirectories)
            .FirstOrDefault(
                f => f.Contains(System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier, StringComparison.Ordinal)
                    || Path.GetDirectoryName(f) + "/" == AppContext.BaseDirectory);
        Assert.SkipWhen(library is null, "ONNX Runtime's extensions have no library for this system.");
        IDataView output =
            Transform(_ml.Transforms.ScoreOnnx(
                "y", "X", graph,
                new OnnxScoringOptions { Execution = new() { CustomOperatorLibraries = [library] }, ScalarOutputs = true }), data);
        Assert.Equal("YES", output.GetColumn<string>("y").First());
    }

    private sealed class Tokens
    {
        public long[] Ids { get; set; } = [];
    }

    [Fact]
    public void Padding_is_removed_from_outputs_of_every_type_along_every_axis()
    {
        Tokens[] rows = [.. new[] { 1, 5, 2, 3 }.Select(
            length => new Tokens { Ids = [.. Enumerable.Range(1, length).Select(i => (long)i)] })];
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        var options =
            new OnnxScoringOptions { Execution = new() { BatchSize = 4 }, Padding = new Dictionary<string, double> { ["Ids"] = 0 } };
        IDataView output = Transform(_ml.Transforms.ScoreOnnx(["texts", "both"], ["Ids"], Write(ScoredGraphs.TokenTexts()), options), data);
        Assert.Equal(rows.Select(r => r.Ids.Select(i => $"{i}")), output.GetColumn<string[]>("texts"));
        Assert.Equal(rows.Select(r => r.Ids.Concat(r.Ids.Select(i => 2 * i))), output.GetColumn<long[]>("both"));
        ArgumentException unnamed = Assert.Throws<ArgumentException>(
            () => _ml.Transforms.ScoreOnnx(["other"], ["Ids"], Write(ScoredGraphs.TokenTexts()), options).Fit(data));
        Assert.Contains("its padding cannot be removed", unnamed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Padding_that_would_mix_rows_or_is_not_representable_is_rejected()
    {
        IDataView words = _ml.Data.LoadFromEnumerable(Array.Empty<Word>());
        ArgumentException middle = Assert.Throws<ArgumentException>(
            () => _ml.Transforms.ScoreOnnx(
                ["y"], ["X"], Write(ScoredGraphs.Widths()),
                new OnnxScoringOptions { Padding = new Dictionary<string, double> { ["X"] = 0 } }).Fit(words));
        Assert.Contains("only along axis 1", middle.Message, StringComparison.Ordinal);
        foreach (double value in (double[])[1.5, double.NaN, 1e30])
        {
            ArgumentException held = Assert.Throws<ArgumentException>(
                () => _ml.Transforms.ScoreOnnx(
                    ["texts"], ["Ids"], Write(ScoredGraphs.TokenTexts()),
                    new OnnxScoringOptions { Padding = new Dictionary<string, double> { ["Ids"] = value } }).Fit(words));
            Assert.Contains("integers", held.Message, StringComparison.Ordinal);
        }

        Assert.Throws<SettingException>(
            () => _ml.Transforms.ScoreOnnx(
                ["texts"], ["Ids"], Write(ScoredGraphs.TokenTexts()), new OnnxScoringOptions { LookAhead = int.MaxValue }));
    }

    [Fact]
    public void A_mask_of_another_length_fails_only_its_row_and_names_both_columns()
    {
        Sentence[] sentences = Sentences(20);
        sentences[6].Mask = [.. sentences[6].Mask, 1, 1];
        IDataView data = _ml.Data.LoadFromEnumerable(sentences);
        ITransformer model = _ml.Transforms.ScoreOnnx(
            ["embedding"], ["input_ids", "attention_mask"], Write(ScoredGraphs.Sentences()), Padded).Fit(data);
        using DataViewRowCursor cursor = model.Transform(data)
            .GetRowCursor(model.GetOutputSchema(data.Schema).Where(c => c.Name == "embedding"));
        ValueGetter<VBuffer<float>> get = cursor.GetGetter<VBuffer<float>>(cursor.Schema["embedding"]);
        for (int i = 0; i < sentences.Length; i++)
        {
            Assert.True(cursor.MoveNext());
            VBuffer<float> embedding = default;
            if (i == 6)
            {
                InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => get(ref embedding));
                Assert.Contains("Row 6: column 'input_ids'", error.Message, StringComparison.Ordinal);
                Assert.Contains("'attention_mask'", error.Message, StringComparison.Ordinal);
                continue;
            }

            get(ref embedding);
            Assert.Equal(Embedding(sentences[i]), embedding.DenseValues(), (a, b) => Math.Abs(a - b) < 1e-5);
        }
    }

    [Fact]
    public void A_graph_with_external_data_is_scored_if_allowed()
    {
        string whole = Write(ScoredGraphs.Sentences()), beside = _folder.File("beside.onnx");
        OnnxModel model = OnnxModel.Read(whole);
        TensorProto table = model.Proto.Graph.Initializer.Single(i => i.Name == "table");
        File.WriteAllBytes(_folder.File("beside.onnx.data"), [.. new byte[64], .. table.RawData]);
        table.DataLocation = TensorProto.Types.DataLocation.External;
        table.ExternalData.Add(
            [new StringStringEntryProto { Key = "location", Value = "beside.onnx.data" },
            new StringStringEntryProto { Key = "offset", Value = "64" },
            new StringStringEntryProto { Key = "length", Value = $"{table.RawData.Length}" }]);
        table.RawData = Google.Protobuf.ByteString.Empty;
        model.Write(beside);
        IDataView data = _ml.Data.LoadFromEnumerable(Sentences(5));
        GraphException refused = Assert.Throws<GraphException>(
            () => _ml.Transforms.ScoreOnnx(["embedding"], ["input_ids", "attention_mask"], beside, Padded).Fit(data));
        Assert.Contains("AllowExternalData", refused.Message, StringComparison.Ordinal);
        Sentence[] sentences = Sentences(5);
        IDataView output = Transform(
            _ml.Transforms.ScoreOnnx(["embedding"], ["input_ids", "attention_mask"], beside, Padded with { AllowExternalData = true }),
            _ml.Data.LoadFromEnumerable(sentences));
        Assert.All(sentences.Zip(output.GetColumn<float[]>("embedding")),
            pair => Assert.Equal(Embedding(pair.First), pair.Second, (a, b) => Math.Abs(a - b) < 1e-5));
    }

    [Fact]
    public void Infinite_padding_is_kept_when_a_pipeline_is_saved()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(new[] { new Picture { X = [1, 2, 3] }, new Picture { X = [4] } });
        ITransformer model = _ml.Transforms.ScoreOnnx(
            ["y"], ["X"], Write(ScoredGraphs.AnyLength()),
            new OnnxScoringOptions { Padding = new Dictionary<string, double> { ["X"] = double.NegativeInfinity } }).Fit(data);
        _ml.Model.Save(model, data.Schema, _folder.File("model.zip"));
        Assert.Equal(
            [[2f, 4, 6], [8f]], new MLContext().Model.Load(_folder.File("model.zip"), out _).Transform(data).GetColumn<float[]>("y"));
    }

    [Fact]
    public void Options_of_columns_that_are_not_inputs_are_rejected()
    {
        string graph = Write(ScoredGraphs.Sentences());
        IDataView data = _ml.Data.LoadFromEnumerable(Sentences(1));
        ArgumentException padding = Assert.Throws<ArgumentException>(
            () => _ml.Transforms.ScoreOnnx(
                ["embedding"], ["input_ids", "attention_mask"], graph,
                new OnnxScoringOptions { Padding = new Dictionary<string, double> { ["ids"] = 0 } }).Fit(data));
        Assert.Contains("Padding names the column 'ids'", padding.Message, StringComparison.Ordinal);
        ArgumentException shapes = Assert.Throws<ArgumentException>(
            () => _ml.Transforms.ScoreOnnx(
                ["embedding"], ["input_ids", "attention_mask"], graph,
                new OnnxScoringOptions { ShapeColumns = new Dictionary<string, string> { ["x"] = "Size" } }).Fit(data));
        Assert.Contains("ShapeColumns names the column 'x'", shapes.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static IDataView Transform(IEstimator<ITransformer> estimator, IDataView data) => estimator.Fit(data).Transform(data);

    private string Write(byte[] model)
    {
        string path = _folder.File($"{Guid.NewGuid():N}.onnx");
        File.WriteAllBytes(path, model);
        return path;
    }
}
