using System.Security.Cryptography;
using System.Text;

namespace Inpaint.Training;

/// <summary>A folder in which photos, once decoded and scaled, are kept as bytes for the next training.</summary>
internal sealed class PhotoCache(string folder)
{
    /// <summary>Where the cache lies unless the command line says otherwise.</summary>
    public static string DefaultFolder { get; } =
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "inpaint", "photos");

    /// <summary>The kept photos of a dataset; null for scenes, which are drawn as fast as they are read.</summary>
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
/// The kept photos of one dataset: a file of records, each a 16-byte key (of the photo's name and stamp) and its pixels. Records are only added
/// at the end, and half a record there is cut off, so that a reading that is broken off loses nothing that was complete. One process
/// writes at a time; another that opens the file meanwhile reads what is kept, and keeps nothing.
/// </summary>
internal sealed class CachedPhotos : IDisposable
{
    private const int KeyBytes = 16;

    private readonly FileStream _file;
    private readonly FileStream? _writing;
    private readonly int _photoBytes;
    private readonly Dictionary<UInt128, long> _places = [];

    public CachedPhotos(string path, int size)
    {
        _photoBytes = size * size * 3;
        _writing = TryLock(path + ".lock");
        _file = new FileStream(path, FileMode.OpenOrCreate, _writing is null ? FileAccess.Read : FileAccess.ReadWrite, _writing is null ? FileShare.ReadWrite : FileShare.Read, 1 << 16);
        long records = _file.Length / RecordBytes;
        if (_writing is not null)
        {
            _file.SetLength(records * RecordBytes);
        }

        Span<byte> key = stackalloc byte[KeyBytes];
        for (long i = 0; i < records; i++)
        {
            RandomAccess.Read(_file.SafeFileHandle, key, i * RecordBytes);
            _places[BitConverter.ToUInt128(key)] = i * RecordBytes + KeyBytes;
        }

        _file.Seek(0, SeekOrigin.End);
    }

    private int RecordBytes => KeyBytes + _photoBytes;

    /// <summary>The photo's pixels, when they are kept and the photo has not changed since. Safe to call from several threads.</summary>
    public byte[]? Find(PhotoRecord record)
    {
        if (!_places.TryGetValue(Key(record), out long place))
        {
            return null;
        }

        byte[] rgb = new byte[_photoBytes];
        return RandomAccess.Read(_file.SafeFileHandle, rgb, place) == rgb.Length ? rgb : null;
    }

    /// <summary>Keeps a photo, unless another process adds to the file.</summary>
    public void Keep(PhotoRecord record, ReadOnlySpan<byte> rgb)
    {
        if (_writing is null)
        {
            return;
        }

        UInt128 key = Key(record);
        if (_places.ContainsKey(key))
        {
            return;
        }

        long place = _file.Position + KeyBytes;
        byte[] whole = new byte[RecordBytes];
        BitConverter.TryWriteBytes(whole, key);
        rgb.CopyTo(whole.AsSpan(KeyBytes));
        _file.Write(whole);
        _places.Add(key, place);
    }

    /// <summary>Makes sure that what was kept so far is in the file.</summary>
    public void Save() => _file.Flush();

    public void Dispose()
    {
        _file.Dispose();
        _writing?.Dispose();
    }

    // A file of its own, which stays: a lock on a file that is deleted can be held twice.
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
