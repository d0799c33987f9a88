using Inpaint.ML;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.Benchmarks;

/// <summary>Step by step from path to the graph's output: LoadPhotos, MaskPhotos, ScoreOnnx.</summary>
internal sealed class StepsPipeline : IContender
{
    private readonly MLContext _ml = new();
    private readonly ITransformer _model;

    public StepsPipeline(string graphFolder)
    {
        var loading = new PhotoLoadingOptions { Decoding = new() { ShorterSide = ConvolutionGraph.Side } };
        _model = _ml.Transforms.LoadPhotos("Photo", nameof(PhotoRow.Path), loading)
            .Append(_ml.Transforms.MaskPhotos("image", "Mask", "Window", "Photo", graph: graphFolder))
            .Append(_ml.Transforms.ScoreOnnx("fill", "image", graphFolder, new OnnxScoringOptions { Execution = new() { Device = "cpu" } }))
            .Fit(Rows.Of(_ml, []));
    }

    public int Run(IEnumerable<string> paths) =>
        Rows.Read<VBuffer<float>>(_model.Transform(Rows.Of(_ml, paths)), "fill", fill => Rows.RequireFill(fill));

    public void Dispose() => (_model as IDisposable)?.Dispose();
}
