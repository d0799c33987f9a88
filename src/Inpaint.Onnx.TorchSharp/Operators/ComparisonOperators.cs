using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp;

/// <summary>Comparison, logic, and choices by truth values.</summary>
internal static class ComparisonOperators
{
    public static void AddTo(Dictionary<string, Action<OperatorContext>> table)
    {
        foreach ((string name, string operation) in new[] { ("eq", "Equal"), ("lt", "Less"), ("gt", "Greater"), ("le", "LessOrEqual"), ("ge", "GreaterOrEqual") })
        {
            table[$"aten::{name}"] = c => c.Return(Compare(c, operation));
        }

        table["aten::ne"] = c => c.Return(c.Node("Not", [Compare(c, "Equal")]));
        foreach ((string name, string operation) in new[] { ("and", "And"), ("or", "Or"), ("xor", "Xor") })
        {
            table[$"aten::logical_{name}"] = c => c.Return(c.Node(operation, [Truth(c, 0), Truth(c, 1)]));
            table[$"aten::bitwise_{name}"] = c => Bitwise(c, operation);
        }

        table["aten::logical_not"] = c => c.Return(c.Node("Not", [Truth(c, 0)]));
        table["aten::bitwise_not"] = BitwiseNot;
        table["aten::isnan"] = c => c.Return(c.ElementType(0).IsFloat() ? c.Node("IsNaN", [Float(c)]) : Never(c));
        table["aten::isinf"] = c => c.Return(c.ElementType(0).IsFloat() ? c.Node("IsInf", [Float(c)]) : Never(c));
        table["aten::isposinf"] = c => c.Return(c.ElementType(0).IsFloat() ? c.Node("IsInf", [Float(c)], ("detect_negative", 0L)) : Never(c));
        table["aten::isneginf"] = c => c.Return(c.ElementType(0).IsFloat() ? c.Node("IsInf", [Float(c)], ("detect_positive", 0L)) : Never(c));
        table["aten::isfinite"] = IsFinite;
        table["aten::nan_to_num"] = NanToNum;
        table["aten::where"] = Where;
        table["aten::masked_fill"] = MaskedFill;
    }

    private static string Compare(OperatorContext c, string operation)
    {
        ScalarType type = c.Promoted(0, 1);
        return c.Compare(operation, type, c.Operand(0, type), c.Operand(1, type));
    }

    private static string Truth(OperatorContext c, int i) => c.Operand(i, ScalarType.Bool);

    private static void Bitwise(OperatorContext c, string operation)
    {
        ScalarType type = c.OutputType();
        if (type == ScalarType.Bool)
        {
            c.Return(c.Node(operation, [c.Operand(0, type), c.Operand(1, type)]));
            return;
        }

        c.RequireOpset(18);
        c.Return(c.Node($"Bitwise{operation}", [c.Operand(0, type), c.Operand(1, type)]));
    }

    // In two's complement, the inverted bits of x are -x - 1.
    private static void BitwiseNot(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        c.Return(type == ScalarType.Bool ? c.Node("Not", [c.Tensor(0)]) : c.Arithmetic("Sub", type, c.Scalar(-1, type), c.Tensor(0)));
    }

    private static string Float(OperatorContext c) => c.Operand(0, Kernels.Wide(c.ElementType(0)));

    /// <summary>No whole number is infinite or NaN.</summary>
    private static string Never(OperatorContext c) => c.Node("Xor", [Truth(c, 0), Truth(c, 0)]);

    // Neither infinity nor NaN is less than infinity.
    private static void IsFinite(OperatorContext c)
    {
        ScalarType type = Kernels.Wide(c.ElementType(0));
        c.Return(type.IsFloat()
            ? c.Node("Less", [c.Node("Abs", [c.Operand(0, type)]), c.Scalar(double.PositiveInfinity, type)])
            : c.Node("Not", [Never(c)]));
    }

    // self, nan, posinf, neginf
    private static void NanToNum(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        if (!type.IsFloat())
        {
            c.Return(c.Tensor(0));
            return;
        }

        double largest = type switch
        {
            ScalarType.Float64 => double.MaxValue,
            ScalarType.Float16 => (double)Half.MaxValue,
            ScalarType.BFloat16 => (double)BitConverter.UInt32BitsToSingle(0x7F7F0000),
            _ => float.MaxValue,
        };
        string Or(int i, double otherwise) => c.Scalar(c.IsNone(i) ? otherwise : c.Number(i), type);
        string value = c.Choose(type, c.Node("IsNaN", [Float(c)]), Or(1, 0), c.Tensor(0));
        if (c.IsNone(2) && c.IsNone(3))
        {
            c.Return(c.Limit(type, value, Or(3, -largest), Or(2, largest)));
            return;
        }

        value = c.Choose(type, c.Compare("Equal", type, c.Tensor(0), c.Scalar(double.PositiveInfinity, type)), Or(2, largest), value);
        c.Return(c.Choose(type, c.Compare("Equal", type, c.Tensor(0), c.Scalar(double.NegativeInfinity, type)), Or(3, -largest), value));
    }

    private static void Where(OperatorContext c)
    {
        if (c.Count < 3)
        {
            throw c.Unsupported("one argument (the places of true values), whose number depends on the data");
        }

        ScalarType type = c.OutputType();
        c.Return(c.Choose(type, Truth(c, 0), c.Operand(1, type), c.Operand(2, type)));
    }

    private static void MaskedFill(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        c.Return(c.Choose(type, Truth(c, 1), c.Operand(2, type), c.Operand(0, type)));
    }
}
