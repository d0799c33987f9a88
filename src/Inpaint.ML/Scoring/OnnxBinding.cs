using Inpaint.ML.Rows;
using Inpaint.Onnx.Format;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Inpaint.ML.Scoring;

/// <summary>Binds columns to a graph's tensors, and their types to each other.</summary>
internal static class OnnxBinding
{
    /// <summary>What messages call the step.</summary>
    public const string Verb = "ScoreOnnx";

    // ML.NET ends the names of the outputs that it exports with this.
    private const string StockSuffix = ".output";

    /// <summary>Binds columns to the tensors of a loaded graph.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="session">The loaded graph.</param>
    /// <param name="hasBatchAxis">Whether the first axes are the batch, if the user says so.</param>
    /// <param name="lengthOf">The length of an input column's vectors; null or 0 if it is not known.</param>
    /// <param name="model">The ONNX file.</param>
    public static OnnxContract Bind(
        OnnxColumns columns, GraphSession session, bool? hasBatchAxis, Func<string, int?> lengthOf, byte[] model)
    {
        TensorInfo[] inputs = MatchInputs(columns.Inputs, columns.InputTensors, session.Inputs, session.OptionalInputs);
        TensorInfo[] outputs = Match(columns.Outputs, columns.OutputTensors, session.Outputs, "output", session.OtherOutputs);
        if (Array.Exists(outputs, o => o.Dims.Count == 0))
        {
            IReadOnlyList<GraphValue> declared = GraphInspection.Inspect(model).Outputs;
            outputs = [.. outputs.Select(o => o.Dims.Count == 0 ? Declared(o, declared.First(d => d.Name == o.Name)) : o)];
        }

        return OnnxContract.Of(
            [.. columns.Inputs.Zip(inputs)], [.. columns.Outputs.Zip(outputs)], hasBatchAxis, lengthOf, model);
    }

    /// <summary>
    /// Finds a tensor for each column by its name in the graph, if given, otherwise by the column's: exact, ignoring case, or without the
    /// suffix of ML.NET's exported models. A single column gets a single tensor whatever its name.
    /// </summary>
    /// <param name="columns">The columns.</param>
    /// <param name="names">For each column the name of its tensor; null to find it by the column's name.</param>
    /// <param name="tensors">The graph's tensors of this kind.</param>
    /// <param name="kind">Input or output, for messages.</param>
    /// <param name="others">What the graph has besides and cannot be bound, for messages.</param>
    /// <exception cref="ArgumentException">A column has no tensor, or two columns have the same.</exception>
    public static TensorInfo[] Match(
        IReadOnlyList<string> columns, IReadOnlyList<string?> names, IReadOnlyList<TensorInfo> tensors, string kind,
        IReadOnlyList<string>? others = null)
    {
        bool isOnly = columns.Count == 1 && tensors.Count == 1 && others is not { Count: > 0 } && names[0] is null;
        TensorInfo?[] bound = [.. columns.Select((c, i) => Find(names[i] ?? c, tensors) ?? (isOnly ? tensors[0] : null))];
        string list = $"The graph has the {kind}s {string.Join("; ", tensors)}"
            + (others is { Count: > 0 } ? $"; and {string.Join(", ", others)}, which cannot be scored as no tensors." : ".");
        for (int i = 0; i < bound.Length; i++)
        {
            string name = names[i] ?? columns[i];
            if (bound[i] is null)
            {
                string? nearest = StrictJson.Nearest(name, tensors.Select(t => t.Name));
                throw new ArgumentException(
                    $"{Verb}: the graph has no {kind} '{name}'.{(nearest is null ? "" : $" Did you mean '{nearest}'?")} {list} Name the "
                        + $"column like the {kind}, or name both in an {nameof(InputOutputColumnPair)}.");
            }

            if (Array.IndexOf(bound, bound[i]) < i)
            {
                throw new ArgumentException(
                    $"{Verb}: the columns '{columns[Array.IndexOf(bound, bound[i])]}' and '{columns[i]}' both name the {kind} {bound[i]}. "
                        + $"{list} Name each once.");
            }
        }

        return bound!;
    }

    /// <summary>Finds an input for each column: all required inputs, and the optional ones that columns name.</summary>
    public static TensorInfo[] MatchInputs(
        IReadOnlyList<string> columns, IReadOnlyList<string?> names, IReadOnlyList<TensorInfo> required, IReadOnlyList<TensorInfo> optional)
    {
        TensorInfo[] bound = Match(
            columns, names, [.. required, .. optional.Where(o => columns.Where((c, i) => Find(names[i] ?? c, [o]) is not null).Any())],
            "input");
        TensorInfo[] missing = [.. required.Except(bound)];
        return missing.Length == 0
            ? bound
            : throw new ArgumentException(
                $"{Verb}: the columns {string.Join(", ", columns)} leave the graph's inputs {string.Join("; ", missing)} without values. "
                    + "Name a column for each input.");
    }

    /// <summary>Refuses names of columns that are missing or given twice.</summary>
    public static void CheckNames(IReadOnlyList<string> columns, string kind)
    {
        if (columns.Count == 0 || columns.Any(string.IsNullOrWhiteSpace) || columns.Distinct().Count() != columns.Count)
        {
            throw new ArgumentException(
                $"{Verb}: the {kind} columns are [{string.Join(", ", columns.Select(c => $"'{c}'"))}]; expected one or more different "
                + "names.");
        }
    }

    /// <summary>An output with its declared axes. ONNX Runtime reports none if they contradict what it infers.</summary>
    private static TensorInfo Declared(TensorInfo output, GraphValue declared) => declared.Dims is { } dims
        ? output with { Dims = [.. dims.Select(d => (int)(d.Value ?? -1))], Symbols = [.. dims.Select(d => d.Name ?? "")] }
        : output with { Dims = [-1], Symbols = [""] };

    private static TensorInfo? Find(string name, IReadOnlyList<TensorInfo> tensors)
    {
        TensorInfo? Named(string candidate, StringComparison comparison) =>
            tensors.FirstOrDefault(t => t.Name.Equals(candidate, comparison));
        return Named(name, StringComparison.Ordinal) ?? Named(name + StockSuffix, StringComparison.Ordinal)
            ?? Named(name, StringComparison.OrdinalIgnoreCase) ?? Named(name + StockSuffix, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The columns of outputs, with the names of slots that ML.NET's exported models have.</summary>
    public static IEnumerable<AddedColumn> Added(OnnxContract contract, bool scalars, byte[] model)
    {
        var graph = new Lazy<OnnxModel>(() => OnnxModel.Read(model));
        return contract.Outputs.Select(output =>
        {
            DataViewType type = ColumnTypeOf(output, scalars);
            return type is VectorDataViewType vector && output.Tensor.Name.EndsWith(StockSuffix, StringComparison.Ordinal)
                && graph.Value.SlotNames(output.Tensor.Name[..^StockSuffix.Length]) is { } names && names.Count == vector.Size
                ? AddedColumn.WithSlotNames(output.Column, vector.ItemType, names)
                : new AddedColumn(output.Column, type);
        });
    }

    /// <summary>The type of an output's column: a vector of its row's shape, or a scalar for a tensor of one dimension.</summary>
    public static DataViewType ColumnTypeOf(OnnxSlot output, bool scalars)
    {
        TensorInfo tensor = output.Batched;
        PrimitiveDataViewType item = ItemTypeOf(tensor);
        return tensor.Dims.Count <= 1 || (scalars && tensor.RowLength == 1) ? item
            : tensor.RowLength is > 0 ? new VectorDataViewType(item, tensor.Dims.Skip(1).ToArray())
            : new VectorDataViewType(item);
    }

    /// <summary>The column of an input: items of its type, in the number that it takes; a padded column may have fewer.</summary>
    public static SourceColumn InputColumn(OnnxSlot input, bool padded)
    {
        PrimitiveDataViewType expected = ItemTypeOf(input.Tensor);
        int? row = input.Batched.RowLength;
        return new SourceColumn(input.Column, ColumnKinds.Number | ColumnKinds.Captions)
        {
            Accepts = type => (type.Item.Equals(expected) || (type.Item is KeyDataViewType key && key.RawType == expected.RawType))
                && (type.Length is null or 0 || row is null || (padded ? type.Length <= row : type.Length == row)),
            Expected = $"{(row is { } length ? $"{length} values" : "values")} of {expected} per row for the graph's input {input.Tensor}",
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
