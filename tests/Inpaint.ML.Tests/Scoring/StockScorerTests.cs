using Inpaint.TestSupport;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace Inpaint.ML.Tests.Scoring;

/// <summary>ML.NET's own scorer runs the graphs with loops and branches.</summary>
public sealed class StockScorerTests
{
    private const int Height = 72, Width = 80;

    [Theory]
    [InlineData("patches")]
    [InlineData("fill")]
    public void ApplyOnnxModel_returns_what_ONNX_Runtime_returns(string graph)
    {
        string file = Path.Combine(Places.Repository, "onnx", graph, "model.onnx");
        var random = new Random(4);
        var row = new Row { Image = new float[3 * Height * Width], Mask = new float[Height * Width] };
        for (int i = 0; i < row.Image.Length; i++)
        {
            int y = i / Width % Height, x = i % Width;
            row.Image[i] = ((x / 4) + (y / 3)) % 2 == 0 ? 0.25f : 0.5f + (0.25f * random.NextSingle());
            row.Mask[i % (Height * Width)] = x is >= 30 and < 50 && y is >= 20 and < 44 ? 1 : 0;
        }

        var ml = new MLContext();
        IDataView data = ml.Data.LoadFromEnumerable([row]);
        IDataView scored = ml.Transforms.ApplyOnnxModel(
            ["output"], ["image", "mask"], file,
            new Dictionary<string, int[]> { ["image"] = [1, 3, Height, Width], ["mask"] = [1, 1, Height, Width] },
            gpuDeviceId: null, fallbackToCpu: false).Fit(data).Transform(data);
        float[] actual = scored.GetColumn<float[]>("output").Single();

        using var session = new InferenceSession(file);
        using var run = new RunOptions();
        using OrtValue image = OrtValue.CreateTensorValueFromMemory(row.Image, [1, 3, Height, Width]);
        using OrtValue mask = OrtValue.CreateTensorValueFromMemory(row.Mask, [1, 1, Height, Width]);
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(run, ["image", "mask"], [image, mask], ["output"]);
        Assert.Equal(results[0].GetTensorDataAsSpan<float>().ToArray(), actual);
        Assert.NotEqual(row.Image, actual);
    }

    private sealed class Row
    {
        [ColumnName("image"), VectorType(3 * Height * Width)]
        public float[] Image { get; set; } = [];

        [ColumnName("mask"), VectorType(Height * Width)]
        public float[] Mask { get; set; } = [];
    }
}
