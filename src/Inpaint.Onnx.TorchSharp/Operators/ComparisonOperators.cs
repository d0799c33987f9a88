using Inpaint.Onnx.TorchSharp.Conversion;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Operators;

/// <summary>Comparison, logic, and selection by booleans.</summary>
internal static class ComparisonOperators
{
    public static void AddTo(OperatorTable table)
    {
        foreach ((string name, string operation) in new[] { ("eq", "Equal"), ("lt", "Less"), ("gt", "Greater"), ("le", "LessOrEqual"),
            ("ge", "GreaterOrEqual") })
        {
            table.Add($"aten::{name}.Scalar(Tensor self, Scalar other) -> Tensor", c => c.Return(Compare(c, operation)));
        }

        table.Add("aten::ne.Scalar(Tensor self, Scalar other) -> Tensor", c => c.Return(c.Node("Not", [Compare(c, "Equal")])));
        foreach ((string name, string operation) in new[] { ("and", "And"), ("or", "Or"), ("xor", "Xor") })
        {
            table.Add($"aten::logical_{name}(Tensor self, Tensor other) -> Tensor",
                c => c.Return(c.Node(operation, [c.Operand("self", ScalarType.Bool), c.Operand("other", ScalarType.Bool)])));
            table.Add($"aten::bitwise_{name}.Scalar(Tensor self, Scalar other) -> Tensor", c => Bitwise(c, operation));
        }

        table.Add("aten::logical_not(Tensor self) -> Tensor", c => c.Return(c.Node("Not", [c.Operand("self", ScalarType.Bool)])));
        table.Add("aten::bitwise_not(Tensor self) -> Tensor", BitwiseNot);
        table.Add("aten::isnan(Tensor self) -> Tensor",
            c => c.Return(c.ElementType("self").IsFloat() ? c.Node("IsNaN", [Float(c)]) : Never(c)));
        table.Add("aten::isinf(Tensor self) -> Tensor",
            c => c.Return(c.ElementType("self").IsFloat() ? c.Node("IsInf", [Float(c)]) : Never(c)));
        table.Add("aten::isposinf(Tensor self) -> Tensor",
            c => c.Return(c.ElementType("self").IsFloat() ? c.Node("IsInf", [Float(c)], ("detect_negative", 0L)) : Never(c)));
        table.Add("aten::isneginf(Tensor self) -> Tensor",
            c => c.Return(c.ElementType("self").IsFloat() ? c.Node("IsInf", [Float(c)], ("detect_positive", 0L)) : Never(c)));
        table.Add("aten::isfinite(Tensor self) -> Tensor", IsFinite);
        table.Add("aten::nan_to_num(Tensor self, float? nan=None, float? posinf=None, float? neginf=None) -> Tensor", NanToNum);
        table.Add("""
            aten::where.self(Tensor condition, Tensor self, Tensor other) -> Tensor
            aten::where(Tensor condition) -> Tensor[]
            """, Where);
        table.Add("aten::masked_fill.Scalar(Tensor self, Tensor mask, Scalar value) -> Tensor", MaskedFill);
    }

    private static string Compare(OperatorContext c, string operation)
    {
        ScalarType type = c.Promoted("self", "other");
        return c.Compare(operation, type, c.Operand("self", type), c.Operand("other", type));
    }

    private static void Bitwise(OperatorContext c, string operation)
    {
        ScalarType type = c.OutputType();
        if (type == ScalarType.Bool)
        {
            c.Return(c.Node(operation, [c.Operand("self", type), c.Operand("other", type)]));
            return;
        }

        c.RequireOpset(18);
        c.Return(c.Node($"Bitwise{operation}", [c.Operand("self", type), c.Operand("other", type)]));
    }

    // In two's complement, the inverted bits of x are -x - 1.
    private static void BitwiseNot(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        c.Return(type == ScalarType.Bool ? c.Node("Not", [c.Tensor("self")])
            : c.Arithmetic("Sub", type, c.Scalar(-1, type), c.Tensor("self")));
    }

    private static string Float(OperatorContext c) => c.Operand("self", Kernels.Wide(c.ElementType("self")));

    /// <summary>False everywhere: no integer is infinite or NaN.</summary>
    private static string Never(OperatorContext c) =>
        c.Node("Xor", [c.Operand("self", ScalarType.Bool), c.Operand("self", ScalarType.Bool)]);

    // Neither infinity nor NaN is less than infinity.
    private static void IsFinite(OperatorContext c)
    {
        ScalarType type = Kernels.Wide(c.ElementType("self"));
        c.Return(type.IsFloat()
            ? c.Node("Less", [c.Node("Abs", [c.Operand("self", type)]), c.Scalar(double.PositiveInfinity, type)])
            : c.Node("Not", [Never(c)]));
    }

    private static void NanToNum(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        if (!type.IsFloat())
        {
            c.Return(c.Tensor("self"));
            return;
        }

        double largest = type switch
        {
            ScalarType.Float64 => double.MaxValue,
            ScalarType.Float16 => (double)Half.MaxValue,
            ScalarType.BFloat16 => (double)BitConverter.UInt32BitsToSingle(0x7F7F0000),
            _ => float.MaxValue,
        };
        string Or(string name, double otherwise) => c.Scalar(c.Number(name, otherwise), type);
        string value = c.Choose(type, c.Node("IsNaN", [Float(c)]), Or("nan", 0), c.Tensor("self"));
        if (c.IsNone("posinf") && c.IsNone("neginf"))
        {
            c.Return(c.Limit(type, value, Or("neginf", -largest), Or("posinf", largest)));
            return;
        }

        value = c.Choose(type, c.Compare("Equal", type, c.Tensor("self"), c.Scalar(double.PositiveInfinity, type)),
            Or("posinf", largest), value);
        c.Return(c.Choose(type, c.Compare("Equal", type, c.Tensor("self"), c.Scalar(double.NegativeInfinity, type)), Or("neginf", -largest),
            value));
    }

    private static void Where(OperatorContext c)
    {
        if (c.IsNone("self"))
        {
            throw c.Unsupported("one argument (the places of true values), whose number depends on the data");
        }

        ScalarType type = c.OutputType();
        c.Return(c.Choose(type, c.Operand("condition", ScalarType.Bool), c.Operand("self", type), c.Operand("other", type)));
    }

    private static void MaskedFill(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        c.Return(c.Choose(type, c.Operand("mask", ScalarType.Bool), c.Operand("value", type), c.Operand("self", type)));
    }
}
