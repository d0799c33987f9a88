using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Inpaint.Photos;
using Microsoft.Win32.SafeHandles;

namespace Inpaint.Datasets;

/// <summary>
/// Reads a zip with random access (PKWARE APPNOTE 6.3, with zip64; stored and deflated entries). Unlike <see cref="ZipArchive"/>, it does
/// not keep a list of the entries, and threads can read concurrently without blocking.
/// </summary>
internal sealed class ZipReader : IDisposable
{
    /// <summary>The largest entry that is decompressed: 512 MB.</summary>
    public const long MaxEntryBytes = 512L << 20;

    private const int EndSize = 22, Zip64EndSize = 56, CentralSize = 46, LocalSize = 30;
    private const int MaxDeflateRatio = 1032;

    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly bool _withPlaces;
    private readonly long _length;
    private long _directoryOffset;
    private long _directorySize;
    private long _entryCount;

    private ZipReader(SafeFileHandle file, string path, bool withPlaces)
    {
        _file = file;
        _path = path;
        _withPlaces = withPlaces;
        _length = RandomAccess.GetLength(file);
    }

    /// <param name="path">The zip.</param>
    /// <param name="withPlaces">Whether errors of entries contain the path of the zip.</param>
    /// <exception cref="DatasetException">The file cannot be read, or is not a complete zip.</exception>
    public static ZipReader Open(string path, bool withPlaces = true)
    {
        ZipReader? reader = null;
        try
        {
            reader = new ZipReader(File.OpenHandle(path, options: FileOptions.RandomAccess), path, withPlaces);
            reader.FindDirectory();
            return reader;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            reader?.Dispose();
            throw new DatasetException($"'{path}' cannot be read: {e.Message}", e);
        }
        catch (DatasetException)
        {
            reader?.Dispose();
            throw;
        }
    }

    /// <summary>The entries in the order of the archive, read from its directory in blocks.</summary>
    /// <exception cref="DatasetException">The directory is damaged.</exception>
    public IEnumerable<ZipEntry> Entries()
    {
        var block = new byte[1 << 18];
        int start = 0, end = 0;
        long at = _directoryOffset, stop = _directoryOffset + _directorySize;
        for (long i = 0; i < _entryCount; i++)
        {
            if (end - start < CentralSize + (3 * ushort.MaxValue) && at < stop)
            {
                block.AsSpan(start, end - start).CopyTo(block);
                (start, end) = (0, end - start);
                int wanted = (int)Math.Min(block.Length - end, stop - at);
                ReadExactly(block.AsSpan(end, wanted), at);
                (end, at) = (end + wanted, at + wanted);
            }

            yield return ReadCentral(block.AsSpan(start, end - start), i, out int size);
            start += size;
        }
    }

    /// <summary>The decompressed bytes of an entry.</summary>
    /// <exception cref="PhotoException">
    /// The entry is encrypted, too large, damaged or compressed with an unsupported method; the message names it.
    /// </exception>
    public byte[] Read(in ZipEntry entry)
    {
        string name = _withPlaces ? $"{entry.Name} in {_path}" : entry.Name;
        if ((entry.Flags & 1) != 0)
        {
            throw new PhotoException($"{name} is encrypted; expected a zip without a password. Create it again without one.");
        }

        if (entry.Method is not (0 or 8))
        {
            throw new PhotoException(
                $"{name} is compressed with method {entry.Method}; expected stored (0) or deflated (8). Create the zip again.");
        }

        if (entry.Size > MaxEntryBytes)
        {
            throw new PhotoException(
                $"{name} claims {entry.Size:N0} bytes; the limit is {MaxEntryBytes:N0}. It is not a photo, or the zip is damaged.");
        }

        bool possible = entry.Method == 0
            ? entry.Size == entry.StoredSize : entry.StoredSize <= MaxEntryBytes && entry.Size <= MaxDeflateRatio * (entry.StoredSize + 1);
        if (!possible || entry.StoredSize > _length)
        {
            throw Damaged(name, $"it claims {entry.Size:N0} bytes from {entry.StoredSize:N0} compressed bytes");
        }

        try
        {
            return entry.Method == 0 ? ReadStored(entry, name) : Inflate(ReadStored(entry, name), entry, name);
        }
        catch (IOException e)
        {
            throw new PhotoException($"{name} cannot be read: {e.Message}", e);
        }
    }

    public void Dispose() => _file.Dispose();

    private byte[] ReadStored(in ZipEntry entry, string name)
    {
        Span<byte> local = stackalloc byte[LocalSize];
        if (entry.HeaderOffset > _length - LocalSize)
        {
            throw Damaged(name, "its position is beyond the end of the archive");
        }

        ReadExactly(local, entry.HeaderOffset);
        if (BinaryPrimitives.ReadUInt32LittleEndian(local) != 0x04034b50)
        {
            throw Damaged(name, "no entry starts at its position");
        }

        long start = entry.HeaderOffset + LocalSize + BinaryPrimitives.ReadUInt16LittleEndian(local[26..])
            + BinaryPrimitives.ReadUInt16LittleEndian(local[28..]);
        if (start > _length - entry.StoredSize)
        {
            throw Damaged(name, "the archive ends before the entry");
        }

        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)entry.StoredSize);
        ReadExactly(bytes, start);
        return bytes;
    }

    private static byte[] Inflate(byte[] packed, in ZipEntry entry, string name)
    {
        var bytes = new byte[entry.Size];
        try
        {
            using var inflater = new DeflateStream(new MemoryStream(packed), CompressionMode.Decompress);
            inflater.ReadExactly(bytes);
            return inflater.ReadByte() < 0 ? bytes : throw Damaged(name, $"it decompresses to more than the claimed {entry.Size:N0} bytes");
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new PhotoException(Damaged(name, e.Message.TrimEnd('.')).Message, e);
        }
    }

    private void FindDirectory()
    {
        var tail = new byte[(int)Math.Min(_length, EndSize + ushort.MaxValue)];
        ReadExactly(tail, _length - tail.Length);
        int at = tail.Length - EndSize;
        while (at >= 0
            && (BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at)) != 0x06054b50 || at + EndSize + U16(tail, at + 20) > tail.Length))
        {
            at--;
        }

        if (at < 0)
        {
            throw new DatasetException(
                $"'{_path}' is not a complete zip ({_length:N0} bytes without a directory at the end). "
                    + "It may be truncated or not a zip: copy or create it again.");
        }

        long end = _length - tail.Length + at;
        (_entryCount, _directorySize, _directoryOffset) = (U16(tail, at + 10), U32(tail, at + 12), U32(tail, at + 16));
        if (U16(tail, at + 4) is not (0 or ushort.MaxValue))
        {
            throw new DatasetException(
                $"'{_path}' is one part of a multi-part zip; expected a single file. Join the parts and create the zip again.");
        }

        if (at >= 20 && U32(tail, at - 20) == 0x07064b50)
        {
            end = ReadZip64End(BinaryPrimitives.ReadInt64LittleEndian(tail.AsSpan(at - 12)));
        }

        if (_directoryOffset < 0 || _directorySize < 0 || _entryCount < 0 || _directoryOffset > end
            || _directorySize > end - _directoryOffset || _entryCount > _directorySize / CentralSize)
        {
            throw DirectoryDamaged(
                $"{_entryCount:N0} entries in {_directorySize:N0} bytes at {_directoryOffset:N0} do not fit into {_length:N0} bytes");
        }
    }

    private long ReadZip64End(long at)
    {
        var record = new byte[Zip64EndSize];
        if (at < 0 || at > _length - Zip64EndSize)
        {
            throw DirectoryDamaged("its zip64 end record is outside the file");
        }

        ReadExactly(record, at);
        if (U32(record, 0) != 0x06064b50)
        {
            throw DirectoryDamaged("it has no zip64 end record at the specified position");
        }

        _entryCount = BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(32));
        _directorySize = BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(40));
        _directoryOffset = BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(48));
        return at;
    }

    private ZipEntry ReadCentral(ReadOnlySpan<byte> block, long number, out int size)
    {
        if (block.Length < CentralSize || U32(block, 0) != 0x02014b50)
        {
            throw DirectoryDamaged($"entry {number + 1} of {_entryCount} does not start at the expected position");
        }

        int nameLength = U16(block, 28), extraLength = U16(block, 30);
        size = CentralSize + nameLength + extraLength + U16(block, 32);
        if (size > block.Length)
        {
            throw DirectoryDamaged($"entry {number + 1} of {_entryCount} extends beyond its end");
        }

        long stored = U32(block, 20), full = U32(block, 24), offset = U32(block, 42);
        ReadZip64Sizes(block.Slice(CentralSize + nameLength, extraLength), ref full, ref stored, ref offset);
        string name = Encoding.UTF8.GetString(block.Slice(CentralSize, nameLength));
        return stored < 0 || full < 0 || offset < 0
            ? throw DirectoryDamaged($"'{name}' has a negative size or position")
            : new ZipEntry(
                name, offset, stored, full, U16(block, 10), U16(block, 8), FromDos(U16(block, 14), U16(block, 12)), U32(block, 16));
    }

    private static void ReadZip64Sizes(ReadOnlySpan<byte> extra, ref long full, ref long stored, ref long offset)
    {
        while (extra.Length >= 4)
        {
            int id = U16(extra, 0), length = Math.Min(U16(extra, 2), extra.Length - 4);
            ReadOnlySpan<byte> values = extra.Slice(4, length);
            extra = extra[(4 + length)..];
            if (id == 1)
            {
                full = Take(ref values, full);
                stored = Take(ref values, stored);
                offset = Take(ref values, offset);
            }
        }

        static long Take(ref ReadOnlySpan<byte> values, long value)
        {
            if (value != uint.MaxValue || values.Length < 8)
            {
                return value;
            }

            long large = BinaryPrimitives.ReadInt64LittleEndian(values);
            values = values[8..];
            return large;
        }
    }

    private static DateTime FromDos(int date, int time)
    {
        int year = 1980 + (date >> 9), month = (date >> 5) & 15, day = date & 31;
        int hour = time >> 11, minute = (time >> 5) & 63, second = 2 * (time & 31);
        bool valid = month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) && hour < 24 && minute < 60
            && second < 60;
        return valid ? new DateTime(year, month, day, hour, minute, second) : default;
    }

    private void ReadExactly(Span<byte> into, long at)
    {
        while (!into.IsEmpty)
        {
            int read = RandomAccess.Read(_file, into, at);
            if (read == 0)
            {
                throw new EndOfStreamException($"the file ends at {at:N0} bytes; it was truncated after it was opened.");
            }

            into = into[read..];
            at += read;
        }
    }

    private static int U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static PhotoException Damaged(string name, string how) => new($"{name} is damaged: {how}. Copy or create the zip again.");

    private DatasetException DirectoryDamaged(string how) => new($"'{_path}' is damaged: {how}. Copy or create the zip again.");
}
