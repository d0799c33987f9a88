namespace Inpaint.Datasets;

/// <summary>An entry of a zip's directory; its values are untrusted.</summary>
/// <param name="Name">The name as stored.</param>
/// <param name="HeaderOffset">The position of the entry's local header.</param>
/// <param name="StoredSize">The compressed size in bytes.</param>
/// <param name="Size">The decompressed size in bytes.</param>
/// <param name="Method">0 stored, 8 deflated.</param>
/// <param name="Flags">Bit 0: encrypted.</param>
/// <param name="Written">The local time of the last change, in steps of two seconds.</param>
/// <param name="Crc">CRC-32 of the decompressed bytes.</param>
internal readonly record struct ZipEntry(
    string Name, long HeaderOffset, long StoredSize, long Size, int Method, int Flags, DateTime Written, uint Crc)
{
    public string Stamp => $"{Size}:{Written.Ticks}:{Crc:x8}";

    /// <summary>The name as a safe relative path with <c>/</c>, and whether the stored name was safe already.</summary>
    public (string Id, bool IsSafe) ToId()
    {
        string path = Name.Replace('\\', '/');
        if (!NeedsSanitizing(path))
        {
            return (path, true);
        }

        string[] segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < segments.Length; i++)
        {
            string segment = string.Concat(segments[i].Select(c => char.IsControl(c) || c == ':' ? '_' : c));
            segments[i] = segment is "." or ".." ? "_" : segment;
        }

        return (string.Join('/', segments), false);
    }

    private static bool NeedsSanitizing(string path)
    {
        foreach (Range range in path.AsSpan().Split('/'))
        {
            ReadOnlySpan<char> segment = path.AsSpan(range);
            if (segment is "" or "." or ".." || segment.IndexOfAnyInRange('\0', '\x1f') >= 0 || segment.Contains(':'))
            {
                return true;
            }
        }

        return false;
    }
}
