using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Inpaint.ML.Rows;

/// <summary>What a column may hold.</summary>
[Flags]
internal enum ColumnKinds
{
    Text = 1,
    TextVector = 2,
    Bytes = 4,
    Image = 8,
    Number = 16,

    /// <summary>A picture: its file's path, its file's bytes, or an image.</summary>
    Picture = Text | Bytes | Image,

    /// <summary>One caption or several.</summary>
    Captions = Text | TextVector,
}

/// <summary>A column's type, as far as a schema or the shape of one knows it.</summary>
/// <param name="Item">The type of its values, or of a vector's items.</param>
/// <param name="IsVector">Whether it holds vectors.</param>
/// <param name="Length">Items in each row; 0 when rows differ in length, null when the length is not known yet.</param>
/// <param name="Description">How messages describe it.</param>
internal readonly record struct ColumnType(DataViewType Item, bool IsVector, int? Length, string Description)
{
    public ColumnKinds Kinds => Item switch
    {
        TextDataViewType => IsVector ? ColumnKinds.TextVector : ColumnKinds.Text,
        ImageDataViewType when !IsVector => ColumnKinds.Image,
        NumberDataViewType number =>
            IsVector && number == NumberDataViewType.Byte ? ColumnKinds.Bytes | ColumnKinds.Number : ColumnKinds.Number,
        BooleanDataViewType or KeyDataViewType => ColumnKinds.Number,
        _ => 0,
    };

    /// <summary>The type of a column, or of one item where rows hold several.</summary>
    public static ColumnType OfItem(DataViewSchema.Column column) =>
        Of(column, ItemColumns.Has(column) ? ItemColumns.ItemOf(column.Type) : column.Type);

    /// <param name="column">The column.</param>
    /// <param name="type">Its type, or that of one of its items.</param>
    public static ColumnType Of(DataViewSchema.Column column, DataViewType type) => type is VectorDataViewType vector
        ? new(vector.ItemType, true, vector.Size, column.Type.ToString()!)
        : new(type, false, 1, column.Type.ToString()!);

    public static ColumnType Of(SchemaShape.Column column) => column.Kind switch
    {
        SchemaShape.Column.VectorKind.Scalar => new(column.ItemType, false, 1, column.ItemType.ToString()!),
        SchemaShape.Column.VectorKind.Vector => new(column.ItemType, true, null, $"Vector<{column.ItemType}>"),
        _ => new(column.ItemType, true, 0, $"Vector<{column.ItemType}>"),
    };
}

/// <summary>A column that a step reads.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kinds">What it may hold.</param>
internal sealed record SourceColumn(string Name, ColumnKinds Kinds)
{
    /// <summary>Whether values are computed from it; otherwise it must merely be there.</summary>
    public bool IsRead { get; init; } = true;

    /// <summary>A requirement beyond the kind.</summary>
    public Predicate<ColumnType> Accepts { get; init; } = _ => true;

    /// <summary>The expectation, for messages.</summary>
    public string Expected { get; init; } = Describe(Kinds);

    /// <summary>The remedy, for messages.</summary>
    public string Remedy { get; init; } = "Convert it before, or name another column.";

    /// <summary>An optional column: null without a name.</summary>
    public static SourceColumn? Optional(string? name, ColumnKinds kinds) => name is null ? null : new SourceColumn(name, kinds);

    /// <summary>Refuses a column that is missing or of another type.</summary>
    /// <param name="found">The column of that name; null if none.</param>
    /// <param name="names">The columns that there are.</param>
    /// <param name="verb">The step.</param>
    public void Check(ColumnType? found, IEnumerable<string> names, string verb)
    {
        if (found is not { } type)
        {
            string[] known = [.. names];
            string? nearest = StrictJson.Nearest(Name, known);
            throw new ArgumentException(
                $"{verb}: the input has no column '{Name}'; it has {(known.Length == 0 ? "none" : string.Join(", ", known))}. "
                + (nearest is null ? "Name an existing column, or add it before." : $"Did you mean '{nearest}'?"));
        }

        if ((type.Kinds & Kinds) == 0 || !Accepts(type))
        {
            throw new ArgumentException($"{verb}: column '{Name}' is {type.Description}; expected {Expected}. {Remedy}");
        }
    }

    private static string Describe(ColumnKinds kinds)
    {
        (ColumnKinds Kind, string Words)[] all =
        [
            (ColumnKinds.Text, kinds.HasFlag(ColumnKinds.Picture) ? "text (a picture's path)" : "text"),
            (ColumnKinds.TextVector, "a vector of text"),
            (ColumnKinds.Bytes, "a vector of bytes (a picture file's)"),
            (ColumnKinds.Image, "an image"),
            (ColumnKinds.Number, "numbers"),
        ];
        return string.Join(" or ", all.Where(k => kinds.HasFlag(k.Kind)).Select(k => k.Words));
    }
}
