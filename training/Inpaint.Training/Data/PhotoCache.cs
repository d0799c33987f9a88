using System.Security.Cryptography;
using System.Text;

namespace Inpaint.Training.Data;

/// <summary>A folder in which decoded and scaled photos are kept as bytes for the next training.</summary>
internal sealed class PhotoCache(string folder)
{
    public static string DefaultFolder { get; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "inpaint",
        "photos");

    /// <summary>The cached photos of a dataset; null for scenes, which are drawn as fast as they are read.</summary>
    public CachedPhotos? For(string dataset, int size)
    {
        if (dataset.StartsWith("scenes:", StringComparison.Ordinal))
        {
            return null;
        }

        Directory.CreateDirectory(folder);
        string name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(dataset))).AsSpan(0, 8));
        return new CachedPhotos(Path.Combine(folder, $"{name}-{size}.rgb"), size);
    }
}

/// <summary>
/// The cached photos of one dataset: a file of records, each a 16-byte key (of the photo's id and stamp) and its pixels. Records are only
/// appended, and an incomplete one at the end is truncated, so that an interrupted run keeps every complete record. One process writes at a
/// time; others read what is there and add nothing.
/// </summary>
internal sealed class CachedPhotos : IDisposable
{
    private const int KeyBytes = 16;

    private readonly FileStream _file;
    private readonly FileStream? _lock;
    private readonly int _photoBytes;
    private readonly Dictionary<UInt128, long> _offsets = [];

    public CachedPhotos(string path, int size)
    {
        _photoBytes = size * size * 3;
        _lock = TryLock(path + ".lock");
        (FileAccess access, FileShare share) =
            _lock is null ? (FileAccess.Read, FileShare.ReadWrite) : (FileAccess.ReadWrite, FileShare.Read);
        _file = new FileStream(path, FileMode.OpenOrCreate, access, share, 1 << 16);
        long records = _file.Length / RecordBytes;
        if (_lock is not null)
        {
            _file.SetLength(records * RecordBytes);
        }

        Span<byte> key = stackalloc byte[KeyBytes];
        for (long i = 0; i < records; i++)
        {
            RandomAccess.Read(_file.SafeFileHandle, key, i * RecordBytes);
            _offsets[BitConverter.ToUInt128(key)] = i * RecordBytes + KeyBytes;
        }

        _file.Seek(0, SeekOrigin.End);
    }

    private int RecordBytes => KeyBytes + _photoBytes;

    /// <summary>The photo's pixels; null if they are not cached or the photo has changed since. Thread-safe.</summary>
    public byte[]? Find(PhotoRecord record)
    {
        if (!_offsets.TryGetValue(Key(record), out long offset))
        {
            return null;
        }

        byte[] rgb = new byte[_photoBytes];
        return RandomAccess.Read(_file.SafeFileHandle, rgb, offset) == rgb.Length ? rgb : null;
    }

    /// <summary>Adds a photo, unless another process is writing to the file.</summary>
    public void Add(PhotoRecord record, ReadOnlySpan<byte> rgb)
    {
        UInt128 key = Key(record);
        if (_lock is null || !_offsets.TryAdd(key, _file.Position + KeyBytes))
        {
            return;
        }

        byte[] bytes = new byte[RecordBytes];
        BitConverter.TryWriteBytes(bytes, key);
        rgb.CopyTo(bytes.AsSpan(KeyBytes));
        _file.Write(bytes);
    }

    /// <summary>Flushes added photos to the file.</summary>
    public void Flush() => _file.Flush();

    public void Dispose()
    {
        _file.Dispose();
        _lock?.Dispose();
    }

    // A separate file that is never deleted: a lock on a deleted file can be held twice.
    private static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static UInt128 Key(PhotoRecord record) =>
        BitConverter.ToUInt128(SHA256.HashData(Encoding.UTF8.GetBytes($"{record.Id}\n{record.Stamp}")).AsSpan(0, KeyBytes));
}
