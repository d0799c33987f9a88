using Inpaint.Onnx.TorchSharp;
using Inpaint.Onnx.TorchSharp.Tracing;
using Inpaint.TestSupport;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Repository.Tests.Readmes;

/// <summary>The code in the README of the exporter.</summary>
[Collection(nameof(Snippets))]
public sealed class ExportSnippets : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _before = Environment.CurrentDirectory;

    public ExportSnippets() => Environment.CurrentDirectory = _folder.Path;

    [Fact]
    public void A_module_is_exported()
    {
        #region export
        using var net = nn.Sequential(nn.Conv2d(3, 8, 3, padding: 1), nn.ReLU(), nn.Conv2d(8, 3, 1), nn.Sigmoid());
        using Tensor example = rand(1, 3, 64, 64);
        OnnxExportResult result = OnnxExporter.Export(net, "model.onnx", example);
        Console.WriteLine(result); // nodes, parameters, the largest difference from the module, at which shapes
        #endregion
        Assert.Equal(2, result.Operators["Conv"]);
        Assert.Equal((3 * 8 * 9) + 8 + (8 * 3) + 3, result.Parameters);
        Assert.InRange(result.LargestDifference, 0, 1e-5);
        Assert.Equal(new FileInfo("model.onnx").Length, result.Bytes);
        using var session = new InferenceSession("model.onnx");
        Assert.Equal([-1, 3, 64, 64], session.OutputMetadata["output"].Dimensions);
    }

    [Fact]
    public void A_module_with_two_inputs_and_dynamic_axes_is_exported()
    {
        using var net = new Captioned();
        using Tensor image = rand(1, 3, 32, 32), caption = randint(0, 50, [1, 6], ScalarType.Int64);

        #region options
        OnnxExporter.Export(net, "model.onnx", [image, caption], new OnnxExportOptions
        {
            InputNames = ["image", "caption"], OutputNames = ["fill"],          // default: forward's parameters, and "output"
            DynamicAxes = { ["image"] = [0, 2, 3], ["caption"] = [0] },         // default: axis 0 of every input
            Tolerance = 1e-4f, Metadata = { ["author"] = "A. Author" },
        });
        #endregion
        using var session = new InferenceSession("model.onnx");
        Assert.Equal([-1, 3, -1, -1], session.InputMetadata["image"].Dimensions);
        Assert.Equal([-1, 6], session.InputMetadata["caption"].Dimensions);
        Assert.Contains("fill", session.OutputNames);
        Assert.Equal("A. Author", session.ModelMetadata.CustomMetadataMap["author"]);
    }

    [Fact]
    public void An_operator_is_added()
    {
        using var net = new Radians();
        using Tensor degrees = tensor(new[,] { { 0f, 45f }, { 180f, -720f } });
        var rejected = Assert.Throws<ExportException>(() => OnnxExporter.ToBytes(net, [degrees]));
        Assert.Contains("aten::deg2rad", rejected.Message);

        #region operator
        OnnxConverters.Register("aten::deg2rad(Tensor self) -> Tensor", c =>
            c.Return(c.Node("Mul", [c.Tensor("self"), c.Scalar(Math.PI / 180, c.OutputType())])));
        #endregion
        (byte[] model, _) = OnnxExporter.ToBytes(net, [degrees]);
        using GraphSession session = GraphSession.Open(model);
        using GraphRunner runner = session.CreateRunner();
        using TensorBuffer input = new(Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float),
            output = new(Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float);
        input.Reshape([1, 2]);
        output.Reshape([1, 2]);
        input.AsSpan<float>()[0] = 45;
        input.AsSpan<float>()[1] = 180;
        runner.Run(["degrees"], [input], ["output"], [output]);
        Assert.Equal(MathF.PI / 4, output.AsSpan<float>()[0], 1e-6f);
        Assert.Equal(MathF.PI, output.AsSpan<float>()[1], 1e-6f);
    }

    public void Dispose()
    {
        Environment.CurrentDirectory = _before;
        _folder.Dispose();
    }

    private sealed class Radians() : nn.Module<Tensor, Tensor>(nameof(Radians))
    {
        public override Tensor forward(Tensor degrees) => deg2rad(degrees);
    }

    private sealed class Captioned : nn.Module<Tensor, Tensor, Tensor>
    {
        private readonly global::TorchSharp.Modules.Conv2d conv = nn.Conv2d(3, 4, 3, padding: 1);
        private readonly global::TorchSharp.Modules.Embedding words = nn.Embedding(50, 4);

        public Captioned() : base(nameof(Captioned)) => RegisterComponents();

        public override Tensor forward(Tensor photo, Tensor text) => conv.call(photo) + words.call(text).mean([1]).unsqueeze(-1)
            .unsqueeze(-1);
    }
}
