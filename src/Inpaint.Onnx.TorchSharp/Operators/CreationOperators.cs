using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp;

/// <summary>Tensors made by their shape: filled, counted up, and triangles of others.</summary>
internal static class CreationOperators
{
    public static void AddTo(Dictionary<string, Action<OperatorContext>> table)
    {
        foreach ((string name, double value) in new[] { ("zeros", 0.0), ("ones", 1), ("empty", 0) })
        {
            table[$"aten::{name}"] = c => c.Return(Filled(c, c.Scalar(value, c.OutputType())));
            table[$"aten::{name}_like"] = c => c.Return(Filled(c, c.Scalar(value, c.OutputType())));
        }

        table["aten::full"] = c => c.Return(Filled(c, c.Operand(1, c.OutputType())));
        table["aten::full_like"] = c => c.Return(Filled(c, c.Operand(1, c.OutputType())));
        table["aten::fill"] = c => c.Return(Filled(c, c.Operand(1, c.OutputType())));
        table["aten::scalar_tensor"] = c => c.Return(c.Operand(0, c.OutputType()));
        table["aten::arange"] = Arange;
        table["aten::linspace"] = Linspace;
        table["aten::eye"] = Eye;
        table["aten::tril"] = c => c.Return(Triangle(c, upper: false));
        table["aten::triu"] = c => c.Return(Triangle(c, upper: true));
    }

    /// <summary>One value at every place of the output.</summary>
    private static string Filled(OperatorContext c, string value) =>
        c.OutputRank() == 0 ? value : c.Node("Expand", [value, c.Vector(c.OutputShape())]);

    // (end), (start, end) or (start, end, step), before dtype, layout, device and pin_memory.
    private static void Arange(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        int bounds = c.Count - 4;
        if (c.OutputShape()[0].IsConstant && Enumerable.Range(0, bounds).All(c.IsFixed))
        {
            (double start, double end, double step) = bounds == 1 ? (0, c.Number(0), 1) : (c.Number(0), c.Number(1), bounds == 2 ? 1 : c.Number(2));
            using Tensor values = arange(start, end, step, type);
            c.Return(c.Constant("arange", GraphConverter.ToProto(values)));
            return;
        }

        ScalarType compute = type is ScalarType.Float32 or ScalarType.Float64 or ScalarType.Int32 or ScalarType.Int64 ? type : Kernels.Wide(type);
        string from = bounds == 1 ? c.Scalar(0, compute) : c.Operand(0, compute);
        string to = c.Operand(bounds == 1 ? 0 : 1, compute);
        c.Return(c.Cast(c.Node("Range", [from, to, bounds == 3 ? c.Operand(2, compute) : c.Scalar(1, compute)]), compute, type));
    }

    // start, end, steps: libtorch counts from the nearer end.
    private static void Linspace(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        if (c.IsFixed(2))
        {
            using Tensor values = linspace(c.Number(0), c.Number(1), c.Int(2), type);
            c.Return(c.Constant("linspace", GraphConverter.ToProto(values)));
            return;
        }

        string start = c.Operand(0, type), end = c.Operand(1, type), count = c.ScalarOf(c.Size(2)), one = c.Scalar(1, ScalarType.Int64);
        string last = c.Node("Sub", [count, one]), places = c.Node("Range", [c.Scalar(0, ScalarType.Int64), count, one]);
        string step = c.Node("Div", [c.Node("Sub", [end, start]), c.Cast(c.Node("Max", [last, one]), ScalarType.Int64, type)]);
        string FromHere(string steps) => c.Node("Mul", [step, c.Cast(steps, ScalarType.Int64, type)]);
        string firstHalf = c.Node("Less", [places, c.Node("Div", [count, c.Scalar(2, ScalarType.Int64)])]);
        c.Return(c.Node("Where", [firstHalf, c.Node("Add", [start, FromHere(places)]), c.Node("Sub", [end, FromHere(c.Node("Sub", [last, places]))])]));
    }

    // (n) or (n, m), before dtype, layout, device and pin_memory
    private static void Eye(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        IReadOnlyList<SymbolicInt> shape = c.OutputShape();
        if (shape.All(s => s.IsConstant))
        {
            using Tensor values = eye(shape[0].Value, shape[1].Value, type);
            c.Return(c.Constant("eye", GraphConverter.ToProto(values)));
            return;
        }

        string Places(int axis) => c.Node("Range", [c.Scalar(0, ScalarType.Int64), c.ScalarOf(shape[axis]), c.Scalar(1, ScalarType.Int64)]);
        string rows = c.Node("Unsqueeze", [Places(0), c.Vector(1)]);
        c.Return(c.Cast(c.Node("Equal", [rows, Places(1)]), ScalarType.Bool, type));
    }

    // self, diagonal
    private static string Triangle(OperatorContext c, bool upper)
    {
        ScalarType type = c.OutputType(), compute = type is ScalarType.Int64 or ScalarType.Float32 or ScalarType.Float64 ? type : type.IsFloat() ? ScalarType.Float32 : ScalarType.Int64;
        string value = c.Operand(0, compute), diagonal = c.Scalar(c.IsNone(1) ? 0 : c.Int(1), ScalarType.Int64);
        if (c.Opset >= 14)
        {
            return c.Cast(c.Node("Trilu", [value, diagonal], ("upper", upper ? 1L : 0L)), compute, type);
        }

        // Column minus row is the number of a diagonal.
        string number = c.Node("Sub", [c.Range(c.Shape(0)[^1]), c.Unsqueeze(c.Range(c.Shape(0)[^2]), 1)]);
        return c.Cast(c.Node("Where", [c.Node(upper ? "GreaterOrEqual" : "LessOrEqual", [number, diagonal]), value, c.Scalar(0, compute)]), compute, type);
    }
}
