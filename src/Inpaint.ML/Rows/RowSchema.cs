using Inpaint.ML.Internals;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Rows;

/// <summary>A column that a step adds.</summary>
internal sealed record AddedColumn(string Name, DataViewType Type)
{
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

    public IReadOnlyList<AddedColumn> Outputs { get; } = [.. outputs.OfType<AddedColumn>()];

    /// <summary>The input's columns followed by the added ones.</summary>
    /// <exception cref="ArgumentException">An input column is missing or of another type.</exception>
    public DataViewSchema AddTo(DataViewSchema input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Check(input);
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(input);
        foreach (AddedColumn column in Outputs)
        {
            builder.AddColumn(column.Name, column.Type);
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

        return new SchemaShape(
            input.Where(c => Outputs.All(o => o.Name != c.Name)).Concat(Outputs.Select(o => SchemaShapes.Column(o.Name, o.Type))));
    }

    /// <summary>Refuses an input that lacks a column or has it with another type.</summary>
    public void Check(DataViewSchema input)
    {
        foreach (SourceColumn column in _inputs)
        {
            ColumnType? type = input.GetColumnOrNull(column.Name) is { } found ? ColumnType.Of(found) : null;
            column.Check(type, input.Where(c => !c.IsHidden).Select(c => c.Name), verb);
        }
    }

    /// <summary>The indices of the input columns that the added columns are computed from.</summary>
    public HashSet<int> Dependencies(DataViewSchema input) => [.. _inputs.Where(c => c.IsRead).Select(c => input[c.Name].Index)];
}
