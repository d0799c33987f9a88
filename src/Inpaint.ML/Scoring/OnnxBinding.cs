using Inpaint.ML.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Inpaint.ML.Scoring;

/// <summary>Binds columns to a graph's tensors, and their types to each other.</summary>
internal static class OnnxBinding
{
    /// <summary>What messages call the step.</summary>
    public const string Verb = "ScoreOnnx";

    /// <summary>Finds a tensor for each column: by name (ignoring case) where one matches, and the remaining ones in order.</summary>
    public static TensorInfo[] Match(string[] columns, IReadOnlyList<TensorInfo> tensors, string what, bool mustNameAll)
    {
        TensorInfo?[] bound = [.. columns.Select(c => tensors.FirstOrDefault(t => t.Name == c))];
        for (int i = 0; i < columns.Length; i++)
        {
            bound[i] ??= tensors.FirstOrDefault(t => t.Name.Equals(columns[i], StringComparison.OrdinalIgnoreCase) && !bound.Contains(t));
        }

        var rest = new Queue<TensorInfo>(tensors.Where(t => !bound.Contains(t)));
        bool enough = columns.Length > 0 && (mustNameAll ? columns.Length == tensors.Count : columns.Length <= tensors.Count);
        return !enough || columns.Distinct().Count() != columns.Length
            ? throw new ArgumentException(
                $"{Verb}: {columns.Length} {what} columns ({string.Join(", ", columns)}); the graph has the {what}s "
                    + $"{string.Join("; ", tensors)}. Name {(mustNameAll ? "one column for each" : "at most one column for each")}, "
                    + "by name or in this order.")
            : [.. bound.Select(t => t ?? rest.Dequeue())];
    }

    /// <summary>Finds an input for each column: all required inputs, and the optional ones that columns name.</summary>
    public static TensorInfo[] MatchInputs(string[] columns, IReadOnlyList<TensorInfo> required, IReadOnlyList<TensorInfo> optional)
    {
        TensorInfo[] named = [.. optional.Where(o => columns.Any(c => c.Equals(o.Name, StringComparison.OrdinalIgnoreCase)))];
        return named.Length == 0
            ? Match(columns, required, "input", mustNameAll: true)
            : Match(columns, [.. required, .. named], "input", mustNameAll: true);
    }

    /// <summary>
    /// Refuses outputs whose first axis cannot be the batch. A fixed size of 1 is accepted, as exporters often leave one by mistake.
    /// </summary>
    public static void CheckBatchAxis(IEnumerable<TensorInfo> outputs, int? fixedBatch)
    {
        if (outputs.FirstOrDefault(o => o.Dims.Count > 0 && o.Dims[0] > 1 && o.Dims[0] != fixedBatch) is { } wrong)
        {
            throw new GraphException(
                $"The graph's output {wrong} has {wrong.Dims[0]} rows for every batch size; expected the batch as its first axis. "
                    + "Change the graph, or omit this output.");
        }
    }

    /// <summary>The type of an output's column: a vector of its row's shape, or a scalar for a tensor of one dimension.</summary>
    public static DataViewType ColumnTypeOf(TensorInfo tensor, bool scalars)
    {
        PrimitiveDataViewType item = ItemTypeOf(tensor);
        return tensor.Dims.Count <= 1 || (scalars && tensor.RowLength == 1) ? item
            : tensor.RowLength is not null ? new VectorDataViewType(item, tensor.Dims.Skip(1).ToArray())
            : new VectorDataViewType(item);
    }

    /// <summary>The column of an input: items of its type, in the number that it takes; a padded column may have fewer.</summary>
    public static SourceColumn InputColumn(string name, TensorInfo tensor, bool padded)
    {
        PrimitiveDataViewType expected = ItemTypeOf(tensor);
        return new SourceColumn(name, ColumnKinds.Number | ColumnKinds.Captions)
        {
            Accepts = type => type.Item.Equals(expected)
                && (type.Length is null or 0 || tensor.RowLength is not { } row || (padded ? type.Length <= row : type.Length == row)),
            Expected = $"{(tensor.RowLength is { } length ? $"{length} values" : "values")} of {expected} per row for the graph's "
                + $"input {tensor}",
        };
    }

    /// <summary>The item type of a tensor's column; half floats are floats.</summary>
    private static PrimitiveDataViewType ItemTypeOf(TensorInfo tensor) => tensor.ElementType switch
    {
        TensorElementType.Float or TensorElementType.Float16 => NumberDataViewType.Single,
        TensorElementType.Double => NumberDataViewType.Double,
        TensorElementType.Int8 => NumberDataViewType.SByte,
        TensorElementType.Int16 => NumberDataViewType.Int16,
        TensorElementType.Int32 => NumberDataViewType.Int32,
        TensorElementType.Int64 => NumberDataViewType.Int64,
        TensorElementType.UInt8 => NumberDataViewType.Byte,
        TensorElementType.UInt16 => NumberDataViewType.UInt16,
        TensorElementType.UInt32 => NumberDataViewType.UInt32,
        TensorElementType.UInt64 => NumberDataViewType.UInt64,
        TensorElementType.Bool => BooleanDataViewType.Instance,
        TensorElementType.String => TextDataViewType.Instance,
        _ => throw new GraphException($"The graph's {tensor} cannot be a column; expected numbers, booleans or strings."),
    };
}
