using Inpaint.ML;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace Inpaint.Benchmarks;

/// <summary>One photo at a time through a PredictionEngine over <c>InpaintPhotos</c>.</summary>
internal sealed class InpaintPrediction : IContender
{
    private readonly PhotoInpaintingTransformer _model;
    private readonly PredictionEngine<PhotoRow, CompletedRow> _engine;

    public InpaintPrediction(string graphFolder)
    {
        var ml = new MLContext();
        _model = InpaintPipeline.Fit(ml, graphFolder);
        _engine = ml.Model.CreatePredictionEngine<PhotoRow, CompletedRow>(_model);
    }

    public int Run(IEnumerable<string> paths)
    {
        int rows = 0;
        var row = new PhotoRow();
        foreach (string path in paths)
        {
            row.Path = path;
            using MLImage image = _engine.Predict(row).Completed!;
            Rows.RequireWindow(image);
            rows++;
        }

        return rows;
    }

    public void Dispose()
    {
        _engine.Dispose();
        _model.Dispose();
    }

    private sealed class CompletedRow
    {
        [PhotoColumn]
        public MLImage? Completed { get; set; }
    }
}

/// <summary>One photo at a time through a PredictionEngine over the stock pipeline.</summary>
internal sealed class StockPrediction : IContender
{
    private readonly PredictionEngine<PhotoRow, FillRow> _engine;

    public StockPrediction(string graphFolder)
    {
        var ml = new MLContext();
        _engine = ml.Model.CreatePredictionEngine<PhotoRow, FillRow>(StockPipeline.Fit(ml, graphFolder, intraOpThreads: null));
    }

    public int Run(IEnumerable<string> paths)
    {
        int rows = 0;
        var row = new PhotoRow();
        foreach (string path in paths)
        {
            row.Path = path;
            Rows.RequireFill(_engine.Predict(row).Fill);
            rows++;
        }

        return rows;
    }

    public void Dispose() => _engine.Dispose();

    private sealed class FillRow
    {
        [ColumnName("fill")]
        [VectorType(3, ConvolutionGraph.HoleSide, ConvolutionGraph.HoleSide)]
        public VBuffer<float> Fill { get; set; }
    }
}

/// <summary>One photo at a time through SkiaSharp and ONNX Runtime, with ONNX Runtime's default threads: one per core.</summary>
internal sealed class BarePrediction : IContender
{
    private readonly InferenceSession _session;
    private readonly BareRunner _runner;

    /// <param name="graphFolder">The graph with its manifest.</param>
    /// <param name="spinning">Whether idle threads spin, ONNX Runtime's default; our pipelines let them sleep.</param>
    public BarePrediction(string graphFolder, bool spinning)
    {
        using var options = new SessionOptions();
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", spinning ? "1" : "0");
        _session = new InferenceSession(Path.Combine(graphFolder, "model.onnx"), options);
        _runner = new BareRunner(_session, 1);
    }

    public int Run(IEnumerable<string> paths)
    {
        int rows = 0;
        string[] one = new string[1];
        foreach (string path in paths)
        {
            one[0] = path;
            _ = _runner.Run(one);
            rows++;
        }

        return rows;
    }

    public void Dispose()
    {
        _runner.Dispose();
        _session.Dispose();
    }
}
