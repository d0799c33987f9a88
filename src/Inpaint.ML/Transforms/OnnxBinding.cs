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

    /// <summary>The same for inputs: the graph's own, and of those that may be left out the ones that columns name.</summary>
    public static TensorInfo[] MatchInputs(string[] columns, IReadOnlyList<TensorInfo> required, IReadOnlyList<TensorInfo> optional)
    {
        TensorInfo[] named = [.. optional.Where(o => columns.Any(c => c.Equals(o.Name, StringComparison.OrdinalIgnoreCase)))];
        return named.Length == 0
            ? Match(columns, required, "input", mustNameAll: true)
            : Match(columns, [.. required, .. named], "input", mustNameAll: true);
    }

    /// <summary>Refuses settings of columns that are no inputs.</summary>
    public static void CheckOptions(OnnxScoringOptions options, string[] inputs)
    {
        foreach ((string setting, string? name) in (options.Padding?.Keys ?? []).Select(k => (nameof(options.Padding), k)).Concat((options.ShapeColumns?.Keys ?? []).Select(k => (nameof(options.ShapeColumns), k))))
        {
            if (!inputs.Contains(name))
            {
                throw new ArgumentException($"{OnnxScoringTransformer.Verb}: {setting} names the column '{name}', which is none of the inputs {string.Join(", ", inputs)}.");
            }
        }

        if (options.LookAhead < 0)
        {
            throw new ArgumentException($"{OnnxScoringTransformer.Verb}: {nameof(options.LookAhead)} is {options.LookAhead}; expected 0 or more rows.");
        }
    }

    /// <summary>Refuses outputs whose first axis cannot be the batch. One row is let through: exporters leave it there by mistake.</summary>
    public static void CheckBatchAxis(IEnumerable<TensorInfo> outputs, int? fixedBatch)
    {
        if (outputs.FirstOrDefault(o => o.Dims.Count > 0 && o.Dims[0] > 1 && o.Dims[0] != fixedBatch) is { } wrong)
        {
            throw new GraphException($"The graph's output {wrong} has {wrong.Dims[0]} rows whatever the batch is; expected the batch as its first axis. Change the graph, or leave this output out.");
        }
    }

    /// <summary>Whether an output is one element a row, and a column of such.</summary>
    public static bool IsScalar(TensorInfo tensor, bool scalars) => tensor.Dims.Count <= 1 || (scalars && tensor.RowLength == 1);

    /// <summary>The type of the column that holds an output: its row's shape, or a scalar for a tensor of one dimension.</summary>
    public static DataViewType ColumnTypeOf(TensorInfo tensor, bool scalars)
    {
        PrimitiveDataViewType item = ItemTypeOf(tensor);
        return IsScalar(tensor, scalars) ? item
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
    public static void CheckInput(string name, DataViewType type, TensorInfo tensor, bool padded)
    {
        PrimitiveDataViewType expected = ItemTypeOf(tensor);
        DataViewType item = type is VectorDataViewType vector ? vector.ItemType : type;
        int? length = type is VectorDataViewType { IsKnownSize: true } known ? known.Size : type is VectorDataViewType ? null : 1;
        if (!item.Equals(expected) || (tensor.RowLength is { } wanted && length is { } found && (padded ? found > wanted : found != wanted)))
        {
            throw Mistyped(name, $"{type}", tensor, expected);
        }
    }

    private static ArgumentException Mistyped(string name, string found, TensorInfo tensor, DataViewType expected) =>
        new($"{OnnxScoringTransformer.Verb}: column '{name}' is {found}; expected, for the graph's input {tensor}, {(tensor.ElementType == TensorElementType.String ? "texts" : tensor.RowLength is { } row ? $"{row} numbers of {expected} a row" : $"numbers of {expected}")}. Convert it before, or name another column.");

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
        _ => throw new GraphException($"The graph's {tensor} cannot be a column; expected numbers, booleans or texts."),
    };
}
