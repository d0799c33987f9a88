using Inpaint.Onnx.Runtime;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Inpaint.ML.Transforms;

/// <summary>Which column is which tensor of a graph, and whether their types agree.</summary>
internal static class OnnxBinding
{
    /// <summary>Rows that are looked through at once, at the most.</summary>
    public const int MostAhead = 65_536;

    /// <summary>
    /// Finds a tensor for each column: those that bear the name of one (the case aside) get that one, and the others what is left, in order.
    /// </summary>
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
            ? throw new ArgumentException($"{OnnxScoringTransformer.Verb}: {columns.Length} {what} columns ({string.Join(", ", columns)}); the graph has the {what}s {string.Join("; ", tensors)}. Name {(mustNameAll ? "one column for each" : "at most one column for each")}, by name or in this order.")
            : [.. bound.Select(t => t ?? rest.Dequeue())];
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
    public static void CheckOptions(OnnxScoringOptions options, string[] inputs, TensorInfo[] tensors, TensorInfo[] outputs)
    {
        foreach ((string setting, string? name) in (options.Padding?.Keys ?? []).Select(k => (nameof(options.Padding), k)).Concat((options.ShapeColumns?.Keys ?? []).Select(k => (nameof(options.ShapeColumns), k))))
        {
            if (!inputs.Contains(name))
            {
                throw new ArgumentException($"{OnnxScoringTransformer.Verb}: {setting} names the column '{name}', which is none of the inputs {string.Join(", ", inputs)}.");
            }
        }

        if (options.LookAhead is < 0 or > MostAhead)
        {
            throw new ArgumentException($"{OnnxScoringTransformer.Verb}: {nameof(options.LookAhead)} is {options.LookAhead}; expected 0 to {MostAhead:N0} rows.");
        }

        TensorInfo[] padded = [.. inputs.Zip(tensors).Where(i => options.Padding?.ContainsKey(i.First) == true).Select(i => i.Second)];
        foreach ((string name, TensorInfo tensor) in inputs.Zip(tensors).Where(i => padded.Contains(i.Second)))
        {
            CheckPadding(name, tensor, options.Padding![name], options.ShapeColumns?.ContainsKey(name) == true);
        }

        foreach (TensorInfo output in padded.Length > 0 ? outputs : [])
        {
            // What belongs to a row is cut out of a padded output by the names of its axes.
            int unknown = Enumerable.Range(1, Math.Max(0, output.Dims.Count - 1)).FirstOrDefault(axis => output.Dims[axis] < 0 && !tensors.Any(t => t.Symbols.Contains(output.Symbols[axis]) && output.Symbols[axis].Length > 0));
            if (unknown > 0)
            {
                throw new ArgumentException($"{OnnxScoringTransformer.Verb}: axis {unknown} of the output {output} has no size and no name of an input's axis, so that nobody can tell what of it is padding. Leave the output out, name its axis as the padded input's in the graph, or score without {nameof(options.Padding)}.");
            }
        }
    }

    private static void CheckPadding(string name, TensorInfo tensor, double value, bool hasShapes)
    {
        bool behind = tensor.Dims.Count >= 2 && (tensor.Dims[1] < 0 || tensor.Dims.Count == 2) && tensor.Dims.Skip(2).All(d => d > 0);
        if (!behind || hasShapes)
        {
            throw new ArgumentException($"{OnnxScoringTransformer.Verb}: {nameof(OnnxScoringOptions.Padding)} names the column '{name}' of the input {tensor}{(hasShapes ? ", whose sizes stand in a column" : "")}; rows can be filled up along axis 1 alone, with all behind it of a known size. Leave it out: rows of one shape are then scored together.");
        }

        bool held = tensor.ElementType switch
        {
            TensorElementType.Float16 or TensorElementType.Float or TensorElementType.Double => true,
            TensorElementType.String => value == 0,
            TensorElementType.Bool => value is 0 or 1,
            _ => double.IsInteger(value) && Fits(tensor.ElementType, value),
        };
        if (!held)
        {
            throw new ArgumentException($"{OnnxScoringTransformer.Verb}: {nameof(OnnxScoringOptions.Padding)} of '{name}' is {value}; the input {tensor} takes {(tensor.ElementType == TensorElementType.String ? "0, which stands for an empty text" : tensor.ElementType == TensorElementType.Bool ? "0 or 1" : "whole numbers of its type")}.");
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
