using Inpaint.Onnx.TorchSharp.Conversion;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Operators;

internal static class SoftmaxOperators
{
    public static void AddTo(OperatorTable table)
    {
        table.Add("aten::special_softmax(Tensor self, int dim, ScalarType? dtype=None) -> Tensor", c => Along(c, "Softmax"));
        table.Add("aten::special_log_softmax(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor", c => Along(c, "LogSoftmax"));
    }

    private static void Along(OperatorContext c, string operation)
    {
        ScalarType type = c.OutputType();
        if (c.Rank("self") == 0)
        {
            string one = c.Node("Unsqueeze", [c.Operand("self", type), c.Vector(0)]);
            c.Return(c.Node("Squeeze", [c.Node(operation, [one], ("axis", 0L)), c.Vector(0)]));
            return;
        }

        c.Return(c.Node(operation, [c.Operand("self", type)], ("axis", (long)c.Axis("dim", c.Rank("self")))));
    }
}
