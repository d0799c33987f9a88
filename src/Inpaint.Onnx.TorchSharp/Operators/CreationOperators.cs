using Inpaint.Onnx.TorchSharp.Conversion;
using Inpaint.Onnx.TorchSharp.Tracing;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Operators;

/// <summary>Tensors created from a shape, and triangles of matrices.</summary>
internal static class CreationOperators
{
    public static void AddTo(OperatorTable table)
    {
        foreach ((string name, string suffix, double value) in new[]
        {
            ("zeros", "", 0.0), ("ones", "", 1), ("empty.memory_format", ", MemoryFormat? memory_format=None", 0),
        })
        {
            table.Add($"""
                aten::{name}(SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None,
                    bool? pin_memory=None{suffix}) -> Tensor
                aten::{name.Split('.')[0]}_like(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None,
                    bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor
                """, c => c.Return(Filled(c, c.Scalar(value, c.OutputType()))));
        }

        table.Add("aten::zeros.out(SymInt[] size, *, Tensor(a!) out) -> Tensor(a!)", c => c.Return(Filled(c, c.Scalar(0, c.OutputType()))));

        table.Add("""
            aten::full(SymInt[] size, Scalar fill_value, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None,
                bool? pin_memory=None) -> Tensor
            """, c => c.Return(Filled(c, c.Operand("fill_value", c.OutputType()))));
        table.Add("""
            aten::full_like(Tensor self, Scalar fill_value, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None,
                bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor
            """, c => c.Return(Filled(c, c.Operand("fill_value", c.OutputType()))));
        table.Add("aten::fill.Scalar(Tensor self, Scalar value) -> Tensor", c => c.Return(Filled(c, c.Operand("value", c.OutputType()))));
        table.Add("""
            aten::scalar_tensor(Scalar s, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None,
                bool? pin_memory=None) -> Tensor
            """, c => c.Return(c.Operand("s", c.OutputType())));
        table.Add("""
            aten::arange(Scalar end, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor
            aten::arange.start(Scalar start, Scalar end, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None,
                bool? pin_memory=None) -> Tensor
            aten::arange.start_step(Scalar start, Scalar end, Scalar step=1, *, ScalarType? dtype=None, Layout? layout=None,
                Device? device=None, bool? pin_memory=None) -> Tensor
            """, Arange);
        table.Add("""
            aten::linspace(Scalar start, Scalar end, int steps, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None,
                bool? pin_memory=None) -> Tensor
            """, Linspace);
        table.Add("""
            aten::eye(SymInt n, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor
            aten::eye.m(SymInt n, SymInt m, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None,
                bool? pin_memory=None) -> Tensor
            """, Eye);
        table.Add("aten::tril(Tensor self, SymInt diagonal=0) -> Tensor", c => c.Return(Triangle(c, upper: false)));
        table.Add("aten::triu(Tensor self, SymInt diagonal=0) -> Tensor", c => c.Return(Triangle(c, upper: true)));
    }

    /// <summary>The output filled with one value.</summary>
    private static string Filled(OperatorContext c, string value) =>
        c.OutputRank() == 0 ? value : c.Node("Expand", [value, c.Vector(c.OutputShape())]);

    private static void Arange(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        if (c.OutputShape()[0].IsConstant && new[] { "start", "end", "step" }.All(name => c.IsNone(name) || c.IsFixed(name)))
        {
            using Tensor values = arange(c.Number("start", 0), c.Number("end"), c.Number("step", 1), type);
            c.Return(c.Constant("arange", values));
            return;
        }

        ScalarType compute = type is ScalarType.Float32 or ScalarType.Float64 or ScalarType.Int32 or ScalarType.Int64 ? type
            : Kernels.Wide(type);
        string Bound(string name, double otherwise) => c.IsNone(name) ? c.Scalar(otherwise, compute) : c.Operand(name, compute);
        c.Return(c.Cast(c.Node("Range", [Bound("start", 0), c.Operand("end", compute), Bound("step", 1)]), compute, type));
    }

    // libtorch counts from the nearer end.
    private static void Linspace(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        if (c.IsFixed("steps"))
        {
            using Tensor values = linspace(c.Number("start"), c.Number("end"), c.Int("steps"), type);
            c.Return(c.Constant("linspace", values));
            return;
        }

        string start = c.Operand("start", type), end = c.Operand("end", type), count = c.ScalarOf(c.Size("steps")),
            one = c.Scalar(1, ScalarType.Int64);
        string last = c.Node("Sub", [count, one]), places = c.Node("Range", [c.Scalar(0, ScalarType.Int64), count, one]);
        string step = c.Node("Div", [c.Node("Sub", [end, start]), c.Cast(c.Node("Max", [last, one]), ScalarType.Int64, type)]);
        string FromHere(string steps) => c.Node("Mul", [step, c.Cast(steps, ScalarType.Int64, type)]);
        // A single number is the start.
        string half = c.Node("Max", [c.Node("Div", [count, c.Scalar(2, ScalarType.Int64)]), one]);
        string firstHalf = c.Node("Less", [places, half]);
        c.Return(c.Node("Where",
            [firstHalf, c.Node("Add", [start, FromHere(places)]), c.Node("Sub", [end, FromHere(c.Node("Sub", [last, places]))])]));
    }

    // (n) or (n, m), before dtype, layout, device and pin_memory
    private static void Eye(OperatorContext c)
    {
        ScalarType type = c.OutputType();
        IReadOnlyList<SymbolicInt> shape = c.OutputShape();
        if (shape.All(s => s.IsConstant))
        {
            using Tensor values = eye(shape[0].Value, shape[1].Value, type);
            c.Return(c.Constant("eye", values));
            return;
        }

        string Places(int axis) => c.Node("Range", [c.Scalar(0, ScalarType.Int64), c.ScalarOf(shape[axis]), c.Scalar(1, ScalarType.Int64)]);
        string rows = c.Node("Unsqueeze", [Places(0), c.Vector(1)]);
        c.Return(c.Cast(c.Node("Equal", [rows, Places(1)]), ScalarType.Bool, type));
    }

    private static string Triangle(OperatorContext c, bool upper)
    {
        ScalarType type = c.OutputType(), compute = type is ScalarType.Int64 or ScalarType.Float32 or ScalarType.Float64 ? type
            : type.IsFloat() ? ScalarType.Float32 : ScalarType.Int64;
        string value = c.Operand("self", compute), diagonal = c.Scalar(c.Int("diagonal"), ScalarType.Int64);
        if (c.Opset >= 14)
        {
            return c.Cast(c.Node("Trilu", [value, diagonal], ("upper", upper ? 1L : 0L)), compute, type);
        }

        // The index of a diagonal is column minus row.
        string number = c.Node("Sub", [c.Range(c.Shape("self")[^1]), c.Unsqueeze(c.Range(c.Shape("self")[^2]), 1)]);
        return c.Cast(c.Node("Where", [c.Node(upper ? "GreaterOrEqual" : "LessOrEqual", [number, diagonal]), value, c.Scalar(0, compute)]),
            compute, type);
    }
}
