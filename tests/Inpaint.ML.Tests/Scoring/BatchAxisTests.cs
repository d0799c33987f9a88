using Inpaint.TestSupport;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Tests.Scoring;

/// <summary>Graphs whose rows cannot simply be stacked: every row must get what ML.NET's own scorer, one row per run, gives it.</summary>
public sealed class BatchAxisTests : IDisposable
{
    private const int Count = 41;
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new();

    private sealed class Row
    {
        public float[] x { get; set; } = [];

        // Twice as long.
        public float[] h { get; set; } = [];
    }

    public static TheoryData<string, int, string[]> Graphs { get; } = new()
    {
        { nameof(Detector), 4, ["boxes"] },
        { nameof(UnnamedDetector), 4, ["boxes"] },
        { nameof(NamedLikeTheBatch), 4, ["y"] },
        { nameof(FixedPictureDetector), 4, ["boxes"] },
        { nameof(DetectorInALoop), 4, ["boxes"] },
        { nameof(NormalizedOverTheBatch), 4, ["y"] },
        { nameof(CumulativeSum), 4, ["y"] },
        { nameof(Reshaped), 4, ["y"] },
        { nameof(BatchInTheMiddle), 4, ["y"] },
        { nameof(NoBatch), 3, ["y"] },
        { nameof(Picture), 12, ["y"] },
        { nameof(StateAndInput), 4, ["y", "state"] },
        { nameof(TwoNames), 4, ["y"] },
        { nameof(LayersFirst), 4, ["h_out"] },
        { nameof(OneOfEach), 4, ["y", "boxes"] },
    };

    [Theory]
    [MemberData(nameof(Graphs))]
    public void Every_row_gets_what_stock_gives_it(string graph, int length, string[] outputs)
    {
        string file = Write(graph);
        string[] inputs = graph is nameof(StateAndInput) or nameof(TwoNames) ? ["x", "h"] : ["x"];
        IDataView data = Rows(length);
        IDataView stock = _ml.Transforms.ApplyOnnxModel(outputs, inputs, file).Fit(data).Transform(data);
        foreach (int batch in (int[])[0, 1, 2, 7])
        {
            var options = new OnnxScoringOptions { Execution = new() { BatchSize = batch, Workers = 3 } };
            IDataView ours = _ml.Transforms.ScoreOnnx(outputs, inputs, file, options).Fit(data).Transform(data);
            foreach (string output in outputs)
            {
                Assert.Equal(stock.GetColumn<float[]>(output), ours.GetColumn<float[]>(output));
            }
        }
    }

    [Fact]
    public void A_saved_pipeline_scores_in_the_same_way()
    {
        foreach ((string graph, int length, string output) in (ReadOnlySpan<(string, int, string)>)
            [(nameof(Detector), 4, "boxes"), (nameof(LayersFirst), 4, "h_out"), (nameof(NoBatch), 3, "y")])
        {
            IDataView data = Rows(length);
            ITransformer model = _ml.Transforms.ScoreOnnx([output], ["x"], Write(graph)).Fit(data);
            _ml.Model.Save(model, data.Schema, _folder.File("model.zip"));
            ITransformer loaded = new MLContext().Model.Load(_folder.File("model.zip"), out _);
            Assert.Equal(model.Transform(data).GetColumn<float[]>(output), loaded.Transform(data).GetColumn<float[]>(output));
        }
    }

    [Fact]
    public void Mixed_rows_are_reported_unless_they_are_intended()
    {
        IDataView data = Rows(4);
        var warnings = new List<string>();
        string graph = Write(nameof(NormalizedOverTheBatch));
        var options = new OnnxScoringOptions { Execution = new() { BatchSize = 41, Workers = 1, Warn = warnings.Add } };
        _ = _ml.Transforms.ScoreOnnx("y", "x", graph, options).Fit(data).Transform(data).GetColumn<float[]>("y").Count();
        Assert.Contains("depend on the other rows", Assert.Single(warnings), StringComparison.Ordinal);

        // By hand: the mean of all rows.
        IDataView together = _ml.Transforms.ScoreOnnx("y", "x", graph, options with { BatchAxis = OnnxBatchAxis.First }).Fit(data)
            .Transform(data);
        float[] mean = [.. Enumerable.Range(0, 4).Select(k => Values(4).Average(r => r[k]))];
        Assert.All(
            Values(4).Zip(together.GetColumn<float[]>("y")),
            pair => Assert.All(pair.First.Zip(mean, (x, m) => x - m).Zip(pair.Second), v => Assert.Equal(v.First, v.Second, 1e-4f)));
        Assert.Single(warnings);
    }

    [Fact]
    public void A_row_without_a_batch_axis_can_have_any_number_of_rows_if_that_is_asked_for()
    {
        var builder = new GraphBuilder("pairs");
        string x = builder.Input("x", DataType.Float, "N", 2);
        builder.Output("y", builder.Node("Neg", [x]), DataType.Float, "N", 2);
        File.WriteAllBytes(_folder.File("pairs.onnx"), builder.Build().ToBytes());
        Row[] rows = [new() { x = [1, 2, 3, 4] }, new() { x = [5, 6] }, new() { x = [] }, new() { x = [1, 2, 3, 4, 5, 6] }];
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        var options = new OnnxScoringOptions { BatchAxis = OnnxBatchAxis.None };
        IDataView output = _ml.Transforms.ScoreOnnx("y", "x", _folder.File("pairs.onnx"), options).Fit(data).Transform(data);
        Assert.Equal(rows.Select(r => r.x.Select(v => -v)), output.GetColumn<float[]>("y"));
    }

    [Fact]
    public void A_fixed_batch_of_which_an_output_has_other_rows_is_refused()
    {
        var builder = new GraphBuilder("fixed");
        string x = builder.Input("x", DataType.Float, 8, 3);
        builder.Output("y", builder.Node("Transpose", [x]), DataType.Float, 3, 8);
        IDataView data = Rows(3);
        GraphException error = Assert.Throws<GraphException>(() => _ml.Transforms.ScoreOnnx("y", "x", builder.Build().ToBytes()).Fit(data));
        Assert.Contains("takes 8 rows in every run", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static float[][] Values(int length)
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, Count).Select(_ => Enumerable.Range(0, length).Select(_ => random.NextSingle()).ToArray())];
    }

    private IDataView Rows(int length)
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        definition["x"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, length);
        definition["h"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2, 1, length);
        return _ml.Data.LoadFromEnumerable(
            Values(length).Select(x => new Row { x = x, h = [.. x.Reverse(), .. x.Select(v => 2 * v)] }), definition);
    }

    private string Write(string graph)
    {
        var builder = new GraphBuilder(graph);
        switch (graph)
        {
            case nameof(Detector): Detector(builder, "N", "K"); break;
            case nameof(UnnamedDetector): UnnamedDetector(builder); break;
            case nameof(NamedLikeTheBatch): NamedLikeTheBatch(builder); break;
            case nameof(FixedPictureDetector): FixedPictureDetector(builder); break;
            case nameof(DetectorInALoop): DetectorInALoop(builder); break;
            case nameof(NormalizedOverTheBatch): NormalizedOverTheBatch(builder); break;
            case nameof(CumulativeSum): CumulativeSum(builder); break;
            case nameof(Reshaped): Reshaped(builder); break;
            case nameof(BatchInTheMiddle): BatchInTheMiddle(builder); break;
            case nameof(NoBatch): NoBatch(builder); break;
            case nameof(Picture): Picture(builder); break;
            case nameof(LayersFirst): LayersFirst(builder); break;
            case nameof(StateAndInput): StateAndInput(builder); break;
            case nameof(TwoNames): TwoNames(builder); break;
            case nameof(OneOfEach): OneOfEach(builder); break;
        }

        string path = _folder.File($"{graph}.onnx");
        builder.Build().Write(path);
        return path;
    }

    // The places of numbers above a half; each begins with its row's index in the batch.
    private static string Boxes(GraphBuilder builder, string x)
    {
        string found = builder.Node("NonZero", [builder.Node("Greater", [x, builder.Constant("half", [0.5f])])]);
        return builder.Node("Cast", [builder.Node("Transpose", [found])], ("to", (int)DataType.Float));
    }

    private static void Detector(GraphBuilder builder, GraphDimension batch, GraphDimension boxes) =>
        builder.Output("boxes", Boxes(builder, builder.Input("x", DataType.Float, batch, 4)), DataType.Float, boxes, 2);

    private static void UnnamedDetector(GraphBuilder builder) =>
        Detector(builder, new GraphDimension(null, null), new GraphDimension(null, null));

    private static void FixedPictureDetector(GraphBuilder builder) => Detector(builder, 1, new GraphDimension(null, null));

    // An exporter that names every first axis alike. Two numbers a row on average, but not in every row.
    private static void NamedLikeTheBatch(GraphBuilder builder)
    {
        string x = builder.Input("x", DataType.Float, "N", 4);
        string largest = builder.Node("ReduceMax", [x], ("axes", new long[] { 0 }), ("keepdims", 1));
        builder.Output("y", builder.Node("Sub", [x, largest]), DataType.Float, "N", 4);
    }

    private static void DetectorInALoop(GraphBuilder builder)
    {
        var body = new GraphBuilder("body");
        body.Input("i", DataType.Int64);
        string go = body.Input("go", DataType.Bool);
        body.Output("go_on", go, DataType.Bool);
        body.Output("step", body.Constant("one", TensorData.Make([1f, 2f], 2)), DataType.Float, 2);
        string x = builder.Input("x", DataType.Float, "N", 4);
        string most = builder.Node("ReduceMax", [builder.Node("Mul", [x, builder.Constant("six", [6f])])], ("keepdims", 0));
        string trips = builder.Node("Cast", [most], ("to", (int)DataType.Int64));
        string scanned = builder.Node("Loop", [trips, ""], ("body", body.Build()));
        builder.Output("boxes", scanned, DataType.Float, new GraphDimension(null, null), 2);
    }

    private static void NormalizedOverTheBatch(GraphBuilder builder)
    {
        string x = builder.Input("x", DataType.Float, "N", 4);
        string mean = builder.Node("ReduceMean", [x], ("axes", new long[] { 0 }), ("keepdims", 1));
        builder.Output("y", builder.Node("Sub", [x, mean]), DataType.Float, "N", 4);
    }

    private static void CumulativeSum(GraphBuilder builder)
    {
        string x = builder.Input("x", DataType.Float, "N", 4);
        builder.Output("y", builder.Node("CumSum", [x, builder.Constant("axis", TensorData.Make([0L]))]), DataType.Float, "N", 4);
    }

    private static void Reshaped(GraphBuilder builder)
    {
        string x = builder.Input("x", DataType.Float, "N", 4);
        builder.Output("y", builder.Node("Reshape", [x, builder.Constant("shape", [-1L, 2])]), DataType.Float, "M", 2);
    }

    private static void BatchInTheMiddle(GraphBuilder builder)
    {
        string x = builder.Node("Reshape", [builder.Input("x", DataType.Float, "N", 4), builder.Constant("shape", [-1L, 2, 2])]);
        builder.Output("y", builder.Node("Transpose", [x], ("perm", new long[] { 1, 0, 2 })), DataType.Float, 2, "N", 2);
    }

    private static void NoBatch(GraphBuilder builder) =>
        builder.Output("y", builder.Node("Neg", [builder.Input("x", DataType.Float, 3)]), DataType.Float, 3);

    private static void Picture(GraphBuilder builder)
    {
        string x = builder.Input("x", DataType.Float, 2, 2, 3);
        builder.Output("y", builder.Node("Neg", [x]), DataType.Float, 2, 2, 3);
    }

    private static void LayersFirst(GraphBuilder builder) =>
        builder.Output("h_out", builder.Node("Neg", [builder.Input("x", DataType.Float, 2, 1, 2)]), DataType.Float, 2, 1, 2);

    // A row of one and a state of two layers.
    private static void StateAndInput(GraphBuilder builder)
    {
        string x = builder.Input("x", DataType.Float, 1, 4), state = builder.Input("h", DataType.Float, 2, 1, 4);
        builder.Output("y", builder.Node("ReduceSum", [builder.Node("Add", [x, state]), builder.Constant("axis", [0L])], ("keepdims", 0)),
            DataType.Float, 1, 4);
        builder.Output("state", builder.Node("Sub", [state, x]), DataType.Float, 2, 1, 4);
    }

    // Each input has rows of its own.
    private static void TwoNames(GraphBuilder builder)
    {
        string x = builder.Input("x", DataType.Float, "N", 4), other = builder.Input("h", DataType.Float, "M", 8);
        string pairs = builder.Node("Reshape", [other, builder.Constant("shape", [-1L, 4])]);
        builder.Output("y", builder.Node("MatMul", [pairs, builder.Node("Transpose", [x])]), DataType.Float, "P", "N");
    }

    private static void OneOfEach(GraphBuilder builder)
    {
        string x = builder.Input("x", DataType.Float, "N", 4);
        builder.Output("y", builder.Node("Neg", [x]), DataType.Float, "N", 4);
        builder.Output("boxes", Boxes(builder, x), DataType.Float, "K", 2);
    }
}
