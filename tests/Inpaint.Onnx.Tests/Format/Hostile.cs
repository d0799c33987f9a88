using Google.Protobuf;
using Inpaint.Onnx.Proto;

namespace Inpaint.Onnx.Tests.Format;

/// <summary>Models with one defect each, and parts of the expected error.</summary>
internal static class Hostile
{
    public static readonly Dictionary<string, (Action<ModelProto> Spoil, string[] Words)> Cases = new()
    {
        ["no graph"] = (m => m.Graph = null, ["no graph"]),
        ["no output"] = (m => m.Graph.Output.Clear(), ["no output"]),
        ["an output that does not exist"] = (m => m.Graph.Output.Add(new ValueInfoProto { Name = "z" }), ["'z'", "no node computes"]),
        ["an output twice"] = (m => m.Graph.Output.Add(new ValueInfoProto { Name = "y" }), ["'y' twice"]),
        ["an input twice"] = (m => m.Graph.Input.Add(new ValueInfoProto { Name = "x" }), ["'x' again", "an input"]),
        ["a value computed twice"] = (m => m.Graph.Node.Add(Node("Neg", ["x"], ["y"])), ["'y' again", "'Neg:y' (Neg)"]),
        ["an input computed again"] = (m => m.Graph.Node.Add(Node("Neg", ["y"], ["x"])), ["'x' again", "'Neg:x' (Neg)"]),
        ["an initializer twice"] = (m => m.Graph.Initializer.Add([Tensor("w", 1), Tensor("w", 1)]), ["initializer 'w' twice"]),
        ["an initializer without a name"] = (m => m.Graph.Initializer.Add(Tensor("", 1)), ["without a name"]),
        ["a value that nothing makes"] = (m =>
            m.Graph.Node.Add(Node("Add", ["y", "w"], ["z"])), ["'Add:z' (Add) reads 'w', which does not exist"]),
        ["a node that reads itself"] = (m => m.Graph.Node.Add(Node("Add", ["y", "z"], ["z"])), ["'Add:z' (Add) reads 'z'", "cycle"]),
        ["a cycle of three"] = (
            m => m.Graph.Node.Add([Node("Add", ["y", "c"], ["a"]), Node("Neg", ["a"], ["b"]), Node("Abs", ["b"], ["c"])]),
            ["'Add:a' (Add) reads 'c'", "cycle through 'Abs:c' (Abs)"]),
        ["the wrong order"] = (m =>
            m.Graph.Node.Add([Node("Neg", ["b"], ["a"]), Node("Abs", ["y"], ["b"])]),
            ["'Neg:a' (Neg) reads 'b', which a later node computes ('Abs:b', Abs)"]),
        ["a branch that reads what comes later"] = (
            m => m.Graph.Node.Add([Branch("Neg", ["late"], ["n"]), Node("Abs", ["y"], ["late"])]),
            ["'If:z' (If), attribute 'then_branch'", "'Neg:n' (Neg) reads 'late'"]),
        ["a branch that does not compute its output"] = (m =>
            m.Graph.Node.Add(Branch("Neg", ["x"], ["other"])), ["attribute 'then_branch'", "'n', which no node computes"]),
        ["graphs nested deeper than any exporter makes them"] = (m => m.Graph.Node.Add(Nested(40)), ["nested deeper than 32"]),
        ["a shape of more values than there are"] = (m =>
            m.Graph.Initializer.Add(Tensor("w", long.MaxValue, 4)), ["'w'", "more than fits into memory"]),
        ["a shape of more values than the file has"] = (m =>
            m.Graph.Initializer.Add(Tensor("w", 1_000_000)), ["'w'", "found 4 bytes, expected 4000000"]),
        ["a shape of more texts than the file has"] = (
            m => m.Graph.Initializer.Add(
                new TensorProto { Name = "w", DataType = 8, Dims = { 1L << 40 }, StringData = { ByteString.CopyFromUtf8("a") } }),
            ["'w'", "found 1 strings, expected 1099511627776"]),
        ["a shape of more values than there are, in a constant"] = (
            m => m.Graph.Node.Add(Holding(new AttributeProto { Name = "value", T = Tensor("", 1L << 31, 1L << 31, 2) })),
            ["'Constant:c' (Constant), attribute 'value'", "more than fits into memory"]),
        ["a shape whose product overflows to the size of its data"] = (m =>
            m.Graph.Initializer.Add(Tensor("w", 1L << 32, 1L << 32, 1)), ["'w'", "more than fits into memory"]),
        ["numbers in the field of another type"] = (
            m => m.Graph.Initializer.Add(new TensorProto { Name = "w", DataType = 1, Dims = { 1 }, Int64Data = { 1 } }),
            ["'w'", "found 0 values, expected 1"]),
        ["a negative length"] = (m => m.Graph.Initializer.Add(Tensor("w", -1)), ["'w'", "length -1"]),
        ["two operator sets of one domain"] = (m =>
            m.OpsetImport.Add(new OperatorSetIdProto { Domain = "ai.onnx", Version = 18 }), ["two operator sets", "17 and 18"]),
        ["a function that calls itself"] = (
            m => m.Functions.Add([Function("F", "G"), Function("G", "F")]),
            ["'mine:F' calls itself"]),
        ["a function twice"] = (m => m.Functions.Add([Function("F", "Relu"), Function("F", "Relu")]), ["function 'F'", "twice"]),
        ["functions that write out a million million nodes"] = (
            m =>
            {
                m.Functions.Add([.. Enumerable.Range(0, 12).Select(i => Function($"F{i}", [.. Enumerable.Repeat($"F{i + 1}", 10)]))]);
                m.Graph.Node.Add(Node("F0", ["x"], ["z"], "mine"));
            },
            ["found 1000000000001 nodes with all functions inlined, expected at most 1000000"]),
        ["functions that write out more nodes than can be counted"] = (
            m =>
            {
                m.Functions.Add([.. Enumerable.Range(0, 90).Select(i => Function($"F{i}", [.. Enumerable.Repeat($"F{i + 1}", 10)]))]);
                m.Graph.Node.Add(Node("F0", ["x"], ["z"], "mine"));
            },
            ["more nodes than can be counted"]),
        ["functions that call each other two hundred deep"] = (
            m => m.Functions.Add([.. Enumerable.Range(0, 200).Select(i => Function($"F{i}", $"F{i + 1}"))]),
            ["more than 100 deep"]),
        ["functions that call each other two hundred deep, the last one first"] = (
            m => m.Functions.Add([.. Enumerable.Range(0, 200).Reverse().Select(i => Function($"F{i}", $"F{i + 1}"))]),
            ["more than 100 deep"]),
        ["external data in an initializer"] = (m =>
            m.Graph.Initializer.Add(External("w")), ["initializer 'w'", "'../secret'", "expected all data in the graph"]),
        ["external data that only its entries mention"] = (
            m =>
            {
                TensorProto tensor = External("w");
                tensor.ClearDataLocation();
                m.Graph.Initializer.Add(tensor);
            },
            ["initializer 'w'", "'../secret'"]),
        ["external data in a constant"] = (m =>
            m.Graph.Node.Add(Holding(new AttributeProto { Name = "value", T = External("") })),
            ["'Constant:c' (Constant), attribute 'value'", "'../secret'"]),
        ["external data in a list of tensors"] = (m =>
            m.Graph.Node.Add(Holding(new AttributeProto { Name = "values", Tensors = { External("") } })),
            ["attribute 'values'", "'../secret'"]),
        ["external data in a sparse constant"] = (
            m => m.Graph.Node.Add(
                Holding(new AttributeProto { Name = "sparse_value",
                    SparseTensor = new SparseTensorProto { Values = Tensor("", 1), Indices = External("") } })),
            ["attribute 'sparse_value'", "'../secret'"]),
        ["external data in a sparse initializer"] = (m =>
            m.Graph.SparseInitializer.Add(new SparseTensorProto { Values = External("w") }), ["sparse initializer 'w'", "'../secret'"]),
        ["external data in a branch"] = (
            m =>
            {
                NodeProto branch = Branch("Neg", ["w"], ["n"]);
                branch.Attribute[0].G.Initializer.Add(External("w"));
                m.Graph.Node.Add(branch);
            },
            ["attribute 'then_branch'", "initializer 'w'", "'../secret'"]),
        ["external data in a function"] = (
            m => m.Functions.Add(
                new FunctionProto { Name = "F", Domain = "mine",
                    Node = { Holding(new AttributeProto { Name = "value", T = External("") }) } }),
            ["'Constant:c' (Constant), attribute 'value'", "'../secret'"]),
        ["external data in a function's default"] = (
            m => m.Functions.Add(
                new FunctionProto { Name = "F", Domain = "mine",
                    AttributeProto = { new AttributeProto { Name = "a", T = External("") } } }),
            ["function 'F'", "'../secret'"]),
        ["external data without a place"] = (
            m => m.Graph.Initializer.Add(
                new TensorProto { Name = "w", DataType = 1, Dims = { 1 }, DataLocation = TensorProto.Types.DataLocation.External }),
            ["initializer 'w'", "without a location"]),
    };

    /// <summary>x, Relu, y.</summary>
    public static ModelProto Model()
    {
        var builder = new GraphBuilder("small");
        builder.Output("y", builder.Node("Relu", [builder.Input("x", DataType.Float, "N")]), DataType.Float, "N");
        return builder.Build().Proto;
    }

    public static NodeProto Node(string operation, string[] inputs, string[] outputs, string domain = "") =>
        new() { OpType = operation, Name = $"{operation}:{outputs[0]}", Input = { inputs }, Output = { outputs }, Domain = domain };

    public static TensorProto External(string name, string location = "../secret") => new()
    {
        Name = name,
        DataType = 1,
        Dims = { 1 },
        DataLocation = TensorProto.Types.DataLocation.External,
        ExternalData = { new StringStringEntryProto { Key = "location", Value = location } },
    };

    // Four bytes of data, regardless of the shape.
    private static TensorProto Tensor(string name, params long[] dims) =>
        new() { Name = name, DataType = 1, Dims = { dims }, RawData = ByteString.CopyFrom(0, 0, 0, 0) };

    private static NodeProto Holding(AttributeProto attribute)
    {
        NodeProto node = Node("Constant", [], ["c"]);
        node.Attribute.Add(attribute);
        return node;
    }

    // An If whose branch returns 'n'.
    private static NodeProto Branch(string operation, string[] inputs, string[] outputs)
    {
        NodeProto node = Node("If", ["x"], ["z"]);
        var body = new GraphProto { Node = { Node(operation, inputs, outputs) }, Output = { new ValueInfoProto { Name = "n" } } };
        node.Attribute.Add(new AttributeProto { Name = "then_branch", G = body });
        return node;
    }

    private static NodeProto Nested(int depth)
    {
        NodeProto node = Node("Neg", ["x"], ["n"]);
        for (int i = 0; i < depth; i++)
        {
            var body = new GraphProto { Node = { node }, Output = { new ValueInfoProto { Name = "n" } } };
            node = Node("If", ["x"], ["n"]);
            node.Attribute.Add(new AttributeProto { Name = "then_branch", G = body });
        }

        node.Output[0] = "z";
        return node;
    }

    private static FunctionProto Function(string name, params string[] calls)
    {
        var function = new FunctionProto { Domain = "mine", Name = name, Input = { "a" }, Output = { "b0" } };
        for (int i = 0; i < calls.Length; i++)
        {
            function.Node.Add(Node(calls[i], ["a"], [$"b{i}"], "mine"));
        }

        return function;
    }
}
