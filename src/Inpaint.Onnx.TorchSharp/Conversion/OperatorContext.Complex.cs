using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Conversion;

/// <summary>Complex numbers, which ONNX has no operators for: each is a pair of values in the graph.</summary>
public sealed partial class OperatorContext
{
    /// <summary>
    /// The part of the complex numbers that is being converted, for an operator that treats both alike; null for real numbers.
    /// </summary>
    internal ComplexPart? Part { get; init; }

    /// <summary>Whether an argument is a tensor of complex numbers.</summary>
    public bool IsComplex(string name) => IsTensor(name) && _converter.IsComplex(Input(name));

    /// <summary>The graph's values for the real and imaginary parts of a complex tensor argument.</summary>
    public (string Real, string Imaginary) Complex(string name) => _converter.PairOf(Input(name), this);

    /// <summary>Sets the parts of a complex output.</summary>
    public void ReturnComplex(string real, string imaginary) => _converter.DefinePair(_node.Outputs[0].Name, real, imaginary);

    private static ScalarType RealPartOf(ScalarType type) => type switch
    {
        ScalarType.ComplexFloat32 => ScalarType.Float32,
        ScalarType.ComplexFloat64 => ScalarType.Float64,
        _ => type,
    };
}

internal enum ComplexPart
{
    /// <summary>The real part.</summary>
    Real,

    /// <summary>The imaginary part.</summary>
    Imaginary,
}
