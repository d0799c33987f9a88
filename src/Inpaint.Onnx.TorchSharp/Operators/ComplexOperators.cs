using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp;

/// <summary>Complex numbers made, taken apart and computed with, as pairs of real values.</summary>
internal static class ComplexOperators
{
    /// <summary>Operators on complex numbers that do to both parts what they do to real numbers.</summary>
    private static readonly HashSet<string> Alike =
    [
        "aten::neg", "aten::mean", "aten::sum", "aten::clone", "aten::contiguous", "aten::detach", "aten::alias",
        "aten::view", "aten::reshape", "aten::flatten", "aten::unflatten", "aten::squeeze", "aten::unsqueeze", "aten::permute", "aten::transpose", "aten::t", "aten::movedim",
        "aten::expand", "aten::expand_as", "aten::broadcast_to", "aten::repeat", "aten::tile", "aten::cat", "aten::stack", "aten::split", "aten::split_with_sizes", "aten::chunk",
        "aten::unbind", "aten::slice", "aten::narrow", "aten::select", "aten::index_select", "aten::flip", "aten::roll", "aten::fft_fftshift", "aten::fft_ifftshift",
    ];

    private static readonly Dictionary<string, Action<OperatorContext>> OnComplex = new()
    {
        ["aten::abs"] = c => c.Return(ArithmeticOperators.Hypotenuse(c, c.OutputType(), c.Complex(0).Real, c.Complex(0).Imaginary)),
        ["aten::add"] = c => Sum(c, "Add"),
        ["aten::sub"] = c => Sum(c, "Sub"),
        ["aten::mul"] = Multiply,
        ["aten::div"] = Divide,
        ["aten::exp"] = Exponential,
        ["aten::matmul"] = c => Product(c),
        ["aten::mm"] = c => Product(c),
        ["aten::bmm"] = c => Product(c),
        ["aten::adjoint"] = c => Turned(c),
        ["aten::mH"] = c => Turned(c),
    };

    public static void AddTo(Dictionary<string, Action<OperatorContext>> table)
    {
        table["aten::complex"] = c => c.ReturnComplex(c.Tensor(0), c.Tensor(1));
        table["aten::polar"] = c => c.ReturnComplex(c.Node("Mul", [c.Tensor(0), c.Node("Cos", [c.Tensor(1)])]), c.Node("Mul", [c.Tensor(0), c.Node("Sin", [c.Tensor(1)])]));
        table["aten::angle"] = c => c.Return(c.IsComplex(0) ? ArithmeticOperators.Angle(c, c.OutputType(), c.Complex(0).Imaginary, c.Complex(0).Real) : AngleOfReal(c));
        table["aten::_conj"] = c => c.ReturnComplex(c.Complex(0).Real, c.Node("Neg", [c.Complex(0).Imaginary]));
        table["aten::conj_physical"] = table["aten::_conj"];
        table["aten::resolve_conj"] = c => c.ReturnComplex(c.Complex(0).Real, c.Complex(0).Imaginary);
        table["aten::real"] = c => c.Return(c.IsComplex(0) ? c.Complex(0).Real : c.Tensor(0));
        table["aten::imag"] = c => c.Return(c.Complex(0).Imaginary);
        table["aten::view_as_real"] = c => c.Return(c.Concat(-1, c.Unsqueeze(c.Complex(0).Real, -1), c.Unsqueeze(c.Complex(0).Imaginary, -1)));
        table["aten::view_as_complex"] = c =>
        {
            IReadOnlyList<string> parts = c.Split(c.Tensor(0), -1, [1, 1]);
            c.ReturnComplex(c.Squeeze(parts[0], -1), c.Squeeze(parts[1], -1));
        };
    }

    /// <summary>The converter for complex arguments where it differs from that for real ones.</summary>
    public static Action<OperatorContext>? Find(string name) => OnComplex.GetValueOrDefault(name) ?? (name.EndsWith('_') ? OnComplex.GetValueOrDefault(name[..^1]) : null);

    /// <summary>Whether an operator is converted once for the real parts and once for the imaginary ones.</summary>
    public static bool TreatsPartsAlike(string name) => Alike.Contains(name) || (name.EndsWith('_') && Alike.Contains(name[..^1]));

    private static string SquaredSize(OperatorContext c, (string Real, string Imaginary) z) =>
        c.Node("Add", [c.Node("Mul", [z.Real, z.Real]), c.Node("Mul", [z.Imaginary, z.Imaginary])]);

    /// <summary>Half a turn for negative numbers; NaN stays NaN.</summary>
    private static string AngleOfReal(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        string value = c.Operand(0, type), zero = c.Scalar(0, type);
        string half = c.Node("Where", [c.Node("Less", [value, zero]), c.Scalar(Math.PI, type), zero]);
        return c.Node("Where", [c.Node("Equal", [value, value]), half, value]);
    }

    // self, other, alpha
    private static void Sum(OperatorContext c, string operation)
    {
        ScalarType type = c.OutputType();
        (string Real, string? Imaginary) Term(int i) => c.IsComplex(i) ? c.Complex(i) : (c.Operand(i, type), null);
        (string real, string? imaginary) = Term(0);
        (string otherReal, string? otherImaginary) = Term(1);
        if (!c.IsNone(2) && c.Number(2) != 1)
        {
            otherReal = c.Node("Mul", [otherReal, c.Scalar(c.Number(2), type)]);
            otherImaginary = otherImaginary is null ? null : c.Node("Mul", [otherImaginary, c.Scalar(c.Number(2), type)]);
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
        if (c.IsComplex(0) && c.IsComplex(1))
        {
            Times(c, c.Complex(0), c.Complex(1));
            return;
        }

        (int complex, int real) = c.IsComplex(0) ? (0, 1) : (1, 0);
        (string x, string y) = c.Complex(complex);
        string factor = c.Operand(real, c.OutputType());
        c.ReturnComplex(c.Node("Mul", [x, factor]), c.Node("Mul", [y, factor]));
    }

    private static void Divide(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        if (!c.IsComplex(1))
        {
            (string x, string y) = c.Complex(0);
            string divisor = c.Operand(1, type);
            c.ReturnComplex(c.Node("Div", [x, divisor]), c.Node("Div", [y, divisor]));
            return;
        }

        // a / b = a * conj(b) / |b|^2
        (string Real, string Imaginary) b = c.Complex(1);
        string size = SquaredSize(c, b);
        (string Real, string Imaginary) inverse = (c.Node("Div", [b.Real, size]), c.Node("Neg", [c.Node("Div", [b.Imaginary, size])]));
        Times(c, c.IsComplex(0) ? c.Complex(0) : (c.Operand(0, type), c.Scalar(0, type)), inverse);
    }

    // e^x turned by y
    private static void Exponential(OperatorContext c)
    {
        (string x, string y) = c.Complex(0);
        string size = c.Node("Exp", [x]);
        c.ReturnComplex(c.Node("Mul", [size, c.Node("Cos", [y])]), c.Node("Mul", [size, c.Node("Sin", [y])]));
    }

    // Three products of matrices would do, at the cost of rounding: four.
    private static void Product(OperatorContext c)
    {
        (string Real, string Imaginary) a = c.Complex(0), b = c.Complex(1);
        string Of(string x, string y) => c.Node("MatMul", [x, y]);
        c.ReturnComplex(
            c.Node("Sub", [Of(a.Real, b.Real), Of(a.Imaginary, b.Imaginary)]),
            c.Node("Add", [Of(a.Real, b.Imaginary), Of(a.Imaginary, b.Real)]));
    }

    private static void Turned(OperatorContext c)
    {
        int[] order = CommonNodes.Order(c.Rank(0));
        (order[^2], order[^1]) = (order[^1], order[^2]);
        (string real, string imaginary) = c.Complex(0);
        c.ReturnComplex(c.Transpose(real, order), c.Node("Neg", [c.Transpose(imaginary, order)]));
    }

    private static void Times(OperatorContext c, (string Real, string Imaginary) a, (string Real, string Imaginary) b) => c.ReturnComplex(
        c.Node("Sub", [c.Node("Mul", [a.Real, b.Real]), c.Node("Mul", [a.Imaginary, b.Imaginary])]),
        c.Node("Add", [c.Node("Mul", [a.Real, b.Imaginary]), c.Node("Mul", [a.Imaginary, b.Real])]));
}
