using Inpaint.Onnx.TorchSharp.Tracing;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>No output is omitted, and names are unique.</summary>
public sealed class RefusedResultTests
{
    [Fact]
    public void A_dictionary_output_is_rejected() =>
        Refused(new Giving<(Tensor, Dictionary<string, Tensor>)>(x => (x + 1, new Dictionary<string, Tensor> { ["a"] = x * 2 })), [], [],
            "forward of Giving`1 gives Dictionary<String, Tensor>", "a tuple of tensors or a list");

    [Fact]
    public void A_null_output_is_rejected() =>
        Refused(new Giving<(Tensor, Tensor?)>(x => (x + 1, null)), [], [], "gives null");

    [Fact]
    public void A_null_in_a_list_of_outputs_is_rejected() =>
        Refused(new Giving<IReadOnlyList<Tensor>>(x => [x + 1, null!]), [], [], "gives null");

    [Fact]
    public void A_number_output_is_rejected() =>
        Refused(new Giving<(Tensor, int)>(x => (x + 1, 7)), [], [], "gives Int32");

    [Theory]
    [InlineData("a")]
    [InlineData("a", "b", "c")]
    public void A_wrong_number_of_output_names_is_rejected(params string[] names) =>
        Refused(new Giving<(Tensor, Tensor)>(x => (x + 1, x * 2)), [], names, $"{names.Length} output names for 2 outputs");

    [Fact]
    public void Two_outputs_with_the_same_name_are_rejected() =>
        Refused(new Giving<(Tensor, Tensor)>(x => (x + 1, x * 2)), [], ["y", "y"], "The name 'y' of output 1 is taken by output 0");

    [Fact]
    public void An_output_with_the_name_of_an_input_is_rejected() =>
        Refused(new Giving<Tensor>(x => x + 1), ["x"], ["x"], "The name 'x' of output 0 is taken by input 0", "OutputNames");

    [Theory]
    [InlineData("weight", "y", "The name 'weight' of input 0 is taken by the module's weight or buffer 'weight'")]
    [InlineData("x", "bias", "The name 'bias' of output 0 is taken by the module's weight or buffer 'bias'")]
    public void The_name_of_a_weight_is_rejected(string input, string output, string message) =>
        Refused(nn.Linear(3, 2), [input], [output], message);

    private static void Refused(nn.Module module, string[] inputs, string[] outputs, params string[] parts)
    {
        using (module)
        {
            var options = new OnnxExportOptions { InputNames = inputs, OutputNames = outputs };
            ExportException error = Assert.Throws<ExportException>(() => OnnxExporter.ToBytes(module, [rand(2, 3)], options));
            Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        }
    }

    private sealed class Giving<T>(Func<Tensor, T> give) : nn.Module<Tensor, T>("giving")
    {
        public override T forward(Tensor input) => give(input);
    }
}
