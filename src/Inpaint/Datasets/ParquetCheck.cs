namespace Inpaint.Datasets;

/// <summary>
/// Validates one struct of a Parquet file's metadata (Thrift's compact protocol) before Parquet.Net reads it, which trusts lengths, types
/// and nesting. Truncated metadata, unbounded nesting, wrong types and sizes beyond the file's are errors.
/// </summary>
/// <param name="stream">Positioned at the struct; afterwards, at the first byte after it.</param>
/// <param name="end">The position by which the struct must end.</param>
internal sealed class ParquetCheck(Stream stream, long end)
{
    private const int DeepestList = 32, DeepestSchema = 64;

    // Bounds: a row takes at least a bit, and a page is compressed at most as well as deflate can.
    private readonly long _mostValues = (1 << 16) + (8 * stream.Length), _largestPage = (16 << 20) + (1100 * stream.Length);
    private readonly List<long> _children = [];

    /// <exception cref="InvalidDataException">The struct is damaged; the message describes how.</exception>
    public void Check(string name)
    {
        Struct(name, 0);
        CheckSchema();
    }

    private void Struct(string name, int depth)
    {
        short field = 0;
        long children = 0;
        for (byte header = Byte(); header != 0; header = Byte())
        {
            field = (header & 0xF0) == 0 ? (short)Number() : (short)(field + (header >> 4));
            string? kind = ParquetStructs.KindOf(name, field);
            long value = Value(kind, header & 15, depth, isElement: false);
            children = name == ParquetStructs.Schema && field == 5 ? value : children;
        }

        if (name == ParquetStructs.Schema)
        {
            _children.Add(children);
        }
    }

    // Parquet.Net 6.1.0 cannot skip unknown structs, sets and maps, nor booleans in a list.
    private long Value(string? kind, int type, int depth, bool isElement)
    {
        switch (type)
        {
            case 1 or 2 when kind is "t" or null && !isElement:
                return 0;
            case 3 when kind is "y" or null:
                return Byte();
            case 4 or 5 or 6 when kind is "n" or "c" or "z" or null:
                return Limited(Number(), kind);
            case 7 when kind is "d" or null:
                Skip(8);
                return 0;
            case 8 when kind is "b" or null:
                Skip(Length());
                return 0;
            case 9 when kind is null or ['[', ..]:
                List(kind?[1..], depth);
                return 0;
            case 12 when kind is not null && char.IsAsciiLetterUpper(kind[0]):
                Struct(kind, depth + 1);
                return 0;
            default:
                throw new InvalidDataException($"its metadata has a field with the unexpected type {type}");
        }
    }

    private void List(string? kind, int depth)
    {
        byte header = Byte();
        long count = header >> 4 == 15 ? Length() : header >> 4;
        if (depth > DeepestList)
        {
            throw new InvalidDataException($"its metadata is nested deeper than {DeepestList}");
        }

        if (count > end - stream.Position)
        {
            throw new InvalidDataException(
                $"its metadata has a list of {count:N0} elements, but only {end - stream.Position:N0} bytes are left");
        }

        for (long i = 0; i < count; i++)
        {
            Value(kind, header & 15, depth + 1, isElement: true);
        }
    }

    private long Limited(long number, string? kind)
    {
        long most = kind switch { "c" => _mostValues, "z" => _largestPage, _ => long.MaxValue };
        return kind is "c" or "z" && (number < 0 || number > Math.Min(most, Array.MaxLength))
            ? throw new InvalidDataException(
                $"its metadata claims {number:N0} {(kind == "c" ? "values" : "bytes in a page")}, more than a file of {stream.Length:N0} "
                    + $"bytes can hold")
            : number;
    }

    private long Number()
    {
        ulong number = Varint(10);
        return (long)(number >> 1) ^ -(long)(number & 1);
    }

    private long Length()
    {
        ulong length = Varint(5);
        return length <= (ulong)(end - stream.Position) ? (long)length : throw Truncated();
    }

    private ulong Varint(int mostBytes)
    {
        ulong number = 0;
        for (int i = 0; i < mostBytes; i++)
        {
            byte b = Byte();
            number |= (ulong)(b & 0x7F) << (7 * i);
            if (b < 0x80)
            {
                return number;
            }
        }

        throw new InvalidDataException("its metadata has an unterminated number");
    }

    private byte Byte() => stream.Position < end && stream.ReadByte() is >= 0 and int b ? (byte)b : throw Truncated();

    private void Skip(long bytes)
    {
        if (bytes > end - stream.Position)
        {
            throw Truncated();
        }

        stream.Seek(bytes, SeekOrigin.Current);
    }

    // The schema is a tree in depth-first order; each node has a number of children.
    private void CheckSchema()
    {
        var open = new Stack<long>();
        foreach (long children in _children)
        {
            while (open.TryPeek(out long left) && left == 0)
            {
                open.Pop();
            }

            if (open.TryPop(out long rest))
            {
                open.Push(rest - 1);
            }

            open.Push(children);
            if (open.Count > DeepestSchema)
            {
                throw new InvalidDataException($"its columns are nested deeper than {DeepestSchema}");
            }
        }
    }

    private static InvalidDataException Truncated() => new("its metadata is truncated");
}
