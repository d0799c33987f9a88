using Microsoft.ML.OnnxRuntime.Tensors;

namespace Inpaint.ML.Scoring;

/// <summary>Checks the padding of rows of different lengths.</summary>
internal static class OnnxPadding
{
    /// <summary>Refuses a padded column whose input cannot be padded along axis 1, or not with this value.</summary>
    /// <param name="input">The column and its input.</param>
    /// <param name="value">The padding value.</param>
    /// <param name="hasShapes">Whether another column contains the shapes of its rows.</param>
    public static void Check(OnnxSlot input, double value, bool hasShapes)
    {
        (string name, TensorInfo tensor) = (input.Column, input.Tensor);
        bool paddable = !input.IsWhole && tensor.Dims.Count >= 2 && (tensor.Dims[1] < 0 || tensor.Dims.Count == 2)
            && tensor.Dims.Skip(2).All(d => d > 0);
        if (!paddable || hasShapes)
        {
            throw new ArgumentException(
                $"{OnnxBinding.Verb}: Padding names the column '{name}' of the input "
                    + $"{tensor}{(hasShapes ? ", whose sizes are in a column" : "")}; rows can be padded only along axis 1, when all "
                    + "later axes have fixed sizes. Omit it: rows of equal shape are then scored together.");
        }

        string? expected = tensor.ElementType switch
        {
            TensorElementType.Float16 or TensorElementType.Float or TensorElementType.Double => null,
            TensorElementType.String => value == 0 ? null : "0, which means an empty string",
            TensorElementType.Bool => value is 0 or 1 ? null : "0 or 1",
            _ => double.IsInteger(value) && Fits(tensor.ElementType, value) ? null : "integers of its type",
        };
        if (expected is not null)
        {
            throw new ArgumentException(
                $"{OnnxBinding.Verb}: Padding of '{name}' is {value}; expected {expected}, for the input {tensor}.");
        }
    }

    private static bool Fits(TensorElementType type, double value) => type switch
    {
        TensorElementType.Int8 => value is >= sbyte.MinValue and <= sbyte.MaxValue,
        TensorElementType.Int16 => value is >= short.MinValue and <= short.MaxValue,
        TensorElementType.Int32 => value is >= int.MinValue and <= int.MaxValue,
        TensorElementType.UInt8 => value is >= 0 and <= byte.MaxValue,
        TensorElementType.UInt16 => value is >= 0 and <= ushort.MaxValue,
        TensorElementType.UInt32 => value is >= 0 and <= uint.MaxValue,
        TensorElementType.UInt64 => value is >= 0 and < 18446744073709551616.0,
        _ => value is >= -9223372036854775808.0 and < 9223372036854775808.0,
    };

    /// <summary>Refuses outputs of which the padding could not be removed: each row's own part is found by the names of the axes.</summary>
    public static void CheckOutputs(OnnxContract contract)
    {
        IEnumerable<TensorInfo> inputs = contract.Inputs.Select(i => i.Tensor);
        foreach (TensorInfo output in contract.Outputs.Where(o => !o.IsWhole).Select(o => o.Tensor))
        {
            bool Known(int axis) =>
                output.Dims[axis] >= 0 || (output.Symbols[axis].Length > 0 && inputs.Any(i => i.Symbols.Contains(output.Symbols[axis])));
            int unknown = Enumerable.Range(1, Math.Max(0, output.Dims.Count - 1)).FirstOrDefault(axis => !Known(axis));
            if (unknown > 0)
            {
                throw new ArgumentException(
                    $"{OnnxBinding.Verb}: axis {unknown} of the output {output} has neither a size nor the name of an input's axis, "
                        + "so its padding cannot be removed. Omit the output, name its axis like the padded input's in the graph, or "
                        + "score without Padding.");
            }
        }
    }
}
