using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp;

/// <summary>Softmax and its kin.</summary>
internal static class SoftmaxOperators
{
    public static void AddTo(Dictionary<string, Action<OperatorContext>> table)
    {
        table["aten::special_softmax"] = c => Along(c, "Softmax");
        table["aten::special_log_softmax"] = c => Along(c, "LogSoftmax");
    }

    // self, dim, dtype
    private static void Along(OperatorContext c, string operation)
    {
        ScalarType type = c.OutputType();
        if (c.Rank(0) == 0)
        {
            string one = c.Node("Unsqueeze", [c.Operand(0, type), c.Vector(0)]);
            c.Return(c.Node("Squeeze", [c.Node(operation, [one], ("axis", 0L)), c.Vector(0)]));
            return;
        }

        c.Return(c.Node(operation, [c.Operand(0, type)], ("axis", (long)c.Axis(1, c.Rank(0)))));
    }
}
