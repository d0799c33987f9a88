using Inpaint.Onnx;

namespace Inpaint.ClassicGraphs.Expressions;

/// <summary>Writes a graph as expressions of <see cref="Value"/>s. Constants are shared; nodes join the innermost open body.</summary>
internal sealed class GraphScript
{
    private readonly Dictionary<string, Value> _constants = [];
    private readonly GraphBuilder _root;
    private GraphBuilder _current;

    public GraphScript(GraphBuilder builder) => _root = _current = builder;

    /// <summary>An input of the graph.</summary>
    public Value Input(string name, DataType type, params ReadOnlySpan<GraphDimension> dims) => new(this, _root.Input(name, type, dims));

    /// <summary>An output of the graph.</summary>
    public void Output(string name, Value value, DataType type, params ReadOnlySpan<GraphDimension> dims) =>
        _root.Output(name, value.Name, type, dims);

    /// <summary>A vector of floats; of one element, it broadcasts with every shape.</summary>
    public Value Floats(params ReadOnlySpan<float> values) =>
        Constant(FormattableString.Invariant($"f{string.Join(',', values.ToArray())}"), "float", TensorData.Make(values, values.Length));

    /// <summary>A vector of integers; of one element, it broadcasts with every shape.</summary>
    public Value Integers(params ReadOnlySpan<long> values) =>
        Constant(FormattableString.Invariant($"i{string.Join(',', values.ToArray())}"), "int", TensorData.Make(values, values.Length));

    /// <summary>A named constant.</summary>
    public Value Table(string name, TensorData tensor) => new(this, _root.Constant(name, tensor));

    /// <summary>A node with one output.</summary>
    public Value Node(string operation, ReadOnlySpan<Value?> inputs, params ReadOnlySpan<AttributePair> attributes)
    {
        string[] names = new string[inputs.Length];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = inputs[i]?.Name ?? "";
        }

        return new Value(this, _current.Node(operation, names, attributes));
    }

    public Value Concat(int axis, params ReadOnlySpan<Value> values)
    {
        var inputs = new Value?[values.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = values[i];
        }

        return Node("Concat", inputs, ("axis", axis));
    }

    /// <summary>A value that is built without expressions.</summary>
    public Value Use(Func<GraphBuilder, string> build) => new(this, build(_current));

    /// <summary>A constant of zeros.</summary>
    public Value Zeros(params ReadOnlySpan<long> dims)
    {
        long count = 1;
        foreach (long dim in dims)
        {
            count *= dim;
        }

        return Table("zeros", TensorData.Make(new float[count], dims));
    }

    /// <summary>The outputs of a copy of another model.</summary>
    public IReadOnlyDictionary<string, Value> Append(OnnxModel model, IEnumerable<(string Name, Value Value)> inputs) =>
        _current.Append(model, inputs.ToDictionary(i => i.Name, i => i.Value.Name)).ToDictionary(o => o.Key, o => new Value(this, o.Value));

    public Value Range(Value count) => Node("Range", [Scalar(0), count.Reshape(Integers()), Scalar(1)]);

    public Value Where(Value condition, Value then, Value otherwise) => Node("Where", [condition, then, otherwise]);

    /// <summary>Repeats a body <paramref name="count"/> times.</summary>
    /// <param name="count">Integer [1].</param>
    /// <param name="state">The first values, their types and ranks.</param>
    /// <param name="body">The next values from the iteration's number, an integer [1], and the values.</param>
    /// <returns>The last values.</returns>
    public Value[] Loop(Value count, ReadOnlySpan<(Value First, DataType Type, int Rank)> state, Func<Value, Value[], Value[]> body)
    {
        GraphBuilder outer = _current;
        _current = outer.Body("repeat");
        var iteration = new Value(this, _current.Input(FreshName("iteration"), DataType.Int64));
        string condition = _current.Input(FreshName("continue"), DataType.Bool);
        var inputs = new Value[state.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = new Value(this, _current.Input(FreshName("state"), state[i].Type, new GraphDimension[state[i].Rank]));
        }

        Value[] results = body(iteration.Reshape(Integers(1)), inputs);
        _current.Output(FreshName("continued"), condition, DataType.Bool);
        for (int i = 0; i < results.Length; i++)
        {
            _current.Output(FreshName("next"), results[i].Name, state[i].Type, new GraphDimension[state[i].Rank]);
        }

        OnnxModel built = _current.Build();
        _current = outer;
        string[] names = [count.Name, "", .. state.ToArray().Select(s => s.First.Name)];
        return [.. _current.Nodes("Loop", names, results.Length, ("body", built)).Select(n => new Value(this, n))];
    }

    /// <summary>One of two values, of which only the chosen one is computed.</summary>
    /// <param name="condition">Boolean [1].</param>
    /// <param name="type">The values' type.</param>
    /// <param name="rank">The values' rank.</param>
    /// <param name="then">Computes the value when the condition holds.</param>
    /// <param name="otherwise">Computes the value when it does not.</param>
    public Value If(Value condition, DataType type, int rank, Func<Value> then, Func<Value> otherwise) =>
        If(condition, [(type, rank)], () => [then()], () => [otherwise()])[0];

    /// <summary>Some of two lists of values.</summary>
    public Value[] If(Value condition, ReadOnlySpan<(DataType Type, int Rank)> types, Func<Value[]> then, Func<Value[]> otherwise)
    {
        (DataType, int)[] list = types.ToArray();
        return [.. _current.Nodes("If", [condition.Name], list.Length, ("then_branch", Branch(list, then)),
            ("else_branch", Branch(list, otherwise))).Select(n => new Value(this, n))];
    }

    private OnnxModel Branch((DataType Type, int Rank)[] types, Func<Value[]> branch)
    {
        GraphBuilder outer = _current;
        _current = outer.Body("branch");
        Value[] values = branch();
        for (int i = 0; i < values.Length; i++)
        {
            _current.Output(FreshName("chosen"), values[i].Name, types[i].Type, new GraphDimension[types[i].Rank]);
        }

        OnnxModel built = _current.Build();
        _current = outer;
        return built;
    }

    private int _fresh;

    private string FreshName(string name) => $"{name}.{++_fresh}";

    private Value Scalar(long value) => Constant($"s{value}", "scalar", TensorData.Make([value]));

    private Value Constant(string key, string name, TensorData tensor)
    {
        if (!_constants.TryGetValue(key, out Value value))
        {
            _constants.Add(key, value = new Value(this, _root.Constant(name, tensor)));
        }

        return value;
    }
}
