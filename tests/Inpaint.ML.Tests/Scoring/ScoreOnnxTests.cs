using Inpaint.ML.Tests.Support;
using Inpaint.TestSupport;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace Inpaint.ML.Tests.Scoring;

public sealed class ScoreOnnxTests : IDisposable
{
    private const int Count = 11;
    private const long Endless = 1_000_000_000_000_000;
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new();

    private sealed class Vector<T>
    {
        [VectorType(3)]
        public T[] X { get; set; } = [];
    }

    private sealed class Pair
    {
        [VectorType(3)]
        public float[] X { get; set; } = [];

        public long K { get; set; }
    }

    private sealed class AnyLength
    {
        public float[] X { get; set; } = [];
    }

    public static TheoryData<string, int> Batches => new() { { "N", 1 }, { "N", 4 }, { "N", 64 }, { "1", 4 }, { "8", 4 } };

    [Theory]
    [MemberData(nameof(Batches))]
    public void Numbers_of_every_type_equal_single_runs_of_ONNX_Runtime(string graphBatch, int batchSize)
    {
        Check<float>(DataType.Float, graphBatch, batchSize, i => i * 0.5f);
        Check<double>(DataType.Double, graphBatch, batchSize, i => i / 3.0);
        Check(DataType.Int32, graphBatch, batchSize, i => -i);
        Check<long>(DataType.Int64, graphBatch, batchSize, i => i * 10_000_000_000);
        Check(DataType.Uint8, graphBatch, batchSize, i => (byte)(255 - i));
        Check(DataType.Bool, graphBatch, batchSize, i => i % 3 == 0);
        Check(DataType.Int16, graphBatch, batchSize, i => (short)(-7 * i));
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public void Half_floats_are_float_columns(string graphBatch, int batchSize)
    {
        float[][] rows = [.. Enumerable.Range(0, Count).Select(i => new[] { i * 0.1f, -i, 1f / (i + 1) })];
        IDataView data = _ml.Data.LoadFromEnumerable(rows.Select(r => new Vector<float> { X = r }));
        List<float[]> scored = Score<float[]>(data, ScoredGraphs.Mirror(DataType.Float16, Dimension(graphBatch)), batchSize);
        float[] Halves(float[] row) => [.. row.Concat(row.Reverse()).Select(v => (float)(Half)v)];
        Assert.Equal(rows.Select(Halves), scored);
    }

    [Fact]
    public void Several_inputs_and_outputs_are_bound_by_name()
    {
        string graph = Write(ScoredGraphs.TwoAndTwo());
        IDataView data = _ml.Data.LoadFromEnumerable(
            Enumerable.Range(0, Count).Select(i => new Pair { X = [i, 2 * i, 3 * i], K = 100 + i }));
        IDataView swapped =
            Transform(_ml.Transforms.ScoreOnnx(
                ["Double", "Sum"], ["K", "X"], graph, new OnnxScoringOptions { Execution = new() { BatchSize = 4 } }), data);
        IDataView ordered = Transform(_ml.Transforms.ScoreOnnx(
            [new InputOutputColumnPair("A", "sum"), new("B", "double")],
                [new InputOutputColumnPair("k", "K"), new("x", "X")], graph), data);
        for (int i = 0; i < Count; i++)
        {
            float[] sum = [i + 100 + i, (2 * i) + 100 + i, (3 * i) + 100 + i];
            Assert.Equal(sum, swapped.GetColumn<float[]>("Sum").ElementAt(i));
            Assert.Equal(2 * (100 + i), swapped.GetColumn<long>("Double").ElementAt(i));
            Assert.Equal(sum, ordered.GetColumn<float[]>("A").ElementAt(i));
            Assert.Equal(2 * (100 + i), ordered.GetColumn<long>("B").ElementAt(i));
        }
    }

    [Fact]
    public void Rows_of_equal_length_are_scored_together()
    {
        int[] lengths = [3, 3, 5, 5, 5, 1, 3, 2, 2, 7, 3];
        float[][] rows = [.. lengths.Select((length, i) => Enumerable.Range(0, length).Select(k => i + (k * 0.5f)).ToArray())];
        IDataView data = _ml.Data.LoadFromEnumerable(rows.Select(r => new AnyLength { X = r }));
        IDataView output =
            Transform(_ml.Transforms.ScoreOnnx(
                ["y", "mean"], ["X"], Write(ScoredGraphs.AnyLength()),
                new OnnxScoringOptions { Execution = new() { BatchSize = 4, Workers = 2 } }), data);
        Assert.Equal(rows.Select(r => r.Select(v => 2 * v)), output.GetColumn<float[]>("y"));
        Assert.Equal(
            rows.Select(r => r.Average()), output.GetColumn<float>("mean").Select(m => (float)m), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void The_dimensions_of_a_column_give_a_dynamic_input_its_shape()
    {
        var definition = SchemaDefinition.Create(typeof(AnyLength));
        definition["X"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2, 3);
        IDataView data = _ml.Data.LoadFromEnumerable(
            Enumerable.Range(0, 5).Select(i => new AnyLength { X = [i, 1, 2, 3, 4, 5] }), definition);
        IDataView output = Transform(_ml.Transforms.ScoreOnnx("Turned", "X", Write(ScoredGraphs.Turn())), data);
        Assert.Equal(Enumerable.Range(0, 5).Select(i => new float[] { i, 3, 1, 4, 2, 5 }), output.GetColumn<float[]>("Turned"));
    }

    [Fact]
    public void Sparse_vectors_are_scored_as_dense_ones()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, Count).Select(i => new Pair { X = [0, 0, 0], K = i % 6 }));
        IDataView sparse = _ml.Transforms.Categorical.OneHotEncoding("Sparse", "K").Fit(data).Transform(data);
        IDataView output =
            Transform(_ml.Transforms.ScoreOnnx(
                "y", "Sparse", Write(TinyGraphs.Affine(6)), new OnnxScoringOptions { Execution = new() { BatchSize = 4 } }), sparse);
        Assert.Equal(
            Enumerable.Range(0, Count)
                .Select(i => Enumerable.Range(0, 6).Select(k => k == i % 6 ? 3f : 1f)), output.GetColumn<float[]>("y"));
    }

    [Fact]
    public void A_mean_over_the_batch_is_computed_row_by_row()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, Count).Select(i => new Vector<float> { X = [i, i + 3, i + 6] }));
        List<float> means = Score<float>(data, ScoredGraphs.MeanOfAll(), 4);
        Assert.Equal(Enumerable.Range(0, Count).Select(i => i + 3f), means);
    }

    [Fact]
    public void An_output_whose_first_axis_is_not_the_batch_is_computed_row_by_row()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, Count).Select(i => new Vector<float> { X = [i, i + 3, i + 6] }));
        Assert.Equal(
            Enumerable.Range(0, Count).Select(i => new float[] { i, i + 3, i + 6 }), Score<float[]>(data, ScoredGraphs.BatchLast(), 4));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_failing_row_is_named_after_the_previous_rows(int batchSize)
    {
        long[] indices = [0, 4, 2, 1, 3, 0, 99, 1, 1];
        IDataView data = _ml.Data.LoadFromEnumerable(indices.Select(k => new Pair { X = [0, 0, 0], K = k }));
        IDataView output =
            Transform(_ml.Transforms.ScoreOnnx(
                "y", "K", Write(ScoredGraphs.Lookup()), new OnnxScoringOptions { Execution = new() { BatchSize = batchSize } }), data);
        var read = new List<float>();
        GraphException error = Assert.Throws<GraphException>(() =>
        {
            foreach (float[] y in output.GetColumn<float[]>("y"))
            {
                read.Add(y[0]);
            }
        });
        Assert.Equal([10, 14, 12, 11, 13, 10], read);
        Assert.Contains("Row 6", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_length_that_the_graph_does_not_accept_is_named()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(new AnyLength[] { new() { X = [1, 2, 3] }, new() { X = [1, 2] } });
        IDataView output = Transform(_ml.Transforms.ScoreOnnx("y", "X", Write(ScoredGraphs.Mirror(DataType.Float, "N"))), data);
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => output.GetColumn<float[]>("y").ToList());
        Assert.Contains("Row 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("2 numbers", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_that_does_not_finish_is_stopped_at_its_deadline()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 3).Select(_ => new Pair { X = [0, 0, 0], K = Endless }));
        IDataView output =
            Transform(_ml.Transforms.ScoreOnnx(
                "y", "K", Write(ScoredGraphs.Counting()), new OnnxScoringOptions { Execution = new() { DeadlineSeconds = 0.3 } }), data);
        GraphException error = Assert.Throws<GraphException>(() => output.GetColumn<float[]>("y").ToList());
        Assert.Contains("longer than 0.3 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cursor_is_disposed_immediately_while_its_workers_are_busy()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(
            Enumerable.Range(0, 32).Select(i => new Pair { X = [0, 0, 0], K = i < 4 ? 1 : Endless }));
        IDataView output =
            Transform(_ml.Transforms.ScoreOnnx(
                "y", "K", Write(ScoredGraphs.Counting()),
                new OnnxScoringOptions { Execution = new() { BatchSize = 4, Workers = 2, DeadlineSeconds = 600 } }), data);
        DataViewRowCursor cursor = output.GetRowCursor(output.Schema);
        Assert.True(cursor.MoveNext());
        var watch = System.Diagnostics.Stopwatch.StartNew();
        cursor.Dispose();
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 30);
    }

    [Fact]
    public void A_wrong_number_of_input_columns_is_rejected()
    {
        string graph = Write(ScoredGraphs.TwoAndTwo());
        IDataView data = _ml.Data.LoadFromEnumerable(new[] { new Pair { X = [1, 2, 3] } });
        ArgumentException error = Assert.Throws<ArgumentException>(() => _ml.Transforms.ScoreOnnx(["sum"], ["X"], graph).Fit(data));
        Assert.Contains("k: Int64", error.Message, StringComparison.Ordinal);
        Assert.Contains("Name a column for each input", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static IDataView Transform(IEstimator<ITransformer> estimator, IDataView data) => estimator.Fit(data).Transform(data);

    private static GraphDimension Dimension(string text) => long.TryParse(text, out long size) ? size : text;

    private string Write(byte[] model)
    {
        string path = _folder.File($"{Guid.NewGuid():N}.onnx");
        File.WriteAllBytes(path, model);
        return path;
    }

    private List<TOut> Score<TOut>(IDataView data, byte[] model, int batchSize) =>
        [.. Transform(
            _ml.Transforms.ScoreOnnx(
                "Scored", "X", Write(model), new OnnxScoringOptions { Execution = new() { BatchSize = batchSize, Workers = 2 } }), data)
                    .GetColumn<TOut>("Scored")];

    private void Check<T>(DataType type, string graphBatch, int batchSize, Func<int, T> number) where T : unmanaged
    {
        byte[] model = ScoredGraphs.Mirror(type, Dimension(graphBatch));
        T[][] rows = [.. Enumerable.Range(0, Count).Select(i => new[] { number(i), number(i + 1), number(i + 2) })];
        IDataView data = _ml.Data.LoadFromEnumerable(rows.Select(r => new Vector<T> { X = r }));
        using var session = new InferenceSession(model);
        Assert.Equal(rows.Select(r => OneByOne(session, r, graphBatch == "8" ? 8 : 1)), Score<T[]>(data, model, batchSize));
    }

    private static T[] OneByOne<T>(InferenceSession session, T[] row, int batch) where T : unmanaged
    {
        var padded = new T[batch * row.Length];
        row.CopyTo(padded, 0);
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(padded, [batch, row.Length]);
        using var run = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(run, ["x"], [input], ["y"]);
        return [.. results[0].GetTensorDataAsSpan<T>()[..(2 * row.Length)]];
    }
}
