using Inpaint.ML.Internals;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Rows;

/// <summary>A column that a step adds.</summary>
internal sealed record AddedColumn(string Name, DataViewType Type)
{
    /// <summary>What the schema says about it beyond its type; null for nothing.</summary>
    public DataViewSchema.Annotations? Annotations { get; init; }

    /// <summary>A vector whose slots have names.</summary>
    public static AddedColumn WithSlotNames(string name, PrimitiveDataViewType item, IReadOnlyList<string> slots)
    {
        ReadOnlyMemory<char>[] names = [.. slots.Select(slot => slot.AsMemory())];
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(
            "SlotNames", new VectorDataViewType(TextDataViewType.Instance, names.Length),
            (ref VBuffer<ReadOnlyMemory<char>> value) => Value.SetVector<ReadOnlyMemory<char>, VBuffer<ReadOnlyMemory<char>>>(
                names, ref value));
        return new AddedColumn(name, new VectorDataViewType(item, names.Length)) { Annotations = annotations.ToAnnotations() };
    }

    /// <summary>An optional column: null without a name.</summary>
    public static AddedColumn? Optional(string? name, DataViewType type) => name is null ? null : new AddedColumn(name, type);
}

/// <summary>The columns that a step reads and adds, stated once for its estimator and its transformer.</summary>
/// <param name="verb">What messages call the step.</param>
/// <param name="inputs">The columns read; null elements are ignored.</param>
/// <param name="outputs">The columns added; null elements are ignored.</param>
internal sealed class RowSchema(string verb, IEnumerable<SourceColumn?> inputs, IEnumerable<AddedColumn?> outputs)
{
    private readonly SourceColumn[] _inputs = [.. inputs.OfType<SourceColumn>()];

    public IReadOnlyList<AddedColumn> Outputs { get; } = CheckNames(verb, [.. outputs.OfType<AddedColumn>()], column => column.Name);

    /// <summary>Whether the step is applied to each item of columns that hold several in a row (<see cref="ItemColumns"/>).</summary>
    public bool MapsItems { get; init; }

    /// <summary>Refuses columns without names, and several of one name.</summary>
    /// <exception cref="ArgumentException">A name is null or empty, or occurs twice.</exception>
    public static IReadOnlyList<T> CheckNames<T>(string verb, IReadOnlyList<T> added, Func<T, string?> nameOf)
    {
        string?[] names = [.. added.Select(nameOf)];
        return names.Any(string.IsNullOrWhiteSpace)
            ? throw new ArgumentException($"{verb}: an added column has no name. Name every column that it adds.")
            : names.GroupBy(name => name).FirstOrDefault(group => group.Skip(1).Any()) is { } repeated
            ? throw new ArgumentException($"{verb}: {repeated.Count()} added columns are named '{repeated.Key}'. Give each its own name.")
            : added;
    }

    /// <summary>The input's columns followed by the added ones.</summary>
    /// <exception cref="ArgumentException">An input column is missing or of another type.</exception>
    public DataViewSchema AddTo(DataViewSchema input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Check(input);
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(input);
        bool severalItems = ItemColumnsIn(input).Any();
        foreach (AddedColumn column in Outputs.Select(column => severalItems ? ItemColumns.Several(column) : column))
        {
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        }

        return builder.ToSchema();
    }

    /// <inheritdoc cref="AddTo(DataViewSchema)"/>
    public SchemaShape AddTo(SchemaShape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        string[] names = [.. input.Select(c => c.Name)];
        foreach (SourceColumn column in _inputs)
        {
            int index = Array.IndexOf(names, column.Name);
            column.Check(index < 0 ? null : ColumnType.Of(input[index]), names, verb);
        }

        bool severalItems = MapsItems && _inputs.Any(column => ItemColumns.Has(input[Array.IndexOf(names, column.Name)]));
        return new SchemaShape(
            input.Where(c => Outputs.All(o => o.Name != c.Name))
                .Concat(Outputs.Select(o => ShapeOf(severalItems ? ItemColumns.Several(o) : o))));
    }

    private static SchemaShape.Column ShapeOf(AddedColumn column) => SchemaShapes.Column(column.Name, column.Type, column.Annotations);

    /// <summary>Refuses an input that lacks a column or has it with another type.</summary>
    public void Check(DataViewSchema input)
    {
        foreach (SourceColumn column in _inputs)
        {
            ColumnType? type = input.GetColumnOrNull(column.Name) is not { } found ? null
                : MapsItems ? ColumnType.OfItem(found) : ColumnType.Of(found, found.Type);
            column.Check(type, input.Where(c => !c.IsHidden).Select(c => c.Name), verb);
        }
    }

    /// <summary>The input columns to whose items the step is applied.</summary>
    public IEnumerable<DataViewSchema.Column> ItemColumnsIn(DataViewSchema input) =>
        MapsItems ? _inputs.Select(column => input[column.Name]).Where(ItemColumns.Has) : [];

    /// <summary>The indices of the input columns that the added columns are computed from.</summary>
    public HashSet<int> Dependencies(DataViewSchema input) => [.. _inputs.Where(c => c.IsRead).Select(c => input[c.Name].Index)];
}
