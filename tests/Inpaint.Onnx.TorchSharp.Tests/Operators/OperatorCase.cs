using Inpaint.CommandLine;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>One use of operators: a small forward, its examples, and how near ONNX Runtime must come.</summary>
/// <param name="Name">Describes the case: <c>conv2d dilated</c>.</param>
/// <param name="Operators">The recorded operators that it is to prove, such as <c>aten::_convolution</c>; checked against the
/// trace.</param>
/// <param name="Forward">What is exported.</param>
/// <param name="Examples">
/// Makes the examples; the first axis of each is the batch unless <paramref name="Dynamic"/> specifies others.
/// </param>
public sealed record OperatorCase(string Name, string[] Operators, Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> Forward,
    Func<IReadOnlyList<Tensor>> Examples)
{
    /// <summary>Dynamic axes by input (x0, x1, ...); null for axis 0 of every input.</summary>
    public Dictionary<string, int[]>? Dynamic { get; init; }

    /// <summary>Largest difference, relative above 1. Default 1e-5.</summary>
    public float Tolerance { get; init; } = 1e-5f;

    /// <summary>Operator set that is exported to. Default 17.</summary>
    public int Opset { get; init; } = 17;

    /// <summary>Modules with weights that the forward uses, registered under <c>m0</c>, <c>m1</c>, ...</summary>
    public Func<nn.Module[]>? Modules { get; init; }

    /// <summary>A case of one input and one output.</summary>
    public static OperatorCase Of(string name, string op, Func<Tensor, Tensor> forward, Func<Tensor> example) =>
        new(name, [op], x => [forward(x[0])], () => [example()]);

    /// <summary>A case of two inputs and one output.</summary>
    public static OperatorCase Of(string name, string op, Func<Tensor, Tensor, Tensor> forward, Func<Tensor> first, Func<Tensor> second) =>
        new(name, [op], x => [forward(x[0], x[1])], () => [first(), second()]);

    /// <summary>A case around a module of one input.</summary>
    public static OperatorCase Of(string name, string op, Func<nn.Module<Tensor, Tensor>> module, Func<Tensor> example)
    {
        nn.Module<Tensor, Tensor>? made = null;
        return new OperatorCase(name, [op], x => [made!.forward(x[0])], () => [example()]) { Modules = () => [made = module()] };
    }

    /// <summary>Exports the case and fails unless the operators were recorded and the values agree at every size tried.</summary>
    public OnnxExportResult Check(int? opset = null)
    {
        random.manual_seed(1);
        using DisposeScope scope = NewDisposeScope();
        IReadOnlyList<Tensor> examples = Examples();
        nn.Module[] modules = Modules?.Invoke() ?? [];
        using nn.Module module = examples.Count switch
        {
            1 => new One(this, modules),
            2 => new Two(this, modules),
            3 => new Three(this, modules),
            _ => new Four(this, modules),
        };
        string[] names = [.. examples.Select((_, i) => $"x{i}")];
        var options = new OnnxExportOptions { InputNames = names, Tolerance = Tolerance, Opset = opset ?? Opset, CompareSeconds = 0 };
        if (Dynamic is not null)
        {
            options = options with { DynamicAxes = Dynamic };
        }

        IReadOnlyList<string> recorded = OnnxExporter.RecordedOperators(module, examples, options);
        foreach (string op in Operators)
        {
            Assert.True(recorded.Contains(op)
                || recorded.Contains(op + "_"), $"{op} was not recorded; found {string.Join(", ", recorded)}");
        }

        (byte[] model, OnnxExportResult result) = OnnxExporter.ToBytes(module, examples, options);
        using var session = new InferenceSession(model);
        Assert.NotEmpty(session.OutputNames);
        return result;
    }

    private abstract class Base : nn.Module
    {
        protected Base(OperatorCase operatorCase, nn.Module[] modules) : base(nameof(OperatorCase))
        {
            Case = operatorCase;
            for (int i = 0; i < modules.Length; i++)
            {
                register_module($"m{i}", modules[i]);
            }
        }

        protected OperatorCase Case { get; }

        protected IReadOnlyList<Tensor> Run(params Tensor[] x) => Case.Forward(x);
    }

    private sealed class One(OperatorCase c, nn.Module[] m) : Base(c, m)
    {
        public IReadOnlyList<Tensor> forward(Tensor x0) => Run(x0);
    }

    private sealed class Two(OperatorCase c, nn.Module[] m) : Base(c, m)
    {
        public IReadOnlyList<Tensor> forward(Tensor x0, Tensor x1) => Run(x0, x1);
    }

    private sealed class Three(OperatorCase c, nn.Module[] m) : Base(c, m)
    {
        public IReadOnlyList<Tensor> forward(Tensor x0, Tensor x1, Tensor x2) => Run(x0, x1, x2);
    }

    private sealed class Four(OperatorCase c, nn.Module[] m) : Base(c, m)
    {
        public IReadOnlyList<Tensor> forward(Tensor x0, Tensor x1, Tensor x2, Tensor x3) => Run(x0, x1, x2, x3);
    }
}
