using System.Globalization;
using Inpaint.Onnx.TorchSharp.Tracing;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Conversion;

/// <summary>One recorded operation on its way into the graph: its arguments, and the nodes that take its place.</summary>
public sealed partial class OperatorContext
{
    private readonly GraphConverter _converter;
    private readonly TraceNode _node;
    private readonly OperatorEntry _entry;
    private readonly OperatorSchema _schema;

    internal OperatorContext(GraphConverter converter, TraceNode node, string module, OperatorEntry entry, OperatorSchema schema)
    {
        _converter = converter;
        _node = node;
        _entry = entry;
        _schema = schema;
        Module = module;
    }

    /// <summary>The operator, such as <c>aten::conv2d</c>.</summary>
    public string Operator => _node.Kind;

    /// <summary>The module whose weights it uses, such as <c>encoder.2.conv</c>; empty when it uses none.</summary>
    public string Module { get; }

    /// <summary>The number of outputs.</summary>
    public int OutputCount => _node.Outputs.Count;

    /// <summary>The graph under construction.</summary>
    public GraphBuilder Graph => _converter.Builder;

    /// <summary>The operator set that is exported to.</summary>
    public int Opset => _converter.Opset;

    /// <summary>Whether an argument is None, or belongs to another overload of the operator.</summary>
    /// <param name="name">The argument's name in the operator's schema, here and below.</param>
    /// <exception cref="ArgumentException">No schema of the operator has that argument, here and below.</exception>
    public bool IsNone(string name) => IndexOf(name) < 0 || Type(name) == "NoneType";

    /// <summary>Whether an argument is a tensor.</summary>
    public bool IsTensor(string name) => IndexOf(name) >= 0 && _converter.Traces.ValueOf(Input(name)).Shape is not null;

    /// <summary>Whether an argument is a list.</summary>
    public bool IsList(string name) => IndexOf(name) >= 0 && Type(name).EndsWith("[]", StringComparison.Ordinal);

    /// <summary>Whether an argument is independent of the inputs' sizes, which an integer may follow.</summary>
    public bool IsFixed(string name) => Type(name) != "int" || Size(name).IsConstant;

    /// <summary>The graph's value for a tensor argument.</summary>
    public string Tensor(string name) => _converter.ValueOf(Input(name), this);

    /// <summary>The graph's values for a list of tensors; an empty name for None.</summary>
    public IReadOnlyList<string> Tensors(string name) => [.. ListOf(name).Select(value => _converter.ValueOf(value, this))];

    /// <summary>The tensors of a list, without the elements that are None.</summary>
    public IReadOnlyList<ListedTensor> Stated(string name) => [.. ListOf(name)
        .Select((value, place) => (Value: value, Place: place))
        .Where(n => _converter.Traces.ValueOf(n.Value).Shape is not null)
        .Select(n =>
        new ListedTensor(n.Place, _converter.ValueOf(n.Value, this), ElementTypeOf(n.Value), _converter.Traces.ShapeOf(n.Value)))];

    /// <summary>The element type of a tensor argument.</summary>
    public ScalarType ElementType(string name) => ElementTypeOf(Input(name));

    /// <summary>The element types of a list of tensors.</summary>
    public IReadOnlyList<ScalarType> ElementTypes(string name) => [.. ListOf(name).Select(ElementTypeOf)];

    /// <summary>The shape of a tensor argument.</summary>
    public IReadOnlyList<SymbolicInt> Shape(string name) => _converter.Traces.ShapeOf(Input(name));

    /// <summary>The shapes of a list of tensors.</summary>
    public IReadOnlyList<IReadOnlyList<SymbolicInt>> Shapes(string name) => [.. ListOf(name).Select(_converter.Traces.ShapeOf)];

    /// <summary>The number of axes of a tensor argument.</summary>
    public int Rank(string name) => _converter.Traces.ValueOf(Input(name)).Shape!.Count;

    /// <summary>The shape of tensor output <paramref name="i"/>.</summary>
    public IReadOnlyList<SymbolicInt> OutputShape(int i = 0) => _converter.Traces.ShapeOf(_node.Outputs[i].Name);

    /// <summary>The number of axes of tensor output <paramref name="i"/>.</summary>
    public int OutputRank(int i = 0) => _node.Outputs[i].Shape!.Count;

    /// <summary>The element type of tensor output <paramref name="i"/>.</summary>
    public ScalarType OutputType(int i = 0) => RealPartOf(_node.Outputs[i].ElementType
        ?? throw Unsupported($"an output of type {_node.Outputs[i].Type}"));

    /// <summary>An integer, which may follow the inputs' sizes; booleans are 0 and 1.</summary>
    public SymbolicInt Size(string name) => SizeOf(Input(name), name);

    /// <summary>An integer that is the same at all sizes.</summary>
    public long Int(string name) => Constant(Size(name), name);

    /// <summary>A list of integers, which may follow the inputs' sizes.</summary>
    public IReadOnlyList<SymbolicInt> Sizes(string name) => [.. ListOf(name).Select(value => SizeOf(value, name))];

    /// <summary>A list of integers that are the same at all sizes.</summary>
    public long[] Ints(string name) => [.. Sizes(name).Select(s => Constant(s, name))];

    /// <summary>An axis, counted from the front.</summary>
    /// <param name="name">The argument.</param>
    /// <param name="rank">The number of axes.</param>
    public int Axis(string name, int rank) => AxisOf(Int(name), rank);

    /// <summary>A list of axes, counted from the front; all axes for None or an empty list.</summary>
    public long[] Axes(string name, int rank)
    {
        long[] axes = IsNone(name) ? [] : Type(name) == "int" ? [Int(name)] : Ints(name);
        return axes.Length == 0 ? [.. Enumerable.Range(0, rank).Select(a => (long)a)] : [.. axes.Select(a => (long)AxisOf(a, rank))];
    }

    /// <summary>A number, integer or not.</summary>
    public double Number(string name)
    {
        string text = Attribute(name);
        return text switch
        {
            "inf" => double.PositiveInfinity,
            "-inf" => double.NegativeInfinity,
            "nan" => double.NaN,
            _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => number,
            _ => throw Unsupported($"{name} = '{text}', where a number is expected"),
        };
    }

    /// <summary>A number, or a default for None.</summary>
    public double Number(string name, double otherwise) => IsNone(name) ? otherwise : Number(name);

    /// <summary>A list of numbers.</summary>
    public double[] Numbers(string name) =>
        [.. ListOf(name).Select(value => double.Parse(_converter.Traces.AttributeOf(value, Describe(name)), CultureInfo.InvariantCulture))];

    /// <summary>A boolean; false for None.</summary>
    public bool Flag(string name) => !IsNone(name) && Attribute(name) == "1";

    /// <summary>A string.</summary>
    public string Text(string name) => Attribute(name).Trim('"');

    /// <summary>An argument as a value of type <paramref name="type"/>: a tensor, cast where needed, or a number as a constant.</summary>
    public string Operand(string name, ScalarType type) => IsTensor(name)
        ? Cast(Tensor(name), ElementType(name), type)
        : Type(name) == "int" && Size(name) is var size
        ? (size.IsConstant ? _converter.Scalar(size.Value, type) : Cast(ScalarOf(size), ScalarType.Int64, type))
        : Scalar(Number(name), type);

    /// <summary>The type that libtorch computes in for a binary operator on two arguments.</summary>
    public ScalarType Promoted(string a, string b)
    {
        if (!IsTensor(b))
        {
            return IsTensor(a) ? WithNumber(ElementType(a), Type(b)) : ScalarType.Float32;
        }

        if (!IsTensor(a))
        {
            return WithNumber(ElementType(b), Type(a));
        }

        // A tensor without axes gives way to one with axes of the same kind.
        ScalarType x = ElementType(a), y = ElementType(b);
        return Category(x) == Category(y) && (Rank(a) == 0) != (Rank(b) == 0) ? (Rank(a) == 0 ? y : x)
            : Category(x) != Category(y) ? (Category(x) > Category(y) ? x : y)
            : (x, y) is (ScalarType.Byte, ScalarType.Int8) or (ScalarType.Int8, ScalarType.Byte) ? ScalarType.Int16
            : (x, y) is (ScalarType.Float16, ScalarType.BFloat16) or (ScalarType.BFloat16, ScalarType.Float16) ? ScalarType.Float32
            : TypeRank(x) >= TypeRank(y) ? x : y;
    }

    /// <summary>A node with one output.</summary>
    public string Node(string operation, ReadOnlySpan<string> inputs, params ReadOnlySpan<AttributePair> attributes) =>
        Graph.Node(operation, inputs, attributes);

    /// <summary>A value of another element type.</summary>
    public string Cast(string value, ScalarType from, ScalarType to) => from == to ? value
        : Node("Cast", [value], ("to", (long)DataTypeOf(to)));

    /// <summary>A constant without axes.</summary>
    public string Scalar(double value, ScalarType type) => _converter.Scalar(value, type);

    /// <summary>A constant vector of integers.</summary>
    public string Vector(params ReadOnlySpan<long> values) => _converter.Vector(values);

    /// <summary>A constant tensor.</summary>
    public string Constant(string name, Tensor values) => Graph.Constant(_converter.Unique(name), GraphConverter.ToData(values));

    /// <summary>A vector of integers, computed from the inputs' shapes where it depends on them.</summary>
    public string Vector(IReadOnlyList<SymbolicInt> sizes) => _converter.Vector(sizes);

    /// <summary>An integer scalar, computed from the inputs' shapes where it depends on them.</summary>
    public string ScalarOf(SymbolicInt size) => _converter.ScalarOf(size);

    /// <summary>A value in another shape. At most one dynamic size is free of cost.</summary>
    public string Reshape(string value, IReadOnlyList<SymbolicInt> shape) => Reshape(value, [], shape);

    /// <summary>A value in another shape. Dynamic sizes that keep their position, and one other, are free of cost.</summary>
    /// <param name="value">What is reshaped.</param>
    /// <param name="from">Its shape; empty when it is not known.</param>
    /// <param name="shape">The new shape.</param>
    public string Reshape(string value, IReadOnlyList<SymbolicInt> from, IReadOnlyList<SymbolicInt> shape)
    {
        if (from.Count > 0 && from.SequenceEqual(shape))
        {
            return value;
        }

        if (shape.Any(s => s.Value == 0))
        {
            RequireOpset(14);
            return Node("Reshape", [value, Vector(shape)], ("allowzero", 1L));
        }

        bool Kept(int axis) => axis < from.Count && from[axis].Equals(shape[axis]);
        int open = Enumerable.Range(0, shape.Count).Count(axis => !shape[axis].IsConstant && !Kept(axis));
        return Node("Reshape", [value, open <= 1
            ? Vector([.. shape.Select((s, axis) => s.IsConstant ? s.Value : Kept(axis) ? 0 : -1)])
            : Vector(shape)]);
    }

    /// <summary>Sets the values of the outputs.</summary>
    public void Return(params ReadOnlySpan<string> values)
    {
        if (values.Length != OutputCount)
        {
            throw new InvalidOperationException($"{Operator} gives {OutputCount} values; its converter returned {values.Length}.");
        }

        for (int i = 0; i < values.Length; i++)
        {
            _converter.Define(_node.Outputs[i].Name, values[i], Part);
        }
    }

    /// <summary>Sets the values of an output that is a list of tensors.</summary>
    public void ReturnList(IReadOnlyList<string> values) => _converter.DefineList(_node.Outputs[0].Name, values, Part);

    /// <summary>An error that names the operator and the module.</summary>
    public ExportException Unsupported(string what) =>
        new($"{Operator}{(Module.Length > 0 ? $" of module '{Module}'" : "")} is used with {what}, which cannot be exported. Express that "
            + $"step differently, or register a converter: OnnxConverters.Register(\"{_schema.Text}\", ...).");

    /// <summary>Fails unless the operator set that is exported to has what the conversion needs.</summary>
    /// <param name="opset">The first operator set that supports it.</param>
    /// <exception cref="ExportException">An older operator set is requested.</exception>
    public void RequireOpset(int opset)
    {
        if (Opset < opset)
        {
            throw new ExportException($"{Operator}{(Module.Length > 0 ? $" of module '{Module}'" : "")} needs operator set {opset} or "
                + $"newer, but {Opset} is requested. Set OnnxExportOptions.Opset = {opset}.");
        }
    }

    /// <summary>The ONNX element type of a TorchSharp one.</summary>
    public static DataType DataTypeOf(ScalarType type) => type switch
    {
        ScalarType.Float32 => DataType.Float,
        ScalarType.Float64 => DataType.Double,
        ScalarType.Float16 => DataType.Float16,
        ScalarType.BFloat16 => DataType.Bfloat16,
        ScalarType.Int64 => DataType.Int64,
        ScalarType.Int32 => DataType.Int32,
        ScalarType.Int16 => DataType.Int16,
        ScalarType.Int8 => DataType.Int8,
        ScalarType.Byte => DataType.Uint8,
        ScalarType.Bool => DataType.Bool,
        _ => throw new ExportException(
            $"Tensors of {type} cannot be exported; expected real numbers or booleans. Split complex numbers into two tensors."),
    };

    private static ScalarType WithNumber(ScalarType tensor, string number) => number switch
    {
        "float" when Category(tensor) < 2 => ScalarType.Float32,
        "int" when Category(tensor) < 1 => ScalarType.Int64,
        _ => tensor,
    };

    private static int Category(ScalarType type) => type switch
    {
        ScalarType.Bool => 0,
        ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64 => 2,
        _ => 1,
    };

    private static int TypeRank(ScalarType type) => type switch
    {
        ScalarType.Byte => 1,
        ScalarType.Int8 => 2,
        ScalarType.Int16 => 3,
        ScalarType.Int32 => 4,
        ScalarType.Int64 => 5,
        ScalarType.Float16 or ScalarType.BFloat16 => 6,
        ScalarType.Float32 => 7,
        ScalarType.Float64 => 8,
        _ => 0,
    };

    private int AxisOf(long axis, int rank)
    {
        long at = axis < 0 ? axis + Math.Max(1, rank) : axis;
        return at >= 0 && at < Math.Max(1, rank) ? (int)at : throw Unsupported($"axis {axis} of {rank}");
    }

    private int IndexOf(string name) => _schema.IndexOf(name) is var index
        && (index >= 0 || _entry.Overloads.Any(o => o.Schema.IndexOf(name) >= 0))
        ? index
        : throw new ArgumentException($"{Operator} has no argument '{name}'; its schema is '{_schema.Text}'.", nameof(name));

    private string Input(string name) => IndexOf(name) is >= 0 and var index
        ? _node.Inputs[index]
        : throw Unsupported($"the overload '{_schema.Text}', which has no argument '{name}'");

    private string Attribute(string name) => _converter.Traces.AttributeOf(Input(name), Describe(name));

    private string Type(string name) => _converter.Traces.ValueOf(Input(name)).Type;

    private ScalarType ElementTypeOf(string value) =>
        RealPartOf(_converter.Traces.ValueOf(value).ElementType
            ?? throw Unsupported($"a tensor of {_converter.Traces.ValueOf(value).Type}"));

    private SymbolicInt SizeOf(string value, string name) => _converter.Traces.ValueOf(value).Type == "bool"
        ? (_converter.Traces.AttributeOf(value, Describe(name)) == "1" ? 1 : 0)
        : _converter.Traces.IntOf(value, Describe(name));

    private long Constant(SymbolicInt size, string name) =>
        size.IsConstant ? size.Value : throw Unsupported($"{name} = {size}, which changes with the inputs' sizes");

    private IReadOnlyList<string> ListOf(string name)
    {
        TraceNode list = _converter.Traces.NodeOf(Input(name));
        return list.Kind == "prim::ListConstruct" ? list.Inputs : throw Unsupported($"a list created by {list.Kind} as '{name}'");
    }

    private string Describe(string name) => $"argument '{name}' of {Operator}{(Module.Length > 0 ? $" of module '{Module}'" : "")}";
}

/// <summary>A tensor in a list of arguments.</summary>
/// <param name="Place">Its index in the list.</param>
/// <param name="Value">The graph's value.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Shape">Its shape.</param>
public readonly record struct ListedTensor(int Place, string Value, ScalarType Type, IReadOnlyList<SymbolicInt> Shape);
