using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Parquet;
using Parquet.Schema;

namespace Inpaint.Jobs;

/// <summary>A column of a part: collects the values of a row group until they are written. A new part needs new columns.</summary>
public abstract class PartColumn
{
    private protected PartColumn(Field field) => Field = field;

    internal Field Field { get; }

    /// <summary>Bytes of large values, by which the writer limits a row group's size.</summary>
    internal virtual long Size => 0;

    internal abstract Task Write(ParquetRowGroupWriter group);

    /// <summary>Adds all values, each preceded by its length or presence, to a hash.</summary>
    internal abstract void AddTo(IncrementalHash hash);

    internal abstract void Clear();

    private protected static void Add(IncrementalHash hash, ReadOnlySpan<byte> bytes, bool isNull)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, isNull ? -1 : bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}

/// <summary>A column whose values are stored unchanged.</summary>
/// <typeparam name="T">The values' type.</typeparam>
public abstract class PartColumn<T> : PartColumn
{
    private protected PartColumn(Field field)
        : base(field)
    {
    }

    private protected List<T> Values { get; } = [];

    /// <summary>Adds the value of one row.</summary>
    public virtual void Add(T value) => Values.Add(value);

    internal override void Clear() => Values.Clear();
}

/// <summary>Strings.</summary>
/// <param name="name">The column's name.</param>
/// <param name="nullable">Whether a value may be null.</param>
public sealed class StringColumn(string name, bool nullable = false) : PartColumn<string?>(new DataField<string>(name, nullable))
{
    internal override Task Write(ParquetRowGroupWriter group) => group.WriteAsync((DataField<string>)Field, Values!);

    internal override void AddTo(IncrementalHash hash) =>
        Values.ForEach(value => Add(hash, Encoding.UTF8.GetBytes(value ?? ""), value is null));
}

/// <summary>Byte arrays, such as encoded pictures.</summary>
/// <param name="name">The column's name.</param>
/// <param name="nullable">Whether a value may be null.</param>
public sealed class BytesColumn(string name, bool nullable = false) : PartColumn<byte[]?>(new DataField<byte[]>(name, nullable))
{
    private long _size;

    internal override long Size => _size;

    /// <inheritdoc/>
    public override void Add(byte[]? value)
    {
        base.Add(value);
        _size += value?.Length ?? 0;
    }

    internal override Task Write(ParquetRowGroupWriter group) => group.WriteAsync((DataField<byte[]>)Field, Values!);

    internal override void AddTo(IncrementalHash hash) => Values.ForEach(value => Add(hash, value, value is null));

    internal override void Clear()
    {
        base.Clear();
        _size = 0;
    }
}

/// <summary>Numbers, booleans or times.</summary>
/// <typeparam name="T">The values' type.</typeparam>
/// <param name="name">The column's name.</param>
public sealed class ValueColumn<T>(string name) : PartColumn<T>(new DataField<T>(name)) where T : struct
{
    internal override Task Write(ParquetRowGroupWriter group) => group.WriteAsync<T>((DataField)Field, Values.ToArray());

    internal override void AddTo(IncrementalHash hash) => hash.AppendData(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(Values)));
}

/// <summary>Numbers, booleans or times that may be absent.</summary>
/// <typeparam name="T">The values' type.</typeparam>
/// <param name="name">The column's name.</param>
public sealed class OptionalColumn<T>(string name) : PartColumn<T?>(new DataField<T?>(name)) where T : struct
{
    internal override Task Write(ParquetRowGroupWriter group) => group.WriteAsync<T>((DataField)Field, Values.ToArray());

    internal override void AddTo(IncrementalHash hash) =>
        Values.ForEach(value => Add(hash, MemoryMarshal.AsBytes([value.GetValueOrDefault()]), value is null));
}

/// <summary>Lists of numbers, booleans or times.</summary>
/// <typeparam name="T">The values' type.</typeparam>
/// <param name="name">The column's name.</param>
public sealed class ListColumn<T>(string name) : PartColumn<T[]>(new ListField(name, new DataField<T?>("element"))) where T : struct
{
    internal override Task Write(ParquetRowGroupWriter group)
    {
        // An empty list is one absent element.
        T?[] elements = [.. Values.SelectMany(list => list.Length > 0 ? list.Select(value => (T?)value) : [null])];
        return group.WriteAsync<T>((DataField)((ListField)Field).Item, elements, ListLevels.Of(Values.Select(list => list.Length)));
    }

    internal override void AddTo(IncrementalHash hash) =>
        Values.ForEach(list => Add(hash, MemoryMarshal.AsBytes(list.AsSpan()), isNull: false));
}

/// <summary>Lists of strings.</summary>
/// <param name="name">The column's name.</param>
public sealed class StringListColumn(string name) : PartColumn<string[]>(new ListField(name, new DataField<string>("element", true)))
{
    internal override Task Write(ParquetRowGroupWriter group)
    {
        string?[] elements = [.. Values.SelectMany(list => list.Length > 0 ? list : [null!])];
        int[] levels = ListLevels.Of(Values.Select(list => list.Length));
        return group.WriteAsync((DataField)((ListField)Field).Item, elements!, (ReadOnlyMemory<int>?)levels.AsMemory());
    }

    internal override void AddTo(IncrementalHash hash) => Values.ForEach(list =>
    {
        Add(hash, MemoryMarshal.AsBytes([list.Length]), isNull: false);
        Array.ForEach(list, value => Add(hash, Encoding.UTF8.GetBytes(value), isNull: false));
    });
}

/// <summary>The repetition levels of lists.</summary>
internal static class ListLevels
{
    /// <summary>A row begins at level 0; an empty list is one absent element.</summary>
    public static int[] Of(IEnumerable<int> lengths) =>
        [.. lengths.SelectMany(length => Enumerable.Range(0, Math.Max(1, length)).Select(i => Math.Min(i, 1)))];
}
