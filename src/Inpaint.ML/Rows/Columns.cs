using Inpaint.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Inpaint.ML.Rows;

/// <summary>What a column may hold.</summary>
[Flags]
internal enum ColumnKinds
{
    Text = 1,
    Texts = 2,
    Bytes = 4,
    Image = 8,
    Number = 16,

    /// <summary>A picture, as its file's path, its file's bytes, or an image.</summary>
    Picture = Text | Bytes | Image,
}

/// <summary>Finds and checks input columns: missing ones and wrong types are refused with found, expected and remedy.</summary>
internal static class Columns
{
    public static DataViewSchema.Column Require(DataViewSchema schema, string name, ColumnKinds kinds, string verb)
    {
        DataViewSchema.Column? column = schema.GetColumnOrNull(name);
        return column is null ? throw Missing(name, schema.Where(c => !c.IsHidden).Select(c => c.Name), verb)
            : (KindOf(column.Value.Type) & kinds) == 0 ? throw Mistyped(name, column.Value.Type.ToString()!, kinds, verb)
            : column.Value;
    }

    /// <summary>The same check on the shape of a schema, before there is data.</summary>
    public static SchemaShape.Column Require(SchemaShape schema, string name, ColumnKinds kinds, string verb)
    {
        SchemaShape.Column column = schema.FirstOrDefault(c => c.Name == name);
        if (column.Name is null)
        {
            throw Missing(name, schema.Select(c => c.Name), verb);
        }

        bool vector = column.Kind != SchemaShape.Column.VectorKind.Scalar;
        ColumnKinds kind = KindOf(column.ItemType, vector);
        return (kind & kinds) != 0 ? column : throw Mistyped(name, vector ? $"Vector<{column.ItemType}>" : column.ItemType.ToString()!, kinds, verb);
    }

    public static ColumnKinds KindOf(DataViewType type) => type is VectorDataViewType vector ? KindOf(vector.ItemType, vector: true) : KindOf(type, vector: false);

    public static void RequireActive(ActiveColumns active, DataViewSchema.Column column)
    {
        if (!active[column.Index])
        {
            throw new ArgumentOutOfRangeException(nameof(column), $"Column '{column.Name}' was not asked for when the cursor was made. Name it in GetRowCursor.");
        }
    }

    private static ColumnKinds KindOf(DataViewType item, bool vector) => item switch
    {
        TextDataViewType => vector ? ColumnKinds.Texts : ColumnKinds.Text,
        ImageDataViewType when !vector => ColumnKinds.Image,
        NumberDataViewType number => vector && number == NumberDataViewType.Byte ? ColumnKinds.Bytes | ColumnKinds.Number : ColumnKinds.Number,
        BooleanDataViewType => ColumnKinds.Number,
        _ => 0,
    };

    private static ArgumentException Missing(string name, IEnumerable<string> names, string verb)
    {
        string[] known = [.. names];
        string? nearest = StrictJson.Nearest(name, known);
        return new ArgumentException($"{verb}: the input has no column '{name}'; it has {(known.Length == 0 ? "none" : string.Join(", ", known))}. "
            + (nearest is null ? "Name a column that is there, or add it before." : $"Did you mean '{nearest}'?"));
    }

    private static ArgumentException Mistyped(string name, string found, ColumnKinds kinds, string verb) =>
        new($"{verb}: column '{name}' is {found}; expected {Describe(kinds)}. Convert it before, or name another column.");

    private static string Describe(ColumnKinds kinds)
    {
        var words = new List<string>();
        void Add(ColumnKinds kind, string word)
        {
            if ((kinds & kind) != 0)
            {
                words.Add(word);
            }
        }

        bool picture = (kinds & ColumnKinds.Picture) == ColumnKinds.Picture;
        Add(ColumnKinds.Text, picture ? "text (a picture's path)" : "text");
        Add(ColumnKinds.Texts, "a vector of text");
        Add(ColumnKinds.Bytes, "a vector of bytes (a picture file's)");
        Add(ColumnKinds.Image, "an image");
        Add(ColumnKinds.Number, "numbers");
        return string.Join(" or ", words);
    }
}
