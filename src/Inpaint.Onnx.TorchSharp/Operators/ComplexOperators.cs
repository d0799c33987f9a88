using Inpaint.Onnx.TorchSharp.Conversion;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Operators;

/// <summary>Complex numbers as pairs of real values.</summary>
internal static class ComplexOperators
{
    /// <summary>Operators that treat the real and the imaginary parts as they treat real numbers.</summary>
    private static readonly string[] PartByPart =
    [
        "neg", "mean", "sum", "clone", "contiguous", "detach", "alias", "view", "reshape",
        "flatten", "unflatten", "squeeze", "unsqueeze", "permute", "transpose", "t", "movedim", "expand",
        "expand_as", "broadcast_to", "repeat", "tile", "cat", "stack", "split", "split_with_sizes", "chunk",
        "unbind", "slice", "narrow", "select", "index_select", "flip", "roll", "fft_fftshift", "fft_ifftshift",
    ];

    public static void AddTo(OperatorTable table)
    {
        table.Add("aten::complex(Tensor real, Tensor imag) -> Tensor", c => c.ReturnComplex(c.Tensor("real"), c.Tensor("imag")));
        table.Add("aten::polar(Tensor abs, Tensor angle) -> Tensor",
            c => c.ReturnComplex(c.Node("Mul", [c.Tensor("abs"), c.Node("Cos", [c.Tensor("angle")])]),
                c.Node("Mul", [c.Tensor("abs"), c.Node("Sin", [c.Tensor("angle")])])));
        table.Add("aten::angle(Tensor self) -> Tensor",
            c => c.Return(c.IsComplex("self")
                ? ArithmeticOperators.Angle(c, c.OutputType(), c.Complex("self").Imaginary, c.Complex("self").Real) : AngleOfReal(c)));
        table.Add("""
            aten::_conj(Tensor(a) self) -> Tensor(a)
            aten::conj_physical(Tensor self) -> Tensor
            """, c => c.ReturnComplex(c.Complex("self").Real, c.Node("Neg", [c.Complex("self").Imaginary])));
        table.Add("aten::resolve_conj(Tensor(a) self) -> Tensor(a)",
            c => c.ReturnComplex(c.Complex("self").Real, c.Complex("self").Imaginary));
        table.Add("aten::real(Tensor(a) self) -> Tensor(a)",
            c => c.Return(c.IsComplex("self") ? c.Complex("self").Real : c.Tensor("self")));
        table.Add("aten::imag(Tensor(a) self) -> Tensor(a)", c => c.Return(c.Complex("self").Imaginary));
        table.Add("aten::view_as_real(Tensor(a) self) -> Tensor(a)",
            c => c.Return(c.Concat(-1, c.Unsqueeze(c.Complex("self").Real, -1), c.Unsqueeze(c.Complex("self").Imaginary, -1))));
        table.Add("aten::view_as_complex(Tensor(a) self) -> Tensor(a)", c =>
        {
            IReadOnlyList<string> parts = c.Split(c.Tensor("self"), -1, [1, 1]);
            c.ReturnComplex(c.Squeeze(parts[0], -1), c.Squeeze(parts[1], -1));
        });
        table.AddComplex("aten::abs", c =>
            c.Return(ArithmeticOperators.Hypotenuse(c, c.OutputType(), c.Complex("self").Real, c.Complex("self").Imaginary)));
        table.AddComplex("aten::add", c => Sum(c, "Add"));
        table.AddComplex("aten::sub", c => Sum(c, "Sub"));
        table.AddComplex("aten::mul", Multiply);
        table.AddComplex("aten::div", Divide);
        table.AddComplex("aten::exp", Exponential);
        table.AddComplex("aten::matmul", c => Product(c, "other"));
        table.AddComplex("aten::mm", c => Product(c, "mat2"));
        table.AddComplex("aten::bmm", c => Product(c, "mat2"));
        table.AddComplex("aten::adjoint", Turned);
        table.AddComplex("aten::mH", Turned);
        foreach (string name in PartByPart)
        {
            table.AddComplex($"aten::{name}", null);
        }
    }

    private static string SquaredSize(OperatorContext c, (string Real, string Imaginary) z) =>
        c.Node("Add", [c.Node("Mul", [z.Real, z.Real]), c.Node("Mul", [z.Imaginary, z.Imaginary])]);

    /// <summary>Pi for negative numbers; NaN stays NaN.</summary>
    private static string AngleOfReal(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string value = c.Operand("self", type), zero = c.Scalar(0, type);
        string half = c.Node("Where", [c.Node("Less", [value, zero]), c.Scalar(Math.PI, type), zero]);
        return c.Node("Where", [c.Node("Equal", [value, value]), half, value]);
    }

    private static void Sum(OperatorContext c, string operation)
    {
        ScalarType type = c.OutputType();
        (string Real, string? Imaginary) Term(string name) => c.IsComplex(name) ? c.Complex(name) : (c.Operand(name, type), null);
        (string real, string? imaginary) = Term("self");
        (string otherReal, string? otherImaginary) = Term("other");
        if (c.Number("alpha") != 1)
        {
            otherReal = c.Node("Mul", [otherReal, c.Scalar(c.Number("alpha"), type)]);
            otherImaginary = otherImaginary is null ? null : c.Node("Mul", [otherImaginary, c.Scalar(c.Number("alpha"), type)]);
        }

        // A real number has an imaginary part of zero, in the shape of the sum.
        string zero = c.Scalar(0, type);
        string Broadcast(string value, string with) => c.Node("Add", [value, c.Node("Mul", [with, zero])]);
        c.ReturnComplex(
            c.Node(operation, [real, otherReal]),
            (imaginary, otherImaginary) switch
            {
                (not null, null) => Broadcast(imaginary, otherReal),
                (null, not null) => Broadcast(operation == "Sub" ? c.Node("Neg", [otherImaginary]) : otherImaginary, real),
                _ => c.Node(operation, [imaginary!, otherImaginary!]),
            });
    }

    private static void Multiply(OperatorContext c)
    {
        if (c.IsComplex("self") && c.IsComplex("other"))
        {
            Times(c, c.Complex("self"), c.Complex("other"));
            return;
        }

        (string complex, string real) = c.IsComplex("self") ? ("self", "other") : ("other", "self");
        (string x, string y) = c.Complex(complex);
        string factor = c.Operand(real, c.OutputType());
        c.ReturnComplex(c.Node("Mul", [x, factor]), c.Node("Mul", [y, factor]));
    }

    private static void Divide(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        if (!c.IsComplex("other"))
        {
            (string x, string y) = c.Complex("self");
            string divisor = c.Operand("other", type);
            c.ReturnComplex(c.Node("Div", [x, divisor]), c.Node("Div", [y, divisor]));
            return;
        }

        // a / b = a * conj(b) / |b|^2
        (string Real, string Imaginary) b = c.Complex("other");
        string size = SquaredSize(c, b);
        (string Real, string Imaginary) inverse = (c.Node("Div", [b.Real, size]), c.Node("Neg", [c.Node("Div", [b.Imaginary, size])]));
        Times(c, c.IsComplex("self") ? c.Complex("self") : (c.Operand("self", type), c.Scalar(0, type)), inverse);
    }

    // e^x (cos y + i sin y)
    private static void Exponential(OperatorContext c)
    {
        (string x, string y) = c.Complex("self");
        string size = c.Node("Exp", [x]);
        c.ReturnComplex(c.Node("Mul", [size, c.Node("Cos", [y])]), c.Node("Mul", [size, c.Node("Sin", [y])]));
    }

    // Four matrix products; three would lose precision.
    private static void Product(OperatorContext c, string second)
    {
        (string Real, string Imaginary) a = c.Complex("self"), b = c.Complex(second);
        string Of(string x, string y) => c.Node("MatMul", [x, y]);
        c.ReturnComplex(
            c.Node("Sub", [Of(a.Real, b.Real), Of(a.Imaginary, b.Imaginary)]),
            c.Node("Add", [Of(a.Real, b.Imaginary), Of(a.Imaginary, b.Real)]));
    }

    private static void Turned(OperatorContext c)
    {
        int[] order = CommonNodes.Order(c.Rank("self"));
        (order[^2], order[^1]) = (order[^1], order[^2]);
        (string real, string imaginary) = c.Complex("self");
        c.ReturnComplex(c.Transpose(real, order), c.Node("Neg", [c.Transpose(imaginary, order)]));
    }

    private static void Times(OperatorContext c, (string Real, string Imaginary) a, (string Real, string Imaginary) b) => c.ReturnComplex(
        c.Node("Sub", [c.Node("Mul", [a.Real, b.Real]), c.Node("Mul", [a.Imaginary, b.Imaginary])]),
        c.Node("Add", [c.Node("Mul", [a.Real, b.Imaginary]), c.Node("Mul", [a.Imaginary, b.Real])]));
}
