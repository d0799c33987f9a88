using Inpaint.ML.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Tests.Scoring;

public sealed class StockOnnxTests(Samples samples)
{
    [Fact]
    public void Stock_ApplyOnnxModel_gives_the_same_values_as_ScoreOnnx()
    {
        var ml = new MLContext();
        IDataView data = samples.View(ml);
        string model = Path.Combine(TestSupport.Places.Repository, "onnx", "membrane", "model.onnx");
        ITransformer Chain(IEstimator<ITransformer> scoring) => ml.Transforms.LoadPhotos("Photo", "Path")
            .Append(ml.Transforms.MaskPhotos(
                "image", "Mask", "Window", "Photo", graph: model.Replace("/model.onnx", "", StringComparison.Ordinal)))
            .Append(scoring)
            .Append(ml.Transforms.PasteFills("Completed", "Photo", "fill", "Window", graph: "membrane"))
            .Fit(data);
        IDataView stock = Chain(ml.Transforms.ApplyOnnxModel(["fill"], ["image"], model)).Transform(data);
        IDataView ours = Chain(ml.Transforms.ScoreOnnx(["fill"], ["image"], model)).Transform(data);
        float[][] expected = [.. stock.GetColumn<float[]>("fill")], found = [.. ours.GetColumn<float[]>("fill")];
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i].Length, found[i].Length);
            Assert.InRange(expected[i].Zip(found[i], (a, b) => Math.Abs(a - b)).Max(), 0, 1e-6f);
        }

        Assert.Equal(TestRows.Read(stock, "Completed"), TestRows.Read(ours, "Completed"));
    }
}
