namespace Inpaint.Datasets;

/// <summary>One file in a zip, as the archive's directory describes it; nothing of it is to be trusted.</summary>
/// <param name="Name">The name as stored.</param>
/// <param name="HeaderOffset">Where the entry's local header starts.</param>
/// <param name="StoredSize">Bytes in the archive.</param>
/// <param name="Size">Bytes once unpacked.</param>
/// <param name="Method">0 stored, 8 deflated.</param>
/// <param name="Flags">Bit 0: encrypted.</param>
/// <param name="Written">Local time of the last change, whole seconds of two.</param>
/// <param name="Crc">CRC-32 of the unpacked bytes.</param>
internal readonly record struct ZipEntry(string Name, long HeaderOffset, long StoredSize, long Size, int Method, int Flags, DateTime Written, uint Crc)
{
    public string Stamp => $"{Size}:{Written.Ticks}:{Crc:x8}";

    /// <summary>The name as a relative path with <c>/</c> that cannot leave a folder, and whether the stored name was one already.</summary>
    public (string Id, bool IsSafe) ToId()
    {
        string path = Name.Replace('\\', '/');
        if (!NeedsMending(path))
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

    private static bool NeedsMending(string path)
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
