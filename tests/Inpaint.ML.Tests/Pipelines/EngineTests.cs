using System.Runtime.CompilerServices;
using Inpaint.ML.Rows;
using Inpaint.ML.Tests.Support;
using Inpaint.TestSupport;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Tests.Pipelines;

/// <summary>Engines of one model share its graphs, which stay loaded while the model is there.</summary>
[CollectionDefinition(nameof(EngineTests), DisableParallelization = true)]
[Collection(nameof(EngineTests))]
public sealed class EngineTests
{
    private readonly MLContext _ml = new();

    [Fact]
    public void Engines_made_and_disposed_one_after_the_other_load_no_graph_again()
    {
        int loads = 0;
        var execution = new ExecutionOptions { ConfigureSession = _ => loads++ };
        Check(
            _ml.Transforms.ScoreOnnx("y", "x", TinyGraphs.Affine(3, factor: 7.25f), new() { Execution = execution }).Fit(Empty),
            _ml.Transforms.InpaintPhotos("Completed", "Bytes", graph: "membrane", options: new() { Execution = execution }).Fit(Empty));

        void Check(params RowTransformer[] models)
        {
            foreach (RowTransformer model in models)
            {
                Assert.Equal(UseEngines(model, 20, () => loads), loads);
                model.Dispose();
                int known = loads;
                Assert.Equal(known + 1, UseEngines(model, 1, () => loads));
            }
        }
    }

    /// <summary>ML.NET does not dispose an engine's row, which holds a graph.</summary>
    [Fact]
    public void A_model_and_its_engines_free_the_graph_when_they_are_collected()
    {
        Collect();
        int before = LoadedGraphs.Count;
        Use(dispose: true);
        Use(dispose: false);
        for (int i = 0; i < 10 && LoadedGraphs.Count > before; i++)
        {
            Collect();
        }

        Assert.Equal(before, LoadedGraphs.Count);

        static void Collect()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        void Use(bool dispose)
        {
            OnnxGraphScoringTransformer model = _ml.Transforms.ScoreOnnx("y", "x", TinyGraphs.Affine(3, factor: 7.5f)).Fit(Empty);
            UseEngines(model, 3, () => 0);
            if (dispose)
            {
                model.Dispose();
            }
        }
    }

    [Fact]
    public void Engines_of_a_chain_load_no_graph_again()
    {
        int loads = 0;
        var execution = new ExecutionOptions { ConfigureSession = _ => loads++ };
        ITransformer model = _ml.Transforms.InpaintPhotos("Completed", "Bytes", graph: "membrane", options: new() { Execution = execution })
            .Append(_ml.Transforms.ScoreOnnx("y", "x", TinyGraphs.Affine(3, factor: 7.75f), new() { Execution = execution }))
            .Fit(Empty);
        int first = UseEngines(model, 20, () => loads);
        Assert.Equal(first, loads);
    }

    private IDataView Empty => _ml.Data.LoadFromEnumerable(new List<Row>());

    private int UseEngines(ITransformer model, int count, Func<int> loads)
    {
        byte[] photo = PhotoCodec.Encode(new Photo(64, 64));
        int first = 0;
        for (int i = 0; i < count; i++)
        {
            using PredictionEngine<Row, Answer> engine = _ml.Model.CreatePredictionEngine<Row, Answer>(
                model, new PredictionEngineOptions { IgnoreMissingColumns = true });
            Answer answer = engine.Predict(new Row { Bytes = photo, X = [i, 0, 1] });
            Assert.True(answer.Completed is { Width: 64 } || answer.Y[1] == 1);
            answer.Completed?.Dispose();
            first = i == 0 ? loads() : first;
        }

        return first;
    }

    private sealed class Row
    {
        public byte[] Bytes { get; set; } = [];

        [ColumnName("x"), VectorType(3)]
        public float[] X { get; set; } = new float[3];
    }

    private sealed class Answer
    {
        [PhotoColumn]
        public MLImage? Completed { get; set; }

        [ColumnName("y")]
        public float[] Y { get; set; } = [];
    }
}
