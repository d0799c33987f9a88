using Inpaint.Onnx.TorchSharp.Conversion;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Operators;

/// <summary>True, floor and truncating division, and the two remainders.</summary>
internal static class DivisionOperators
{
    public static void AddTo(OperatorTable table)
    {
        table.Add("""
            aten::div.Tensor(Tensor self, Tensor other) -> Tensor
            aten::div.Tensor_mode(Tensor self, Tensor other, *, str? rounding_mode) -> Tensor
            """, c => c.Return(c.IsNone("rounding_mode") ? True(c) : c.Text("rounding_mode") switch
        {
            "floor" => Floor(c),
            "trunc" => TowardsZero(c),
            string mode => throw c.Unsupported($"rounding mode '{mode}'"),
        }));
        table.Add("aten::true_divide.Tensor(Tensor self, Tensor other) -> Tensor", c => c.Return(True(c)));
        table.Add("aten::floor_divide(Tensor self, Tensor other) -> Tensor", c => c.Return(Floor(c)));
        table.Add("aten::remainder.Scalar(Tensor self, Scalar other) -> Tensor", Remainder);
        table.Add("aten::fmod.Scalar(Tensor self, Scalar other) -> Tensor",
            c => c.Return(Fmod(c, c.OutputType(), c.Operand("self", c.OutputType()), c.Operand("other", c.OutputType()))));
    }

    private static string True(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        return c.Arithmetic("Div", type, c.Operand("self", type), c.Operand("other", type));
    }

    private static string TowardsZero(OperatorContext c) => c.Truncate(c.OutputType(), True(c));

    // Floats are divided after subtracting the remainder: 1 / 0.1 rounds to 10, but only 9 tenths fit into 1.
    private static string Floor(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string a = c.Operand("self", type), b = c.Operand("other", type);
        if (!type.IsFloat())
        {
            ScalarType wide = Kernels.Wide(type);
            (a, b) = (c.Cast(a, type, wide), c.Cast(b, type, wide));
            return c.Cast(c.Node("Div", [c.Node("Sub", [a, c.Node("Mod", [a, b])]), b]), wide, type);
        }

        string rest = c.Node("Mod", [a, b], ("fmod", 1L));
        string quotient = c.Node("Div", [c.Node("Sub", [a, rest]), b]);
        string below = c.Cast(OtherSign(c, type, rest, b), ScalarType.Bool, type);
        string whole = c.Node("Round", [c.Node("Sub", [quotient, below])]);
        return !c.IsTensor("other") && c.Number("other") != 0
            ? whole
            : c.Choose(type, c.Node("Equal", [b, c.Scalar(0, type)]), c.Node("Div", [a, b]), whole);
    }

    // The remainder that has the divisor's sign.
    private static void Remainder(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string a = c.Operand("self", type), b = c.Operand("other", type);
        if (!type.IsFloat())
        {
            c.Return(c.Arithmetic("Mod", type, a, b));
            return;
        }

        string rest = c.Node("Mod", [a, b], ("fmod", 1L));
        c.Return(c.Choose(type, OtherSign(c, type, rest, b), c.Node("Add", [rest, b]), rest));
    }

    // The remainder that has the dividend's sign. Mod would compute integers in floats, which lose digits.
    private static string Fmod(OperatorContext c, ScalarType type, string a, string b)
    {
        if (type.IsFloat())
        {
            return c.Node("Mod", [a, b], ("fmod", 1L));
        }

        ScalarType wide = Kernels.Wide(type);
        (a, b) = (c.Cast(a, type, wide), c.Cast(b, type, wide));
        return c.Cast(c.Node("Sub", [a, c.Node("Mul", [c.Node("Div", [a, b]), b])]), wide, type);
    }

    /// <summary>Whether a remainder is not zero and its sign is not the divisor's.</summary>
    private static string OtherSign(OperatorContext c, ScalarType type, string rest, string divisor)
    {
        string zero = c.Scalar(0, type);
        if (!c.IsTensor("other"))
        {
            return c.Node(c.Number("other") > 0 ? "Less" : "Greater", [rest, zero]);
        }

        string signs = c.Node("Xor", [c.Node("Less", [rest, zero]), c.Node("Less", [divisor, zero])]);
        return c.Node("And", [signs, c.Node("Not", [c.Node("Equal", [rest, zero])])]);
    }
}
