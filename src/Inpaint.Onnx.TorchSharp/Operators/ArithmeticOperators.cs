using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp;

/// <summary>Broadcasting arithmetic and comparison, with libtorch's promotion of types.</summary>
internal static class ArithmeticOperators
{
    public static void AddTo(Dictionary<string, Action<OperatorContext>> table)
    {
        table["aten::add"] = c => Scaled(c, "Add");
        table["aten::sub"] = c => Scaled(c, "Sub");
        table["aten::rsub"] = c => c.Return(c.Node("Sub", [c.Operand(1, c.OutputType()), Times(c, c.Operand(0, c.OutputType()), 2)]));
        table["aten::mul"] = c => Binary(c, "Mul");
        foreach ((string name, string operation) in new[] { ("eq", "Equal"), ("lt", "Less"), ("gt", "Greater"), ("le", "LessOrEqual"), ("ge", "GreaterOrEqual") })
        {
            table[$"aten::{name}"] = c => c.Return(Compare(c, operation));
        }

        table["aten::ne"] = c => c.Return(c.Node("Not", [Compare(c, "Equal")]));
    }

    private static void Binary(OperatorContext c, string operation)
    {
        ScalarType type = c.OutputType();
        c.Return(c.Node(operation, [c.Operand(0, type), c.Operand(1, type)]));
    }

    private static void Scaled(OperatorContext c, string operation)
    {
        ScalarType type = c.OutputType();
        c.Return(c.Node(operation, [c.Operand(0, type), Times(c, c.Operand(1, type), 2)]));
    }

    /// <summary>The factor <c>alpha</c> of add and sub.</summary>
    private static string Times(OperatorContext c, string value, int alpha) =>
        c.IsNone(alpha) || c.Number(alpha) == 1 ? value : c.Node("Mul", [value, c.Scalar(c.Number(alpha), c.OutputType())]);

    private static string Compare(OperatorContext c, string operation)
    {
        ScalarType type = c.Promoted(0, 1);

        // ONNX orders numbers alone.
        type = type == ScalarType.Bool && operation != "Equal" ? ScalarType.Int32 : type;
        return c.Node(operation, [c.Operand(0, type), c.Operand(1, type)]);
    }
}
