using System.Buffers.Binary;

namespace Inpaint.Jobs;

/// <summary>
/// Finds a repeated id among any number of them in constant memory: their fingerprints are distributed over files by their first byte, each
/// of which is small enough to be sorted in memory.
/// </summary>
internal sealed class UniqueIds : IDisposable
{
    private const int Buckets = 256, Bytes = 16;

    private readonly string _folder;
    private readonly FileStream[] _files;

    /// <param name="folder">A folder for the files; deleted with them on disposal.</param>
    public UniqueIds(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
        _files = [.. Enumerable.Range(0, Buckets)
            .Select(i => new FileStream(Path.Combine(folder, $"{i:x2}"), FileMode.Create, FileAccess.ReadWrite))];
    }

    public void Add(string id)
    {
        UInt128 fingerprint = TextFingerprint.Of(id);
        Span<byte> bytes = stackalloc byte[Bytes];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, fingerprint);
        _files[bytes[0]].Write(bytes);
    }

    /// <summary>The fingerprint of an id that was added twice; null when all are different.</summary>
    public UInt128? FirstRepeated()
    {
        foreach (FileStream file in _files)
        {
            byte[] bytes = new byte[file.Length];
            file.Position = 0;
            file.ReadExactly(bytes);
            UInt128[] fingerprints = new UInt128[bytes.Length / Bytes];
            for (int i = 0; i < fingerprints.Length; i++)
            {
                fingerprints[i] = BinaryPrimitives.ReadUInt128LittleEndian(bytes.AsSpan(i * Bytes, Bytes));
            }

            Array.Sort(fingerprints);
            for (int i = 1; i < fingerprints.Length; i++)
            {
                if (fingerprints[i] == fingerprints[i - 1])
                {
                    return fingerprints[i];
                }
            }
        }

        return null;
    }

    public void Dispose()
    {
        foreach (FileStream file in _files)
        {
            file.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }
}
