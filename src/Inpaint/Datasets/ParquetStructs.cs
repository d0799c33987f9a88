using System.Collections.Frozen;

namespace Inpaint.Datasets;

/// <summary>
/// The structs of a Parquet file's metadata, from parquet.thrift. Each field is a number and a type: n an integer, c a count of rows or
/// values, z a page size, y a byte, d a double, b a string or bytes, t a boolean, [ a list of the type that follows, or the name of a
/// struct. A line that starts with + continues the one before.
/// </summary>
internal static class ParquetStructs
{
    public const string Footer = "File", PageHeader = "Page", Schema = "Schema";

    private const string Text =
        """
        File 1n 2[Schema 3n 4[Group 5[Pair 6b 7[Order 8Encryption 9b
        Schema 1n 2n 3n 4b 5c 6n 7n 8n 9n 10Logical
        Logical 1Empty 2Empty 3Empty 4Empty 5Decimal 6Empty 7Time 8Time 10Integer 11Empty 12Empty
        + 13Empty 14Empty 15Empty 16Variant 17Geometry 18Geometry
        Decimal 1n 2n
        Time 1t 2Unit
        Unit 1Empty 2Empty 3Empty
        Integer 1y 2t
        Variant 1y
        Geometry 1b 2n
        Group 1[Chunk 2n 3c 4[Sorting 5n 6n 7n
        Sorting 1n 2t 3t
        Chunk 1b 2n 3Column 4n 5n 6n 7n 8Crypto 9b
        Column 1n 2[n 3[b 4n 5c 6n 7n 8[Pair 9n 10n 11n 12Statistics 13[Encoding 14n 15n 16Sizes 17Geospatial
        Statistics 1b 2b 3c 4n 5b 6b 7t 8t
        Encoding 1n 2n 3n
        Sizes 1n 2[n 3[n
        Geospatial 1Box 2[n
        Box 1d 2d 3d 4d 5d 6d 7d 8d
        Pair 1b 2b
        Order 1Empty 2Empty
        Encryption 1Cipher 2Cipher
        Cipher 1b 2b 3t
        Crypto 1Empty 2Key
        Key 1[b 2b
        Page 1n 2z 3z 4n 5Data 6Empty 7Dictionary 8DataV2
        Data 1c 2n 3n 4n 5Statistics
        Dictionary 1c 2n 3t
        DataV2 1c 2c 3c 4n 5z 6z 7t 8Statistics
        Empty
        """;

    private static readonly FrozenDictionary<string, FrozenDictionary<short, string>> Structs =
        Text.Replace("\n+", "", StringComparison.Ordinal).Split('\n')
        .Select(line => line.TrimEnd().Split(' '))
        .ToFrozenDictionary(words => words[0], words => words[1..].ToFrozenDictionary(Number, word => word.TrimStart([.. "0123456789"])));

    /// <summary>The type of a field; null if the struct has no such field.</summary>
    public static string? KindOf(string name, short field) => Structs[name].GetValueOrDefault(field);

    private static short Number(string word) =>
        short.Parse(word.AsSpan(0, word.AsSpan().IndexOfAnyExceptInRange('0', '9')), System.Globalization.CultureInfo.InvariantCulture);
}
