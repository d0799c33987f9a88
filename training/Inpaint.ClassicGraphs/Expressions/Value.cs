using Inpaint.Onnx;

namespace Inpaint.ClassicGraphs.Expressions;

/// <summary>A value of a graph. Numbers in expressions become constants of one element.</summary>
internal readonly record struct Value(GraphScript Script, string Name)
{
    public static Value operator +(Value a, Value b) => a.Script.Node("Add", [a, b]);

    public static Value operator +(Value a, float b) => a + a.Script.Floats(b);

    public static Value operator +(Value a, long b) => a + a.Script.Integers(b);

    public static Value operator -(Value a, Value b) => a.Script.Node("Sub", [a, b]);

    public static Value operator -(Value a, long b) => a - a.Script.Integers(b);

    public static Value operator -(float a, Value b) => b.Script.Floats(a) - b;

    public static Value operator -(long a, Value b) => b.Script.Integers(a) - b;

    public static Value operator *(Value a, Value b) => a.Script.Node("Mul", [a, b]);

    public static Value operator *(Value a, float b) => a * a.Script.Floats(b);

    public static Value operator *(Value a, long b) => a * a.Script.Integers(b);

    public static Value operator /(Value a, Value b) => a.Script.Node("Div", [a, b]);

    public static Value operator /(Value a, long b) => a / a.Script.Integers(b);

    public static Value operator %(Value a, Value b) => a.Script.Node("Mod", [a, b]);

    public static Value operator %(Value a, long b) => a % a.Script.Integers(b);

    public static Value operator >(Value a, Value b) => a.Script.Node("Greater", [a, b]);

    public static Value operator <(Value a, Value b) => a.Script.Node("Less", [a, b]);

    public static Value operator >(Value a, float b) => a > a.Script.Floats(b);

    public static Value operator <(Value a, float b) => a < a.Script.Floats(b);

    public static Value operator >(Value a, long b) => a > a.Script.Integers(b);

    public static Value operator <(Value a, long b) => a < a.Script.Integers(b);

    public static Value operator &(Value a, Value b) => a.Script.Node("And", [a, b]);

    public Value Floats() => Cast(DataType.Float);

    public Value Integers() => Cast(DataType.Int64);

    public Value Cast(DataType type) => Script.Node("Cast", [this], ("to", (int)type));

    public Value AtLeast(long limit) => AtLeast(Script.Integers(limit));

    public Value AtLeast(float limit) => AtLeast(Script.Floats(limit));

    public Value AtLeast(Value limit) => Script.Node("Max", [this, limit]);

    public Value AtMost(Value limit) => Script.Node("Min", [this, limit]);

    public Value AtMost(float limit) => AtMost(Script.Floats(limit));

    /// <summary>An index of 0 to below <paramref name="count"/>.</summary>
    public Value Clamp(Value count) => AtLeast(0).AtMost(count - 1);

    public Value Apply(string operation) => Script.Node(operation, [this]);

    /// <summary>The lengths of axes <paramref name="start"/> to before <paramref name="end"/>.</summary>
    public Value Dims(int start, int end) => Script.Node("Shape", [this], ("start", start), ("end", end));

    public Value Slice(Value start, Value end, params ReadOnlySpan<long> axes) =>
        Script.Node("Slice", [this, start, end, Script.Integers(axes)]);

    public Value Slice(long start, long end, long axis) => Slice(Script.Integers(start), Script.Integers(end), axis);

    public Value Reshape(Value shape) => Script.Node("Reshape", [this, shape]);

    public Value Reshape(params ReadOnlySpan<long> shape) => Reshape(Script.Integers(shape));

    public Value Transpose(params ReadOnlySpan<long> order) => Script.Node("Transpose", [this], ("perm", order.ToArray()));

    public Value Gather(Value indices, int axis = 0) => Script.Node("Gather", [this, indices], ("axis", axis));

    public Value Reduce(string operation, bool keep, params ReadOnlySpan<long> axes) =>
        Script.Node("Reduce" + operation, [this, Script.Integers(axes)], ("keepdims", keep ? 1 : 0));

    /// <summary>The positions of the elements that are not zero, of a vector: integers [count].</summary>
    public Value Positions() => Apply("NonZero").Reshape(-1);

    /// <summary>Changes the last two axes to a size, an integer [2].</summary>
    public Value ResizeLinear(Value size) => Resize(size, ("mode", "linear"), ("antialias", 1));

    /// <summary>Repeats elements of the last two axes to a size, an integer [2].</summary>
    public Value ResizeNearest(Value size) =>
        Resize(size, ("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor"));

    private Value Resize(Value size, params ReadOnlySpan<AttributePair> attributes) =>
        Script.Node("Resize", [this, null, null, Script.Concat(0, Dims(0, 2), size)], attributes);
}
