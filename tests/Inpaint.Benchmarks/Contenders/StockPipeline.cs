using Inpaint.ML.Internals;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Onnx;

namespace Inpaint.Benchmarks;

/// <summary>
/// ML.NET's own transforms: LoadImages, ResizeImages, ExtractPixels, ApplyOnnxModel. They do not hide the hole, which is less work, and end
/// with the graph's output.
/// </summary>
internal sealed class StockPipeline : IContender
{
    private readonly MLContext _ml = new();
    private readonly ITransformer _model;

    public StockPipeline(string graphFolder, int? intraOpThreads) => _model = Fit(_ml, graphFolder, intraOpThreads);

    public int Run(IEnumerable<string> paths) =>
        Rows.Read<VBuffer<float>>(_model.Transform(Rows.Of(_ml, paths)), "fill", fill => Rows.RequireFill(fill));

    public void Dispose() => (_model as IDisposable)?.Dispose();

    public static ITransformer Fit(MLContext ml, string graphFolder, int? intraOpThreads)
    {
        var onnx = new OnnxOptions
        {
            ModelFile = Path.Combine(graphFolder, "model.onnx"),
            InputColumns = ["image"],
            OutputColumns = ["fill"],
            IntraOpNumThreads = intraOpThreads,
            InterOpNumThreads = intraOpThreads,
        };
        return ml.Transforms.LoadImages("Photo", "", nameof(PhotoRow.Path))
            .Append(ml.Transforms.ResizeImages("Window", ConvolutionGraph.Side, ConvolutionGraph.Side, "Photo"))
            .Append(ml.Transforms.ExtractPixels("image", "Window", scaleImage: 1f / 255))
            .Append(ml.Transforms.ApplyOnnxModel(onnx))
            .Fit(Rows.Of(ml, []));
    }
}
