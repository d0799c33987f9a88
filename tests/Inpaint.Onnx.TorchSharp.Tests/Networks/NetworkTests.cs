using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using Inpaint.Onnx.Proto;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>
/// Networks with random weights: ONNX Runtime matches TorchSharp, and the graphs are as compact as hand-written ones.
/// </summary>
public sealed class NetworkTests(ITestOutputHelper output)
{
    public static TheoryData<string> Names => [.. NetworkCase.All.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_network_matches_torch_in_onnx_runtime_for_any_batch(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        NetworkCase network = NetworkCase.Of(name);
        using nn.Module module = network.Make().Seeded();
        (byte[] model, OnnxExportResult result) = OnnxExporter.ToBytes(module, network.MakeInputs(1, 100));
        output.WriteLine(result.ToString());
        using var session = new InferenceSession(model);
        Assert.All(session.InputMetadata.Values, i => Assert.Equal((-1, "batch"), (i.Dimensions[0], i.SymbolicDimensions[0])));
        Assert.All(session.OutputMetadata.Values, o => Assert.Equal(-1, o.Dimensions[0]));
        foreach (long batch in (long[])[1, 2, 5])
        {
            double difference = NetworkCase.RelativeDifference(session, module, network.MakeInputs(batch, 200 + (ulong)batch));
            output.WriteLine($"{name} at batch {batch}: {difference:0.0e+0}");
            Assert.InRange(difference, 0, 1e-5);
        }
    }

    public static TheoryData<string, int, int> OtherSizes => new()
    {
        { "U-Net", 40, 88 }, { "U-Net", 128, 72 }, { "gated inpainter", 32, 80 }, { "gated inpainter", 100, 60 },
            { "LaMa's Fourier block", 12, 46 }, { "LaMa's Fourier block", 40, 16 }, { "NAFNet", 48, 20 }, { "EfficientNet-B0", 96, 64 },
                { "ConvNeXt", 96, 64 },
    };

    [Theory]
    [MemberData(nameof(OtherSizes))]
    public void A_convolutional_network_accepts_other_heights_and_widths(string name, int height, int width)
    {
        using DisposeScope scope = NewDisposeScope();
        NetworkCase network = NetworkCase.Of(name);
        using nn.Module module = network.Make().Seeded();
        string[] names = network.Inputs.Length == 1 ? ["image"] : ["image", "mask"];
        var options = new OnnxExportOptions { InputNames = names, DynamicAxes = names.ToDictionary(n => n, _ => (int[])[0, 2, 3]) };
        (byte[] model, _) = OnnxExporter.ToBytes(module, network.MakeInputs(1, 100), options);
        using var session = new InferenceSession(model);
        Assert.All(session.InputMetadata.Values, i => Assert.Equal(["batch", "", "height", "width"], i.SymbolicDimensions));
        Tensor[] inputs =
            [.. (network with { Inputs = [.. network.Inputs.Select(i => (long[])[i[0], height, width])] }).MakeInputs(2, 300)];
        Assert.InRange(NetworkCase.RelativeDifference(session, module, inputs), 0, 1e-5);
    }

    [Theory]
    [InlineData("ResNet-18")]
    [InlineData("ResNet-50")]
    public void A_residual_network_has_no_batch_norms_and_weights_named_after_its_modules(string name)
    {
        GraphProto graph = Export(name);
        int convolutions = name == "ResNet-18" ? 20 : 53, additions = name == "ResNet-18" ? 8 : 16;
        Dictionary<string, int> operators = graph.Node.GroupBy(n => n.OpType).ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal(convolutions, operators["Conv"]);
        Assert.Equal(additions, operators["Add"]);
        Assert.DoesNotContain("BatchNormalization", operators.Keys);
        string[] weights = [.. graph.Initializer.Where(i => i.Dims.Count > 1).Select(i => i.Name)];
        using nn.Module module = NetworkCase.Of(name).Make();
        Assert.Equal(module.named_parameters().Where(p => p.parameter.dim() > 1).Select(p => p.name).Order(), weights.Order());
        Assert.Contains("layer1.0.conv1.weight", weights);
        Assert.Contains("layer2.0.downsample.0.weight", weights);
        Assert.Contains(graph.Node, n => n.OpType == "Conv" && n.Name.StartsWith("layer4/1/conv2/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("MobileNet-v2")]
    [InlineData("VGG-11 with batch norm")]
    [InlineData("U-Net")]
    [InlineData("DCGAN generator")]
    [InlineData("DCGAN discriminator")]
    public void No_batch_norm_is_left_after_a_convolution(string name) =>
        Assert.DoesNotContain("BatchNormalization", Export(name).Node.Select(n => n.OpType));

    [Theory]
    [InlineData("IAN's dilated block")]
    [InlineData("IAN's dilated block with scaled kernels")]
    public void A_shared_kernel_is_stored_once(string name)
    {
        GraphProto graph = Export(name);
        Assert.Equal("kernel", Assert.Single(graph.Initializer, i => i.Dims.SequenceEqual([48L, 48, 3, 3])).Name);
        Assert.Equal(4, graph.Node.Count(n => n.OpType == "Conv"));
    }

    [Fact]
    public void A_residual_network_in_half_precision_is_half_as_large_and_close_to_its_module()
    {
        using DisposeScope scope = NewDisposeScope();
        NetworkCase network = NetworkCase.Of("ResNet-18");
        using nn.Module module = network.Make().Seeded();
        (byte[] whole, _) = OnnxExporter.ToBytes(module, network.MakeInputs(1, 100), new OnnxExportOptions { Verify = false });
        (byte[] half, _) = OnnxExporter.ToBytes(module, network.MakeInputs(1, 100), new OnnxExportOptions { Float16 = true });
        Assert.InRange((double)half.Length / whole.Length, 0.49, 0.52);
        using var session = new InferenceSession(half);
        double difference = NetworkCase.RelativeDifference(session, module, network.MakeInputs(5, 400));
        output.WriteLine($"{difference:0.0e+0}");
        Assert.InRange(difference, 1e-6, 1e-2);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_network_in_half_precision_is_close_to_its_module(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        NetworkCase network = NetworkCase.Of(name);
        using nn.Module module = network.Make().Seeded();
        (byte[] half, _) =
            OnnxExporter.ToBytes(module, network.MakeInputs(1, 100), new OnnxExportOptions { Float16 = true, Tolerance = 0.1f });
        using var session = new InferenceSession(half);
        double difference = NetworkCase.RelativeDifference(session, module, network.MakeInputs(3, 400));
        output.WriteLine($"{name}: {difference:0.0e+0}");
        Assert.InRange(difference, 0, 0.05);
    }

    private static GraphProto Export(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        NetworkCase network = NetworkCase.Of(name);
        using nn.Module module = network.Make().Seeded();
        (byte[] model, _) = OnnxExporter.ToBytes(module, network.MakeInputs(1, 100), new OnnxExportOptions { Verify = false });
        return ModelProto.Parser.ParseFrom(model).Graph;
    }
}
