using Inpaint.Onnx;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Inpaint.ML;

/// <summary>Which column is which tensor of a graph, and whether their types agree.</summary>
internal static class OnnxBinding
{
    /// <summary>
    /// Finds a tensor for each column: by name when every column bears the name of one (the case aside), else by position.
    /// </summary>
    public static TensorInfo[] Match(string[] columns, IReadOnlyList<TensorInfo> tensors, string what, bool mustNameAll)
    {
        var named = columns.Select(c => tensors.FirstOrDefault(t => t.Name == c) ?? tensors.FirstOrDefault(t => t.Name.Equals(c, StringComparison.OrdinalIgnoreCase))).ToArray();
        bool byName = named.All(t => t is not null) && named.Distinct().Count() == columns.Length;
        bool enough = columns.Length > 0 && (mustNameAll ? columns.Length == tensors.Count : columns.Length <= tensors.Count);
        return !enough || columns.Distinct().Count() != columns.Length
            ? throw new ArgumentException($"{OnnxScoringTransformer.Verb}: {columns.Length} {what} columns ({string.Join(", ", columns)}); the graph has the {what}s {string.Join("; ", tensors)}. Name {(mustNameAll ? "one column for each" : "at most one column for each")}, by name or in this order.")
            : byName ? named.Select(t => t!).ToArray() : [.. tensors.Take(columns.Length)];
    }

    /// <summary>Refuses outputs whose first axis cannot be the batch. One row is let through: exporters leave it there by mistake.</summary>
    public static void CheckBatchAxis(IEnumerable<TensorInfo> outputs, int? fixedBatch)
    {
        if (outputs.FirstOrDefault(o => o.Dims.Count > 0 && o.Dims[0] > 1 && o.Dims[0] != fixedBatch) is { } wrong)
        {
            throw new GraphException($"The graph's output {wrong} has {wrong.Dims[0]} rows whatever the batch is; expected the batch as its first axis. Change the graph, or leave this output out.");
        }
    }

    /// <summary>The type of the column that holds an output: its row's shape, or a scalar for a tensor of one dimension.</summary>
    public static DataViewType ColumnTypeOf(TensorInfo tensor)
    {
        PrimitiveDataViewType item = ItemTypeOf(tensor);
        return tensor.Dims.Count <= 1 ? item
            : tensor.RowLength is not null ? new VectorDataViewType(item, tensor.Dims.Skip(1).ToArray())
            : new VectorDataViewType(item);
    }

    /// <summary>Refuses a column whose items are not the tensor's, before there is data.</summary>
    public static void CheckInput(SchemaShape.Column column, TensorInfo tensor)
    {
        PrimitiveDataViewType expected = ItemTypeOf(tensor);
        if (!column.ItemType.Equals(expected))
        {
            throw Mistyped(column.Name, column.Kind == SchemaShape.Column.VectorKind.Scalar ? $"{column.ItemType}" : $"Vector<{column.ItemType}>", tensor, expected);
        }
    }

    /// <summary>Refuses a column whose items or length are not the tensor's.</summary>
    public static void CheckInput(string name, DataViewType type, TensorInfo tensor)
    {
        PrimitiveDataViewType expected = ItemTypeOf(tensor);
        DataViewType item = type is VectorDataViewType vector ? vector.ItemType : type;
        int? length = type is VectorDataViewType { IsKnownSize: true } known ? known.Size : type is VectorDataViewType ? null : 1;
        if (!item.Equals(expected) || (tensor.RowLength is { } wanted && length is { } found && found != wanted))
        {
            throw Mistyped(name, $"{type}", tensor, expected);
        }
    }

    private static ArgumentException Mistyped(string name, string found, TensorInfo tensor, DataViewType expected) =>
        new($"{OnnxScoringTransformer.Verb}: column '{name}' is {found}; expected, for the graph's input {tensor}, {(tensor.RowLength is { } row ? $"{row} numbers of {expected} a row" : $"numbers of {expected}")}. Convert it before, or name another column.");

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
        _ => throw new GraphException($"The graph's {tensor} cannot be a column; expected numbers or booleans."),
    };
}
