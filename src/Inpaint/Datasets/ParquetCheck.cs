namespace Inpaint.Datasets;

/// <summary>
/// Goes through one struct of a Parquet file's metadata (Thrift's compact protocol) before Parquet.Net reads it, which takes lengths, types and
/// nesting as they are said to be: what is cut off, nested without end, of another type, or larger than the file can hold is an error here.
/// </summary>
/// <param name="stream">At the struct's first byte; afterwards at the first one behind it.</param>
/// <param name="end">Where the struct must have ended.</param>
internal sealed class ParquetCheck(Stream stream, long end)
{
    private const int DeepestList = 32, DeepestSchema = 64;

    // A row takes a bit at least, or there is next to nothing in the file; a page is packed at deflate's best, or small.
    private readonly long _mostValues = (1 << 16) + (8 * stream.Length), _largestPage = (16 << 20) + (1100 * stream.Length);
    private readonly List<long> _children = [];

    /// <exception cref="InvalidDataException">The struct is damaged; the message says how.</exception>
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

    // Parquet.Net 6.1.0 does not get past a struct, a set or a map that it does not know, nor past true and false in a list.
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
                throw new InvalidDataException($"its metadata has a field of type {type} where another was expected");
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
            throw new InvalidDataException($"its metadata has a list of {count:N0} where {end - stream.Position:N0} bytes are left");
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
            ? throw new InvalidDataException($"its metadata claims {number:N0} {(kind == "c" ? "values" : "bytes in a page")}, more than a file of {stream.Length:N0} bytes can hold")
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
        return length <= (ulong)(end - stream.Position) ? (long)length : throw CutOff();
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

        throw new InvalidDataException("its metadata has a number without an end");
    }

    private byte Byte() => stream.Position < end && stream.ReadByte() is >= 0 and int b ? (byte)b : throw CutOff();

    private void Skip(long bytes)
    {
        if (bytes > end - stream.Position)
        {
            throw CutOff();
        }

        stream.Seek(bytes, SeekOrigin.Current);
    }

    // The schema is a tree, its nodes one after the other, each with the number of its children.
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

    private static InvalidDataException CutOff() => new("its metadata is cut off");
}
