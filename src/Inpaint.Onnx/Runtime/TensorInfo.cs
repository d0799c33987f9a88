using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Inpaint.Onnx.Runtime;

/// <summary>A graph's input or output.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="ElementType">The type of its numbers.</param>
/// <param name="Dims">Its shape; -1 where any size goes. The first is the batch, by convention.</param>
public sealed record TensorInfo(string Name, TensorElementType ElementType, IReadOnlyList<int> Dims)
{
    /// <summary>What the graph calls the sizes that may be any, one for each of <see cref="Dims"/>; empty where it has no name. Tensors with an axis of one name have the same size there.</summary>
    public IReadOnlyList<string> Symbols { get; init; } = [.. Dims.Select(_ => "")];

    /// <summary>Elements of one row (all dims but the first), or null when one of them is dynamic.</summary>
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

    /// <summary>Such as <c>image: Float [-1, 3, 64, 64]</c>.</summary>
    public override string ToString() => $"{Name}: {ElementType} [{string.Join(", ", Dims)}]";

    internal static TensorInfo From(string name, NodeMetadata metadata) => metadata.OnnxValueType == OnnxValueType.ONNX_TYPE_TENSOR
        ? new TensorInfo(name, metadata.ElementDataType, metadata.Dimensions) { Symbols = metadata.SymbolicDimensions }
        : throw new GraphException($"'{name}' is a {metadata.OnnxValueType}; only tensors can be scored in batches. Choose other inputs and outputs.");
}
