using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Tests.Support;

/// <summary>Converts the rows of views to strings that are equal when all values are, including images and vectors.</summary>
internal static class TestRows
{
    /// <summary>One string per row, of the named columns or all that are not hidden.</summary>
    public static List<string> Read(IDataView view, params string[] columns)
    {
        List<DataViewSchema.Column> wanted = ColumnsOf(view, columns);
        using DataViewRowCursor cursor = view.GetRowCursor(wanted);
        return Read(cursor, wanted);
    }

    public static List<string> Read(DataViewRowCursor cursor, IReadOnlyList<DataViewSchema.Column> wanted)
    {
        Func<string>[] texts = [.. wanted.Select(c => TextOf(cursor, c))];
        var rows = new List<string>();
        while (cursor.MoveNext())
        {
            rows.Add(string.Join(" | ", texts.Select(t => t())));
        }

        return rows;
    }

    public static List<DataViewSchema.Column> ColumnsOf(IDataView view, params string[] columns) =>
        columns.Length > 0 ? [.. columns.Select(c => view.Schema[c])] : [.. view.Schema.Where(c => !c.IsHidden)];

    /// <summary>The names of the columns that a transformer added.</summary>
    public static string[] Added(IDataView output, IDataView input) => [.. output.Schema.Skip(input.Schema.Count).Select(c => c.Name)];

    public static Func<string> TextOf(DataViewRow row, DataViewSchema.Column column) =>
        (Func<string>)typeof(TestRows).GetMethod(nameof(Typed), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(column.Type.RawType).Invoke(null, [row, column])!;

    public static string Text(object? value) => value switch
    {
        null => "(none)",
        MLImage image => $"{image.Width}x{image.Height} {image.PixelFormat} {Convert.ToHexString(SHA256.HashData(image.Pixels))[..16]}",
        Array { Length: > 16 } numbers when numbers.GetType().GetElementType()!.IsPrimitive => $"{numbers.Length} numbers {Hash(numbers)}",
        Array array => $"[{string.Join(' ', array.Cast<object>().Select(Text))}]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static string Hash(Array numbers)
    {
        byte[] bytes = new byte[Buffer.ByteLength(numbers)];
        Buffer.BlockCopy(numbers, 0, bytes, 0, bytes.Length);
        return Convert.ToHexString(SHA256.HashData(bytes))[..16];
    }

    private static Func<string> Typed<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        MethodInfo? dense = typeof(T).IsGenericType && typeof(T).GetGenericTypeDefinition() == typeof(VBuffer<>)
            ? typeof(TestRows)
                .GetMethod(nameof(Dense), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(typeof(T).GetGenericArguments())
            : null;
        return () =>
        {
            T value = default!;
            getter(ref value);
            return $"{column.Name}={Text(dense is null ? value : dense.Invoke(null, [value]))}";
        };
    }

    private static T[] Dense<T>(VBuffer<T> vector) => [.. vector.DenseValues()];
}
