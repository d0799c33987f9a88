using System.Runtime.InteropServices;
using Inpaint.Onnx.TorchSharp.Tracing;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Conversion;

/// <summary>Converts the recorded operations to an ONNX graph, one by one.</summary>
internal sealed partial class GraphConverter
{
    private readonly ExportInputs _inputs;
    private readonly OperatorTable _operators;
    private readonly Dictionary<string, string> _values = [];
    private readonly Dictionary<string, IReadOnlyList<string>> _lists = [];
    private readonly Dictionary<string, string> _constants = [];
    private readonly Dictionary<string, int> _used = [];
    private string _module = "";
    private IDisposable? _scope;
    private string _scopeName = "";

    public GraphConverter(Traces traces, ExportInputs inputs, OperatorTable operators, int opset)
    {
        _operators = operators;
        Traces = traces;
        _inputs = inputs;
        Opset = opset;
        Builder = new GraphBuilder("main", opset);
    }

    public Traces Traces { get; }

    public GraphBuilder Builder { get; }

    public int Opset { get; }

    /// <summary>The graph's values by the trace's names, for finding where a difference begins.</summary>
    public IReadOnlyDictionary<string, string> Values => _values;

    /// <summary>Whether an operator is exported by a converter that the program added.</summary>
    public bool IsCustom(string name) => _operators.Find(name)?.IsCustom == true;

    /// <summary>
    /// Describes the operator that computed a value of the trace, and its location: <c>aten::relu after module 'conv1'</c>.
    /// </summary>
    public string Place(string traced)
    {
        TraceNode node = Traces.NodeOf(traced);
        return OperatorPlace.Describe(Traces.Nodes, node.Kind == "prim::ListUnpack" ? Traces.NodeOf(node.Inputs[0]) : node);
    }

    /// <param name="outputNames">Names of the outputs; empty for the default ones.</param>
    /// <param name="metadata">Written into the graph.</param>
    public OnnxModel Convert(IReadOnlyList<string> outputNames, IDictionary<string, string> metadata)
    {
        IReadOnlyList<string> outputs = GraphNames.OfOutputs(Traces, _inputs.Names, outputNames);
        for (int i = 0; i < _inputs.Count; i++)
        {
            TraceValue value = Traces.ValueOf($"input/{i}");
            GraphDimension[] dims =
                [.. value.Shape!.Select((size, axis) => _inputs.Axes[i][axis] is { } dynamic ? (GraphDimension)dynamic.Name : size)];
            _values[value.Name] = Builder.Input(_inputs.Names[i], OperatorContext.DataTypeOf(value.ElementType!.Value), dims);
        }

        InPlaceRules.Check(Traces, _operators);
        foreach (TraceNode node in Traces.Nodes)
        {
            if (!node.Kind.StartsWith("prim::", StringComparison.Ordinal))
            {
                ConvertNode(node);
            }
            else if (node.Kind == "prim::ListUnpack")
            {
                IReadOnlyList<string> list = _lists.TryGetValue(node.Inputs[0], out IReadOnlyList<string>? values)
                    ? values
                    : throw new ExportException(
                        $"libtorch unpacked a list that {Traces.NodeOf(node.Inputs[0]).Kind} made, which is not supported.");
                for (int i = 0; i < node.Outputs.Count; i++)
                {
                    if (_imaginaryLists.TryGetValue(node.Inputs[0], out IReadOnlyList<string>? imaginary))
                    {
                        DefinePair(node.Outputs[i].Name, list[i], imaginary[i]);
                    }
                    else
                    {
                        Define(node.Outputs[i].Name, list[i]);
                    }
                }
            }
        }

        for (int i = 0; i < Traces.Outputs.Count; i++)
        {
            Output(outputs[i], Traces.ValueOf(Traces.Outputs[i]));
        }

        foreach ((string key, string value) in metadata)
        {
            Builder.Metadata(key, value);
        }

        DescribeValues();
        return Builder.Build();
    }

    /// <summary>
    /// Writes the types and shapes of intermediate values. Of the dynamic sizes only the batch is named, because it is never rounded.
    /// </summary>
    private void DescribeValues()
    {
        foreach ((string traced, string value) in _values)
        {
            if (Traces.ValueOf(traced).ElementType is { } type)
            {
                Builder.Describe(value, OperatorContext.DataTypeOf(type), [.. Traces.KnownShapeOf(traced).Select(size => size switch
                {
                    { IsConstant: true } known => known.Value,
                    { Axes: [{ Axis: 0 } axis], Numerator: 1, Offset: 0, IsPolynomial: true } => axis.Name,
                    _ => default(GraphDimension),
                })]);
            }
        }
    }

    private void Output(string name, TraceValue traced)
    {
        GraphDimension[] dims =
            [.. Traces.KnownShapeOf(traced.Name)
                .Select((s, axis) => s is null ? $"{name}_{axis}" : s.Value.IsConstant ? (GraphDimension)s.Value.Value
                : s.Value.ToString())];
        string value = ValueOf(traced.Name, null);
        Builder.Output(name, value, OperatorContext.DataTypeOf(traced.ElementType!.Value), dims);

        // The value itself has taken the output's name, in case it is returned again.
        foreach (string other in _values.Where(v => v.Value == value).Select(v => v.Key).ToArray())
        {
            _values[other] = name;
        }
    }

    /// <summary>The graph's value for one of the trace: computed before, a weight, or a constant.</summary>
    public string ValueOf(string name, OperatorContext? user)
    {
        if (IsComplex(name))
        {
            return user?.Part switch
            {
                ComplexPart.Real => PairOf(name, user).Real,
                ComplexPart.Imaginary => PairOf(name, user).Imaginary,
                _ => throw user?.Unsupported("complex numbers")
                    ?? new ExportException("An output is complex, and ONNX has no complex tensors. Return view_as_real of it, or its real "
                        + "and imaginary parts."),
            };
        }

        if (_values.TryGetValue(name, out string? value))
        {
            return value;
        }

        if (Traces.Parameters.TryGetValue(name, out Tensor? parameter))
        {
            return _values[name] = Unscoped(() => Builder.Constant(name[OperatorPlace.Parameter.Length..], ToData(parameter)));
        }

        if (Traces.Constants.TryGetValue(name, out Tensor? constant))
        {
            return _values[name] = Builder.Constant(Unique("constant"), ToData(constant));
        }

        TraceValue traced = Traces.ValueOf(name);
        return traced.Type == "NoneType" ? ""
            : throw new ExportException($"{user?.Operator ?? "An output"} uses a value of type {traced.Type} where a tensor is expected.");
    }

    public void Define(string traced, string value, ComplexPart? part = null)
    {
        if (part is null)
        {
            _values[traced] = value;
        }
        else
        {
            _pairs[traced] = part == ComplexPart.Real ? (value, "") : (_pairs[traced].Real, value);
        }
    }

    public void DefineList(string traced, IReadOnlyList<string> values, ComplexPart? part) =>
        (part == ComplexPart.Imaginary ? _imaginaryLists : _lists)[traced] = values;

    public string Scalar(double value, ScalarType type) =>
        Shared($"{type}:{BitConverter.DoubleToInt64Bits(value)}", "scalar", () => ToData(value, type));

    /// <summary>An integer, of which a double keeps 53 bits.</summary>
    public string Scalar(long value, ScalarType type)
    {
        const long Exact = 1L << 53;
        return value is >= -Exact and <= Exact
            ? Scalar((double)value, type)
            : Shared($"{type}:whole:{value}", "scalar", () => ToData(value, type));
    }

    public string Vector(ReadOnlySpan<long> values)
    {
        long[] copy = values.ToArray();
        return Shared($"vector:{string.Join(",", copy)}", "vector", () => TensorData.Make(copy.AsSpan(), copy.Length));
    }

    public string Vector(IReadOnlyList<SymbolicInt> sizes) => sizes.All(s => s.IsConstant)
        ? Vector([.. sizes.Select(s => s.Value)])
        : sizes.Count == 1 ? VectorOf(sizes[0])
        : Remember($"sizes:{string.Join(",", sizes)}", () => Builder.Node("Concat", [.. sizes.Select(VectorOf)], ("axis", 0L)));

    public string ScalarOf(SymbolicInt size) => size.IsConstant
        ? Scalar(size.Value, ScalarType.Int64)
        : Remember($"size:{size}", () => Builder.Node("Squeeze", [VectorOf(size), Vector([0])]));

    public string Unique(string name)
    {
        int count = _used[name] = _used.GetValueOrDefault(name) + 1;
        return $"{name}_{count}";
    }

    /// <summary>A vector of one number, computed from the inputs' shapes.</summary>
    private string VectorOf(SymbolicInt size)
    {
        if (size.IsConstant)
        {
            return Vector([size.Value]);
        }

        return Remember($"one:{size}", () =>
        {
            IEnumerable<string> sides = size.Sides is null ? size.Axes.Select(SideOf) : size.Sides.Select(VectorOf);
            string value = sides.Aggregate((a, b) => Builder.Node("Mul", [a, b]));
            value = size.Modulus == 0 ? value : Builder.Node("Mod", [value, Vector([size.Modulus])]);
            value = size.Numerator == 1 ? value : Builder.Node("Mul", [value, Vector([size.Numerator])]);
            value = size.Addend == 0 ? value : Builder.Node("Add", [value, Vector([size.Addend])]);
            value = size.Denominator == 1 ? value
                : size.RoundsToEven ? Rounded(value, size.Denominator) : Builder.Node("Div", [value, Vector([size.Denominator])]);
            value = size.Factor == 1 ? value : Builder.Node("Mul", [value, Vector([size.Factor])]);
            return size.Offset == 0 ? value : Builder.Node("Add", [value, Vector([size.Offset])]);
        });
    }

    /// <summary>The quotient, rounded to the nearest number, or to the even one of two.</summary>
    private string Rounded(string value, long denominator)
    {
        string doubled = Builder.Node("Add", [Builder.Node("Mul", [value, Vector([2])]), Vector([denominator])]);
        string rounded = Builder.Node("Div", [doubled, Vector([2 * denominator])]);
        string tie = Builder.Node("Equal", [Builder.Node("Mod", [doubled, Vector([2 * denominator])]), Vector([0])]);
        string odd = Builder.Node("Mod", [rounded, Vector([2])]);
        return Builder.Node("Sub", [rounded, Builder.Node("Where", [tie, odd, Vector([0])])]);
    }

    private string SideOf(DynamicAxis axis) => Remember($"axis:{axis.Name}", () =>
        Builder.Node("Gather",
            [Remember($"shape:{axis.Input}", () => Builder.Node("Shape", [_values[$"input/{axis.Input}"]])), Vector([axis.Axis])]));

    private void ConvertNode(TraceNode node)
    {
        // Operators without weights get the scope of the module whose weights were used last.
        _module = OperatorPlace.ModuleOf(node) ?? _module;
        bool complex = node.Inputs.Any(IsComplexInput);
        OperatorEntry entry = _operators.Find(node.Kind)
            ?? throw new ExportException($"{OperatorPlace.Describe(Traces.Nodes, node)} is not among the operators that can be exported. "
                + $"Write that step with others (see OPERATORS.md), or add it: OnnxConverters.Register(\"{node.Kind}(...) -> ...\", "
                + "context => ...).");
        TraceValue[] inputs = [.. node.Inputs.Select(Traces.ValueOf)];
        OperatorOverload overload = entry.Find(inputs)
            ?? throw new ExportException($"{OperatorPlace.Describe(Traces.Nodes, node)} was recorded with the arguments "
                + $"({string.Join(", ", inputs.Select(i => i.Shape is null ? i.Type : "Tensor"))}), expected those of "
                + $"{string.Join(" or ", entry.Overloads.Select(o => $"'{o.Schema.Text}'"))}. Use another overload, or add it by "
                + "OnnxConverters.Register.");
        Action<OperatorContext> convert = (complex ? entry.ConvertComplex : null) ?? overload.Convert;
        _scopeName = _module.Length > 0 ? _module.Replace('.', '/') : node.Kind[(node.Kind.IndexOf("::", StringComparison.Ordinal) + 2)..];
        _scope = Builder.Scope(_scopeName);
        try
        {
            foreach (ComplexPart? part in complex && entry.TreatsPartsAlike ? [ComplexPart.Real, ComplexPart.Imaginary]
                : new ComplexPart?[] { null })
            {
                convert(new OperatorContext(this, node, _module, entry, overload.Schema) { Part = part });
            }

            if (node.Outputs.FirstOrDefault(o => !_values.ContainsKey(o.Name) && !_pairs.ContainsKey(o.Name) && !_lists.ContainsKey(o.Name))
                is not null)
            {
                throw new ExportException($"The converter of {OperatorPlace.Describe(Traces.Nodes, node)} set no value for its result. "
                    + $"End the converter passed to OnnxConverters.Register(\"{node.Kind}\", ...) with context.Return(...).");
            }
        }
        finally
        {
            _scope.Dispose();
            _scope = null;
        }
    }

    private string Shared(string key, string name, Func<TensorData> make) =>
        Remember(key, () => Unscoped(() => Builder.Constant(Unique(name), make())));

    /// <summary>Creates a value outside the current scope: weights have their own names, and other modules may share the value.</summary>
    private string Unscoped(Func<string> make)
    {
        if (_scope is null)
        {
            return make();
        }

        _scope.Dispose();
        try
        {
            return make();
        }
        finally
        {
            _scope = Builder.Scope(_scopeName);
        }
    }

    private string Remember(string key, Func<string> make)
    {
        if (!_constants.TryGetValue(key, out string? value))
        {
            _constants[key] = value = make();
        }

        return value;
    }

    private static TensorData ToData(double value, ScalarType type)
    {
        using Tensor scalar = tensor(value, ScalarType.Float64).to(type);
        return ToData(scalar);
    }

    private static TensorData ToData(long value, ScalarType type)
    {
        using Tensor scalar = tensor(value, ScalarType.Int64).to(type);
        return ToData(scalar);
    }

    /// <summary>A tensor's numbers as ONNX stores them, whatever its device and strides.</summary>
    internal static TensorData ToData(Tensor tensor)
    {
        GraphSize.Require(tensor);
        using Tensor plain = tensor.detach().cpu().contiguous();
        return TensorData.Make(OperatorContext.DataTypeOf(plain.dtype), plain.numel() == 0 ? [] : plain.bytes, plain.shape);
    }
}
