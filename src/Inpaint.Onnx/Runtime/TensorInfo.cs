using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Inpaint.Onnx.Runtime;

/// <summary>A graph's input or output.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="ElementType">The element type.</param>
/// <param name="Dims">The shape; -1 for dynamic axes. By convention, the first axis is the batch.</param>
public sealed record TensorInfo(string Name, TensorElementType ElementType, IReadOnlyList<int> Dims)
{
    /// <summary>
    /// The names of dynamic axes, one for each of <see cref="Dims"/>; may be empty. Axes with the same name have the same size.
    /// </summary>
    public IReadOnlyList<string> Symbols { get; init; } = [.. Dims.Select(_ => "")];

    /// <summary>The number of elements per row (all axes but the first); null if one of them is dynamic.</summary>
    public int? RowLength
    {
        get
        {
            long length = 1;
            for (int i = 1; i < Dims.Count; i++)
            {
                if (Dims[i] < 0)
                {
                    return null;
                }

                length = checked(length * Dims[i]);
            }

            return checked((int)length);
        }
    }

    /// <summary>Formatted as <c>image: Float [-1, 3, 64, 64]</c>.</summary>
    public override string ToString() => $"{Name}: {ElementType} [{string.Join(", ", Dims)}]";

    internal static TensorInfo From(string name, NodeMetadata metadata) => metadata.OnnxValueType == OnnxValueType.ONNX_TYPE_TENSOR
        ? new TensorInfo(name, metadata.ElementDataType, metadata.Dimensions) { Symbols = metadata.SymbolicDimensions }
        : throw new GraphException(
            $"'{name}' is a {metadata.OnnxValueType}; only tensors can be scored in batches. Choose other inputs and outputs.");
}
