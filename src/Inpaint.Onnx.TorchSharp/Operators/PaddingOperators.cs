using Inpaint.Onnx.TorchSharp.Conversion;
using Inpaint.Onnx.TorchSharp.Tracing;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Operators;

/// <summary>Padding: constant, reflected, replicated, or circular. Negative widths crop.</summary>
internal static class PaddingOperators
{
    public static void AddTo(OperatorTable table)
    {
        // self, pad, mode, value
        table.Add("aten::_pad_enum(Tensor self, SymInt[] pad, int mode, float? value=None) -> Tensor", c => c.Return(c.Int("mode") switch
        {
            0 => Bordered(c, "reflect"),
            1 => Bordered(c, "edge"),
            2 => Circular(c),
            3 => Constant(c),
            long other => throw c.Unsupported($"mode {other}"),
        }));
    }

    private static string Constant(OperatorContext c)
    {
        ScalarType type = KernelType(c);
        string value = Cut(c, c.Operand("self", type));
        double number = c.IsNone("value") ? 0 : c.Number("value");
        return c.Cast(Padded(c, value, c.Scalar(number, type), "constant"), type, c.OutputType());
    }

    private static string Bordered(OperatorContext c, string mode)
    {
        ScalarType type = KernelType(c);
        return c.Cast(Padded(c, Cut(c, c.Operand("self", type)), null, mode), type, c.OutputType());
    }

    private static string Circular(OperatorContext c)
    {
        string value = Cut(c, c.Tensor("self"));
        foreach ((int axis, SymbolicInt before, SymbolicInt behind) in Widths(c))
        {
            if (before is { IsConstant: false } || behind is { IsConstant: false })
            {
                throw c.Unsupported("widths that change with the inputs' sizes");
            }

            var parts = new List<string>();
            if (before.Value > 0)
            {
                parts.Add(c.Slice(value, axis, -before.Value, CommonNodes.Open));
            }

            parts.Add(value);
            if (behind.Value > 0)
            {
                parts.Add(c.Slice(value, axis, 0, behind));
            }

            value = c.Concat(axis, parts);
        }

        return value;
    }

    private static string Padded(OperatorContext c, string value, string? fill, string mode)
    {
        var begin = new SymbolicInt[c.Rank("self")];
        var end = new SymbolicInt[c.Rank("self")];
        Array.Fill(begin, 0);
        Array.Fill(end, 0);
        foreach ((int axis, SymbolicInt before, SymbolicInt behind) in Widths(c))
        {
            begin[axis] = Widens(before) ? before : 0;
            end[axis] = Widens(behind) ? behind : 0;
        }

        if (begin.Concat(end).All(p => p is { IsConstant: true, Value: 0 }))
        {
            return value;
        }

        string pads = c.Vector([.. begin, .. end]);
        return c.Node("Pad", fill is null ? [value, pads] : [value, pads, fill], ("mode", mode));
    }

    /// <summary>The value, cropped by the negative widths.</summary>
    private static string Cut(OperatorContext c, string value)
    {
        foreach ((int axis, SymbolicInt before, SymbolicInt behind) in Widths(c))
        {
            if (before.Value < 0 || behind.Value < 0)
            {
                bool known = (before.Value >= 0 || before.IsConstant) && (behind.Value >= 0 || behind.IsConstant);
                value = known
                    ? c.Slice(value, axis, Math.Max(0, -before.Value), behind.Value < 0 ? behind : CommonNodes.Open)
                    : throw c.Unsupported("negative widths that change with the inputs' sizes");
            }
        }

        return value;
    }

    /// <summary>The widths axis by axis; libtorch lists them from the last axis on.</summary>
    private static IEnumerable<(int Axis, SymbolicInt Before, SymbolicInt Behind)> Widths(OperatorContext c)
    {
        IReadOnlyList<SymbolicInt> widths = c.Sizes("pad");
        for (int i = 0; i + 1 < widths.Count; i += 2)
        {
            yield return (c.Rank("self") - 1 - (i / 2), widths[i], widths[i + 1]);
        }
    }

    /// <summary>A dynamic width may be zero at some sizes.</summary>
    private static bool Widens(SymbolicInt width) => width.Value > 0 || (!width.IsConstant && width.Value == 0);

    private static ScalarType KernelType(OperatorContext c) => c.ElementType("self") == ScalarType.Int16 ? ScalarType.Int32
        : c.ElementType("self");
}
