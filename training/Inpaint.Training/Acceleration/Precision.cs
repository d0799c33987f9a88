namespace Inpaint.Training.Acceleration;

/// <summary>Precision of forward and backward passes.</summary>
internal enum Precision
{
    /// <summary>32-bit floats.</summary>
    Float32,

    /// <summary>bfloat16 for convolutions and products, 32-bit floats for weights, norms and losses.</summary>
    Bfloat16,
}
