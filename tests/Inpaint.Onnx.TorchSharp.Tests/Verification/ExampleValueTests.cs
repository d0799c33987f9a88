using Inpaint.CommandLine;
using Inpaint.Onnx.TorchSharp.Tracing;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>Unusual example values: all equal, infinite, or NaN.</summary>
public sealed class ExampleValueTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Data_that_forward_reads_is_found_with_an_example_of_one_value(int value)
    {
        using var net = new Forward(x => x * x.max().item<float>());
        ExportException error = Assert.Throws<ExportException>(() => OnnxExporter.ToBytes(net, [full([2, 3], value, ScalarType.Float32)]));
        Assert.Contains("aten::mul", error.Message, StringComparison.Ordinal);
        Assert.Contains("takes the number", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Integers_that_forward_reads_are_found_with_an_example_of_one_value()
    {
        using var net = new Forward(x => x.roll(x.flatten()[0].item<long>(), 1));
        Assert.Throws<ExportException>(() => OnnxExporter.ToBytes(net, [zeros(2, 30, ScalarType.Int64)]));
    }

    [Fact]
    public void Values_that_forward_rejects_are_not_used()
    {
        using var net = new Forward(x => x.min().item<float>() < 0 ? throw new ArgumentException("Negative.") : x.sqrt());
        (_, OnnxExportResult result) = OnnxExporter.ToBytes(net, [zeros(2, 50)]);
        Assert.NotEmpty(result.Checked);
    }

    [Fact]
    public void An_additive_mask_keeps_its_infinities_and_the_rest_is_compared()
    {
        using var net = new Forward2((x, mask) => (x + mask).softmax(-1));
        Tensor causal = full([4, 4], double.NegativeInfinity, ScalarType.Float32).triu(1);
        var options = new OnnxExportOptions { DynamicAxes = { ["left"] = [0] } };
        (_, OnnxExportResult result) = OnnxExporter.ToBytes(net, [randn(2, 4, 4), causal], options);
        Assert.InRange(result.LargestDifference, 0, 1e-5);
        Assert.NotEmpty(result.Checked);
    }

    [Fact]
    public void A_wrong_graph_is_found_although_the_example_has_infinities()
    {
        OnnxConverters.Register("aten::digamma(Tensor self) -> Tensor", c =>
            c.Return(c.Node("Add", [c.Tensor("self"), c.Scalar(1, c.ElementType("self"))])));
        using var net = new Forward2((x, mask) => digamma((x + mask).softmax(-1) + 2));
        Tensor causal = full([4, 4], double.NegativeInfinity, ScalarType.Float32).triu(1);
        ExportException error = Assert.Throws<ExportException>(() =>
            OnnxExporter.ToBytes(net, [randn(2, 4, 4), causal], new OnnxExportOptions { DynamicAxes = { ["left"] = [0] } }));
        Assert.Contains("aten::digamma", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Outputs_of_only_nan_are_not_considered_equal()
    {
        using var net = new Forward(x => (x.abs() * -1 - 1).log());
        ExportException error = Assert.Throws<ExportException>(() => OnnxExporter.ToBytes(net, [randn(2, 3)]));
        Assert.Contains("return only NaN", error.Message, StringComparison.Ordinal);
        Assert.Contains("Verify = false", error.Message, StringComparison.Ordinal);
        (byte[] model, _) = OnnxExporter.ToBytes(net, [randn(2, 3)], new OnnxExportOptions { Verify = false });
        Assert.NotEmpty(model);
    }

    [Theory]
    [InlineData(3, 4, 4, 5)]
    [InlineData(4, 4, 4, 5)]
    [InlineData(1, 1, 1, 5)]
    public void A_product_of_two_inputs_whose_sizes_must_agree_is_an_error_that_names_the_option(long rows, long inner, long same,
        long columns)
    {
        using var net = new Forward2((a, b) => matmul(a.relu(), b));
        ExportException error = Assert.Throws<ExportException>(() => OnnxExporter.ToBytes(net, [randn(rows, inner), randn(same, columns)]));
        Assert.Contains("aten::matmul", error.Message, StringComparison.Ordinal);
        Assert.Contains("DynamicAxes", error.Message, StringComparison.Ordinal);
        (_, OnnxExportResult result) =
            OnnxExporter.ToBytes(net, [randn(rows, inner), randn(same, columns)],
                new OnnxExportOptions { DynamicAxes = { ["left"] = [0] } });
        Assert.InRange(result.LargestDifference, 0, 1e-5);
    }

    [Fact]
    public void A_product_with_a_transposed_input_of_the_same_batch_is_exported()
    {
        using var net = new Forward2((a, b) => matmul(a, b.t()));
        (_, OnnxExportResult result) = OnnxExporter.ToBytes(net, [randn(3, 4), randn(3, 4)]);
        Assert.InRange(result.LargestDifference, 0, 1e-5);
    }
}
