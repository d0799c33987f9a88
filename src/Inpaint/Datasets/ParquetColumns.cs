using Parquet.Schema;

namespace Inpaint.Datasets;

/// <summary>The columns of a Parquet file, recognised by common names.</summary>
internal sealed record ParquetColumns
{
    private static readonly Type[] Bytewise = [typeof(byte[]), typeof(ReadOnlyMemory<byte>)],
        Textual = [typeof(string), typeof(ReadOnlyMemory<char>)];
    private static readonly string[] ByteNames = ["image", "image.bytes", "image/bytes", "bytes", "png", "jpg", "jpeg"];
    private static readonly string[] PathNames =
        ["path", "image_path", "imagepath", "file", "file_name", "filename", "image.path", "image/path"];
    private static readonly string[] CaptionNames = ["captions", "caption", "text", "sentences"];
    private static readonly string[] IdNames = ["id", "image_id", "key"];

    /// <summary>The encoded pictures; null if the file has paths.</summary>
    public DataField? Bytes { get; private init; }

    /// <summary>Paths relative to the file's folder; null if the file has bytes.</summary>
    public DataField? Path { get; private init; }

    /// <summary>A caption per row, or a list of captions.</summary>
    public DataField? Caption { get; private init; }

    /// <summary>The row's id.</summary>
    public DataField? Id { get; private init; }

    /// <summary>Finds the columns of a file.</summary>
    /// <exception cref="DatasetException">The file has no column of pictures or paths.</exception>
    public static ParquetColumns Of(ParquetSchema schema, string path)
    {
        DataField[] fields = schema.GetDataFields();
        DataField? bytes = Find(fields, ByteNames, Bytewise);
        DataField? paths = bytes is null ? Find(fields, [.. PathNames, "image"], Textual) : null;
        if (bytes is null && paths is null)
        {
            string found = string.Join(
                ", ", fields.Select(f =>
                    $"{NameOf(f)} ({(Bytewise.Contains(f.ClrType) ? "bytes" : Textual.Contains(f.ClrType) ? "text" : f.ClrType.Name)})"));
            throw new DatasetException(
                $"'{path}' has the columns {found}; "
                    + $"expected a column of bytes named {string.Join(", ", ByteNames[..2])} or of strings named "
                    + $"{string.Join(", ", PathNames[..3])}. Rename the column of pictures.");
        }

        return new ParquetColumns { Bytes = bytes, Path = paths, Caption = Find(fields, CaptionNames, Textual),
            Id = Find(fields, IdNames, Textual) };
    }

    private static DataField? Find(DataField[] fields, string[] names, Type[] types) =>
        names.Select(name =>
            fields.FirstOrDefault(f => types.Contains(f.ClrType) && NameOf(f).Equals(name, StringComparison.OrdinalIgnoreCase)))
                .FirstOrDefault(f => f is not null);

    // Lists add levels to the path: captions.list.element is the list captions.
    private static string NameOf(DataField field)
    {
        IEnumerable<string> parts = field.Path.ToList();
        return string.Join(
            '.', parts.Where((part, i) => i == 0 || part is not ("list" or "element" or "item" or "bag" or "array" or "array_element")));
    }
}
