using Inpaint.Onnx.TorchSharp.Conversion;
using Inpaint.Onnx.TorchSharp.Tracing;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>Invalid arguments are errors that state what was found and what was expected.</summary>
public sealed class ArgumentTests
{
    public static TheoryData<string> Names => [.. Wrong.Keys];

    private static readonly Dictionary<string, OnnxExportOptions> Wrong = new()
    {
        ["Tolerance is -1;"] = new OnnxExportOptions { Tolerance = -1 },
        ["Tolerance is NaN;"] = new OnnxExportOptions { Tolerance = float.NaN },
        ["Opset is 12; expected 13 to 23"] = new OnnxExportOptions { Opset = 12 },
        ["Opset is 24; expected 13 to 23"] = new OnnxExportOptions { Opset = 24 },
        ["InputNames is null"] = new OnnxExportOptions { InputNames = null! },
        ["InputNames[0] is null"] = new OnnxExportOptions { InputNames = [null!] },
        ["OutputNames[0] is empty"] = new OnnxExportOptions { OutputNames = [""] },
        ["DynamicAxes of 'input' is null"] = new OnnxExportOptions { DynamicAxes = new Dictionary<string, int[]> { ["input"] = null! } },
        ["Metadata 'author' is null"] = new OnnxExportOptions { Metadata = new Dictionary<string, string> { ["author"] = null! } },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void An_option_outside_its_range_is_an_error(string message)
    {
        using var net = nn.ReLU();
        ArgumentException error = Assert.Throws<ArgumentException>(() => OnnxExporter.ToBytes(net, [rand(1, 3)], Wrong[message]));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => OnnxExporter.RecordedOperators(net, [rand(1, 3)], Wrong[message]));
    }

    [Fact]
    public void A_missing_example_is_an_error()
    {
        using var net = nn.ReLU();
        Tensor gone = rand(1, 3);
        gone.Dispose();
        Assert.StartsWith("Example 0 is null;", Assert.Throws<ArgumentException>(() => OnnxExporter.ToBytes(net, [null!])).Message,
            StringComparison.Ordinal);
        Assert.StartsWith("Example 1 is disposed;",
            Assert.Throws<ArgumentException>(() => OnnxExporter.ToBytes(net, [rand(1, 3), gone])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(13)]
    [InlineData(23)]
    public void A_network_is_exported_to_the_first_and_the_last_operator_set(int opset)
    {
        using var net =
            nn.Sequential(("conv", nn.Conv2d(3, 4, 3)), ("norm", nn.BatchNorm2d(4)), ("act", nn.GELU()), ("pool", nn.AdaptiveAvgPool2d(1)),
                ("flat", nn.Flatten()), ("head", nn.Linear(4, 2)), ("soft", nn.Softmax(1)));
        (byte[] model, OnnxExportResult result) = OnnxExporter.ToBytes(net, [rand(1, 3, 8, 8)], new OnnxExportOptions { Opset = opset });
        Assert.InRange(result.LargestDifference, 0, 1e-5);
        using var session = new InferenceSession(model);
        Assert.Equal(opset, Proto.ModelProto.Parser.ParseFrom(model).OpsetImport.Single().Version);
    }

    [Theory]
    [InlineData("aten::lgamma")]
    [InlineData("lgamma(Tensor self) -> Tensor")]
    [InlineData("::lgamma(Tensor self) -> Tensor")]
    [InlineData("aten::(Tensor self) -> Tensor")]
    [InlineData("aten::lgamma(Tensor self)")]
    public void A_converter_without_a_complete_schema_is_an_error(string schema)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => OnnxConverters.Register(schema, c => c.Return(c.Tensor("self"))));
        Assert.StartsWith($"'{schema}' is not an ATen schema", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_converter_that_never_returns_is_an_error_that_names_it()
    {
        OnnxConverters.Register("aten::special_i0e(Tensor self) -> Tensor", c => c.Node("Exp", [c.Tensor("self")]));
        using var net = new Around(x => special.i0e(x));
        ExportException error = Assert.Throws<ExportException>(() => OnnxExporter.ToBytes(net, [rand(1, 3)]));
        Assert.StartsWith("The converter of aten::special_i0e", error.Message, StringComparison.Ordinal);
        Assert.Contains("context.Return", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_of_libtorch_is_its_first_line_with_the_shapes_and_their_origin()
    {
        using var net = nn.Linear(4, 2);
        ExportException error = Assert.Throws<ExportException>(() => OnnxExporter.ToBytes(net, [rand(3, 5)]));
        Assert.Contains("failed on Float32[3, 5]: mat1 and mat2 shapes cannot be multiplied (3x5 and 4x2)", error.Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.DoesNotContain("The exporter chose", error.Message, StringComparison.Ordinal);

        error = Assert.Throws<ExportException>(() =>
            OnnxExporter.ToBytes(net, [rand(1, 4)], new OnnxExportOptions { DynamicAxes = { ["input"] = [1] } }));
        Assert.Contains("failed on Float32[1, 8]: mat1 and mat2", error.Message, StringComparison.Ordinal);
        Assert.Contains("The exporter chose these shapes along the dynamic axes; the example is Float32[1, 4].", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_are_not_registered_are_named()
    {
        using var net = new Listed();
        ExportException error = Assert.Throws<ExportException>(() => OnnxExporter.ToBytes(net, [rand(1, 4)]));
        Assert.Contains("not registered", error.Message, StringComparison.Ordinal);
        Assert.Contains("layers[0]", error.Message, StringComparison.Ordinal);
        Assert.Contains("ModuleList", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_tensor_above_the_file_size_limit_is_an_error()
    {
        using Tensor large = zeros(1).expand(600_000_000);
        ExportException error = Assert.Throws<ExportException>(() => GraphConverter.ToData(large));
        Assert.StartsWith("A tensor of Float32[600000000] would take 2,400,000,000 bytes; an ONNX file with its weights inside, and each "
            + "weight, is limited to 2 GB.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_above_the_file_size_limit_together_are_an_error() =>
        Assert.Contains("The graph's weights would take 3,000,000,000 bytes",
            Assert.Throws<ExportException>(() => GraphSize.Require(3_000_000_000, "The graph's weights")).Message,
                StringComparison.Ordinal);

    private sealed class Around(Func<Tensor, Tensor> around) : nn.Module<Tensor, Tensor>(nameof(Around))
    {
        public override Tensor forward(Tensor input) => around(input);
    }

    private sealed class Listed : nn.Module<Tensor, Tensor>
    {
        private readonly List<Linear> layers = [nn.Linear(4, 4), nn.Linear(4, 2)];

        public Listed() : base(nameof(Listed)) => RegisterComponents();

        public override Tensor forward(Tensor input) => layers[1].forward(layers[0].forward(input));

        protected override void Dispose(bool disposing)
        {
            layers.ForEach(l => l.Dispose());
            base.Dispose(disposing);
        }
    }
}
