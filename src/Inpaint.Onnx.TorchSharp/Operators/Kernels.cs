using Inpaint.Onnx.TorchSharp.Conversion;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Operators;

/// <summary>
/// Nodes computed in a type for which ONNX Runtime has a kernel on every processor, and cast back. 16-bit floats are left
/// alone: ONNX Runtime casts around what it lacks for them.
/// </summary>
internal static class Kernels
{
    /// <summary>The type to compute small integers, booleans and bfloat16 in: 32-bit arithmetic has all kernels and wraps alike.</summary>
    public static ScalarType Wide(ScalarType type) => type switch
    {
        ScalarType.Bool or ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 => ScalarType.Int32,
        ScalarType.BFloat16 => ScalarType.Float32,
        _ => type,
    };

    /// <summary>The type for functions with single-precision kernels only.</summary>
    public static ScalarType Single(ScalarType type) => type == ScalarType.Float16 ? type : ScalarType.Float32;

    /// <summary>The type for functions with single- and double-precision kernels.</summary>
    public static ScalarType Real(ScalarType type) => type switch
    {
        ScalarType.Float16 or ScalarType.Float32 or ScalarType.Float64 => type,
        ScalarType.Int64 or ScalarType.Int32 => ScalarType.Float64,
        _ => ScalarType.Float32,
    };

    public static bool IsFloat(this ScalarType type) =>
        type is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64;

    /// <summary>A node on values of one type, computed in another, and cast back.</summary>
    public static string Through(this OperatorContext c, ScalarType compute, string operation, ScalarType type,
        params ReadOnlySpan<string> values)
    {
        var inputs = new string[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            inputs[i] = c.Cast(values[i], type, compute);
        }

        return c.Cast(c.Node(operation, inputs), compute, type);
    }

    /// <summary>Arithmetic on values of one type.</summary>
    public static string Arithmetic(this OperatorContext c, string operation, ScalarType type, params ReadOnlySpan<string> values) =>
        c.Through(Wide(type), operation, type, values);

    /// <summary>A comparison of two values of one type.</summary>
    public static string Compare(this OperatorContext c, string operation, ScalarType type, string a, string b)
    {
        ScalarType compute = type == ScalarType.Bool && operation == "Equal" ? type : Wide(type);
        return c.Node(operation, [c.Cast(a, type, compute), c.Cast(b, type, compute)]);
    }

    /// <summary>A selection between two values of one type.</summary>
    public static string Choose(this OperatorContext c, ScalarType type, string condition, string yes, string no)
    {
        ScalarType compute = type == ScalarType.Byte ? type : Wide(type);
        return c.Cast(c.Node("Where", [condition, c.Cast(yes, type, compute), c.Cast(no, type, compute)]), compute, type);
    }

    /// <summary>The value rounded towards zero.</summary>
    public static string Truncate(this OperatorContext c, ScalarType type, string value) => type.IsFloat()
        ? c.Node("Mul", [c.Node("Sign", [value]), c.Node("Floor", [c.Node("Abs", [value])])])
        : value;

    /// <summary>A value clamped from below, above or both; an empty name means no limit. NaN stays NaN, and the upper limit wins.</summary>
    public static string Limit(this OperatorContext c, ScalarType type, string value, string low, string high)
    {
        string above = low.Length == 0 ? value : c.Arithmetic("Max", type, value, low);
        return high.Length == 0 ? above : c.Arithmetic("Min", type, above, high);
    }
}
