using Inpaint.Onnx.TorchSharp.Tracing;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Conversion;

/// <summary>The complex values of the trace, each of which is a pair of values in the graph.</summary>
internal sealed partial class GraphConverter
{
    private readonly Dictionary<string, (string Real, string Imaginary)> _pairs = [];
    private readonly Dictionary<string, IReadOnlyList<string>> _imaginaryLists = [];

    /// <summary>The graph's values, two for each complex one of the trace.</summary>
    public IReadOnlyDictionary<string, (string Real, string Imaginary)> Pairs => _pairs;

    public bool IsComplex(string name) => Traces.ValueOf(name).ElementType is ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64;

    public void DefinePair(string traced, string real, string imaginary) => _pairs[traced] = (real, imaginary);

    public (string Real, string Imaginary) PairOf(string name, OperatorContext user)
    {
        if (_pairs.TryGetValue(name, out (string Real, string Imaginary) pair))
        {
            return pair;
        }

        bool parameter = Traces.Parameters.TryGetValue(name, out Tensor? tensor);
        if (!parameter && !Traces.Constants.TryGetValue(name, out tensor))
        {
            throw user.Unsupported("complex numbers that another operator made");
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor halves = view_as_real(tensor!.detach().cpu().resolve_conj());
        string called = parameter ? name[OperatorPlace.Parameter.Length..] : Unique("constant");
        return _pairs[name] = (
            Unscoped(() => Builder.Constant($"{called}.real", ToData(halves.select(-1, 0)))),
            Unscoped(() => Builder.Constant($"{called}.imag", ToData(halves.select(-1, 1)))));
    }

    private bool IsComplexInput(string name) => IsComplex(name)
        || (Traces.NodeOf(name) is { Kind: "prim::ListConstruct" } list && list.Inputs.Any(IsComplex));
}
