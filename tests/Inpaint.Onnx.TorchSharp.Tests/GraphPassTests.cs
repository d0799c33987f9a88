using System.Runtime.InteropServices;
using Inpaint.Onnx.Optimization;
using Inpaint.Onnx.Proto;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>The optimization passes. As always, every export is also compared with its module.</summary>
public sealed class GraphPassTests
{
    public GraphPassTests() => random.manual_seed(1);

    [Fact]
    public void A_batch_norm_is_folded_into_the_preceding_convolution()
    {
        using var conv = nn.Conv2d(3, 4, 3);
        using var norm = NormalizationCases.Random(nn.BatchNorm2d(4));
        using var net = nn.Sequential(("conv", conv), ("norm", norm), ("act", nn.ReLU()));
        float[] weight = conv.weight!.data<float>().ToArray(), bias = conv.bias!.data<float>().ToArray();
        GraphProto graph = Export(net, randn(2, 3, 8, 8));

        Assert.Equal(["Conv", "Relu"], graph.Node.Select(n => n.OpType));
        Assert.Equal(["conv.weight", "conv.bias"], graph.Node[0].Input.Skip(1));
        float[] gamma = norm.weight!.data<float>().ToArray(), beta = norm.bias!.data<float>().ToArray();
        float[] mean = norm.running_mean!.data<float>().ToArray(), variance = norm.running_var!.data<float>().ToArray();
        double factor = gamma[2] / Math.Sqrt(variance[2] + 1e-5);
        Assert.Equal((float)(weight[(2 * 27) + 5] * factor), Floats(graph, "conv.weight")[(2 * 27) + 5]);
        Assert.Equal((bias[2] - mean[2]) * factor + beta[2], Floats(graph, "conv.bias")[2], 6);
    }

    [Fact]
    public void A_convolution_without_bias_gets_one_from_its_batch_norm()
    {
        using var net =
            nn.Sequential(("conv", nn.Conv2d(4, 4, 3, groups: 2, bias: false)), ("norm", NormalizationCases.Random(nn.BatchNorm2d(4))));
        GraphProto graph = Export(net, randn(2, 4, 8, 8));
        Assert.Equal("Conv", Assert.Single(graph.Node).OpType);
        Assert.Equal(["conv.bias", "conv.weight"], graph.Initializer.Select(i => i.Name).Order());
    }

    public static TheoryData<string> OtherLayers =>
        ["transposed", "transposed in groups", "linear", "linear without bias", "one axis", "three axes"];

    [Theory]
    [MemberData(nameof(OtherLayers))]
    public void A_batch_norm_is_folded_into_other_layers_too(string layer)
    {
        (nn.Module<Tensor, Tensor> First, nn.Module<Tensor, Tensor> Norm, Tensor Example) made = layer switch
        {
            "transposed" => (nn.ConvTranspose2d(3, 4, 3, stride: 2), nn.BatchNorm2d(4), randn(2, 3, 5, 5)),
            "transposed in groups" => (nn.ConvTranspose2d(4, 6, 3, groups: 2, bias: false), nn.BatchNorm2d(6), randn(2, 4, 5, 5)),
            "linear" => (nn.Linear(5, 4), nn.BatchNorm1d(4), randn(2, 5)),
            "linear without bias" => (nn.Linear(5, 4, hasBias: false), nn.BatchNorm1d(4), randn(2, 5)),
            "one axis" => (nn.Conv1d(3, 4, 3), nn.BatchNorm1d(4), randn(2, 3, 8)),
            _ => (nn.Conv3d(2, 4, 2), nn.BatchNorm3d(4), randn([2, 2, 3, 4, 5])),
        };
        using var net = nn.Sequential(("layer", made.First), ("norm", NormalizationCases.Random(made.Norm)));
        GraphProto graph = Export(net, made.Example);
        Assert.DoesNotContain("BatchNormalization", graph.Node.Select(n => n.OpType));
        Assert.Single(graph.Node);
    }

    [Fact]
    public void A_batch_norm_is_kept_if_folding_is_off()
    {
        using var net = nn.Sequential(("conv", nn.Conv2d(3, 4, 3)), ("norm", nn.BatchNorm2d(4)));
        GraphProto graph = Export(net, randn(2, 3, 8, 8), new OnnxExportOptions { FoldBatchNorm = false });
        Assert.Equal(["Conv", "BatchNormalization"], graph.Node.Select(n => n.OpType));
    }

    [Fact]
    public void A_batch_norm_is_kept_if_the_convolution_or_its_weights_have_other_users()
    {
        nn.Module[] layers = [nn.Conv2d(3, 3, 1), NormalizationCases.Random(nn.BatchNorm2d(3))];
        var conv = (nn.Module<Tensor, Tensor>)layers[0];
        var norm = (nn.Module<Tensor, Tensor>)layers[1];
        GraphProto output = Export(layers, x => { Tensor y = conv.forward(x); return norm.forward(y) + y; }, randn(2, 3, 4, 4));
        Assert.Contains("BatchNormalization", output.Node.Select(n => n.OpType));
        GraphProto weights = Export(layers, x => norm.forward(conv.forward(conv.forward(x))), randn(2, 3, 4, 4));
        Assert.Contains("BatchNormalization", weights.Node.Select(n => n.OpType));
        Assert.Equal(2, weights.Node.Count(n => n.Input.Contains("m0.weight")));
    }

    [Fact]
    public void Constants_are_folded()
    {
        nn.Module[] layers = [nn.Linear(4, 3)];
        var linear = (global::TorchSharp.Modules.Linear)layers[0];
        GraphProto graph = Export(layers, x => x + (linear.bias! * 2 + 1).unsqueeze(0), randn(2, 3));
        Assert.Equal("Add", Assert.Single(graph.Node).OpType);
        float[] bias = linear.bias!.data<float>().ToArray();
        Assert.Equal(bias.Select(b => (b * 2) + 1), Floats(graph, Assert.Single(graph.Initializer).Name));
    }

    [Fact]
    public void A_constant_that_would_be_large_is_computed_at_run_time()
    {
        nn.Module[] layers = [nn.Linear(1, 1)];
        var linear = (global::TorchSharp.Modules.Linear)layers[0];
        GraphProto graph = Export(layers, x => x + linear.bias!.expand(1, 200_000), randn(1, 200_000));
        Assert.Contains("Expand", graph.Node.Select(n => n.OpType));
        Assert.True(graph.Initializer.Sum(i => i.RawData.Length) < 1000);
    }

    [Fact]
    public void Weights_that_are_shared_are_stored_once()
    {
        nn.Module[] layers = [nn.Linear(64, 300, hasBias: false)];
        var linear = (global::TorchSharp.Modules.Linear)layers[0];
        GraphProto graph = Export(layers, x => linear.forward(x).unsqueeze(1).matmul(linear.weight!), randn(2, 64));
        Assert.Equal(300 * 64 * 4, graph.Initializer.Where(i => i.DataType == (int)DataType.Float).Sum(i => i.RawData.Length));
        Assert.Contains("m0.weight", graph.Initializer.Select(i => i.Name));
    }

    [Fact]
    public void A_linear_layer_is_one_node_with_unchanged_weights()
    {
        using var net = nn.Sequential(("head", nn.Linear(5, 4)));
        GraphProto graph = Export(net, randn(2, 5));
        NodeProto node = Assert.Single(graph.Node);
        Assert.Equal(("Gemm", "head.weight", "head.bias"), (node.OpType, node.Input[1], node.Input[2]));
    }

    [Fact]
    public void Nodes_without_effect_are_removed()
    {
        Assert.Equal(["Mul"], Operators(x => x.transpose(1, 2).transpose(1, 2) * 2, randn(2, 3, 4)));
        Assert.Equal(["Transpose"], Operators(x => x.transpose(1, 2).transpose(0, 1), randn(2, 3, 4)));
        Assert.Equal(["Reshape"], Operators(x => x.view(x.shape[0], 12).view(x.shape[0], 2, 6), randn(2, 3, 4)));
        Assert.Equal(["Mul"], Operators(x => x.view(x.shape[0], 3, 4) * 2, randn(2, 3, 4)));
        Assert.Equal(["Slice"], Operators(x => x[TensorIndex.Ellipsis, TensorIndex.Slice(1, 3), TensorIndex.Slice(2)], randn(2, 3, 4, 5)));
    }

    [Fact]
    public void Unused_values_are_removed()
    {
        nn.Module[] layers = [nn.Linear(3, 3), nn.Linear(3, 300)];
        var (used, unused) = ((nn.Module<Tensor, Tensor>)layers[0], (nn.Module<Tensor, Tensor>)layers[1]);
        GraphProto graph = Export(layers, x => { unused.forward(x); return used.forward(x); }, randn(2, 3));
        Assert.DoesNotContain(graph.Initializer, i => i.Name.StartsWith("m1", StringComparison.Ordinal));
        Assert.Single(graph.Node);
    }

    [Fact]
    public void Nodes_are_named_after_modules_and_values_have_shapes()
    {
        using var net =
            nn.Sequential(("first", nn.Sequential(("conv", nn.Conv2d(3, 4, 3)), ("act", nn.Sigmoid()))), ("second", nn.Conv2d(4, 2, 1)));
        GraphProto graph = Export(net, randn(2, 3, 8, 8), new OnnxExportOptions { DynamicAxes = { ["input"] = [0, 2, 3] } });
        Assert.Equal(["first/conv/Conv", "first/conv/Sigmoid", "second/Conv"], graph.Node.Select(n => n.Name));
        ValueInfoProto value = Assert.Single(graph.ValueInfo, v => v.Name == "first/conv/Conv");
        Assert.Equal((int)DataType.Float, value.Type.TensorType.ElemType);
        Assert.Equal(("batch", 4L), (value.Type.TensorType.Shape.Dim[0].DimParam, value.Type.TensorType.Shape.Dim[1].DimValue));
    }

    [Fact]
    public void Half_precision_converts_weights_and_keeps_inputs_and_outputs()
    {
        using var net = nn.Sequential(("a", nn.Conv2d(3, 32, 3)), ("up", nn.Upsample(scale_factor: [2, 2])), ("b", nn.Conv2d(32, 3, 3)));
        (byte[] whole, _) = OnnxExporter.ToBytes(net, [randn(2, 3, 12, 12)]);
        (byte[] half, OnnxExportResult result) = OnnxExporter.ToBytes(net, [randn(2, 3, 12, 12)], new OnnxExportOptions { Float16 = true });
        GraphProto graph = ModelProto.Parser.ParseFrom(half).Graph;
        Assert.InRange(half.Length, 1, 0.65 * whole.Length);
        Assert.Equal((int)DataType.Float, graph.Input[0].Type.TensorType.ElemType);
        Assert.Equal((int)DataType.Float, graph.Output[0].Type.TensorType.ElemType);
        Assert.All(graph.Initializer.Where(i => i.Name.EndsWith("weight", StringComparison.Ordinal)), i =>
            Assert.Equal((int)DataType.Float16, i.DataType));
        Assert.InRange(result.LargestDifference, 1e-6, 2e-2);
    }

    [Fact]
    public void Half_precision_keeps_small_and_large_constants_finite_and_apart_from_zero()
    {
        var graph =
            new GraphProto { Output = { new ValueInfoProto { Name = "c",
                Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)DataType.Int64 } } } } };
        TensorProto constant = TensorData.Make([1e-12f, -1e-12f, 0, 1e30f, float.NegativeInfinity, 1.5f], 6).Proto;
        constant.Name = "c";
        graph.Initializer.Add(constant);
        HalfPrecision.Run(graph);
        Half[] halves = MemoryMarshal.Cast<byte, Half>(constant.RawData.Span).ToArray();
        Assert.Equal([Half.Epsilon, -Half.Epsilon, (Half)0, Half.MaxValue, Half.NegativeInfinity, (Half)1.5f], halves);
    }

    private static IEnumerable<string> Operators(Func<Tensor, Tensor> forward, Tensor example) =>
        Export([], forward, example).Node.Select(n => n.OpType);

    private static GraphProto Export(nn.Module[] layers, Func<Tensor, Tensor> forward, Tensor example)
    {
        var module = new Around(layers, forward);
        return Export(module, example);
    }

    private static GraphProto Export(nn.Module module, Tensor example, OnnxExportOptions? options = null)
    {
        (byte[] model, OnnxExportResult result) =
            OnnxExporter.ToBytes(module, [example], (options ?? new OnnxExportOptions()) with { Tolerance = 1e-5f });
        Assert.InRange(result.LargestDifference, 0, 1e-5);
        return ModelProto.Parser.ParseFrom(model).Graph;
    }

    private static float[] Floats(GraphProto graph, string name) =>
        MemoryMarshal.Cast<byte, float>(graph.Initializer.Single(i => i.Name == name).RawData.Span).ToArray();

    private sealed class Around : nn.Module<Tensor, Tensor>
    {
        private readonly Func<Tensor, Tensor> _forward;

        public Around(nn.Module[] layers, Func<Tensor, Tensor> forward) : base(nameof(Around))
        {
            _forward = forward;
            for (int i = 0; i < layers.Length; i++)
            {
                register_module($"m{i}", layers[i]);
            }
        }

        public override Tensor forward(Tensor input) => _forward(input);
    }
}
