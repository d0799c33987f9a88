using Microsoft.Win32.SafeHandles;

namespace Inpaint.Photos;

/// <summary>A picture file opened for reading once it is known to be a regular file of a sane size; every error names it.</summary>
internal readonly struct PhotoFile : IDisposable
{
    private readonly string _path;
    private readonly SafeFileHandle _handle;

    private PhotoFile(string path, SafeFileHandle handle, int length) => (_path, _handle, Length) = (path, handle, length);

    /// <summary>Bytes in the file.</summary>
    public int Length { get; }

    public static PhotoFile Open(string path, PhotoDecodingOptions options)
    {
        ArgumentNullException.ThrowIfNull(path);
        SafeFileHandle handle;
        try
        {
            Check(path);
            handle = File.OpenHandle(path, options: FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw Unreadable(path, e);
        }

        long length = RandomAccess.GetLength(handle), limit = Math.Min(options.MaxBytes, Array.MaxLength);
        if (length > limit)
        {
            handle.Dispose();
            throw new PhotoException($"{path} has {length:N0} bytes; the limit is {limit:N0}. Give a smaller file, or raise the limit if you trust it.");
        }

        return new PhotoFile(path, handle, (int)length);
    }

    /// <summary>Reads the whole file.</summary>
    /// <param name="bytes">Room for <see cref="Length"/> bytes.</param>
    public void Read(Span<byte> bytes)
    {
        int read = 0;
        while (read < Length)
        {
            int more = ReadFrom(read, bytes[read..Length]);
            if (more == 0)
            {
                throw new PhotoException($"{_path} became shorter while it was read ({read:N0} of {Length:N0} bytes). Try again when it is whole.");
            }

            read += more;
        }
    }

    public void Dispose() => _handle.Dispose();

    private int ReadFrom(int offset, Span<byte> bytes)
    {
        try
        {
            return RandomAccess.Read(_handle, bytes, offset);
        }
        catch (IOException e)
        {
            throw Unreadable(_path, e);
        }
    }

    /// <summary>Refuses what is no file with bytes in it, before anything is opened: opening a pipe would wait for its writer.</summary>
    private static void Check(string path)
    {
        var file = new FileInfo(path);
        const FileAttributes special = FileAttributes.ReparsePoint | FileAttributes.Directory;
        if (file.Exists && (file.Attributes & special) == 0 && file.Length > 0)
        {
            // Asked of the file system once for all three; the questions below are for telling what is wrong.
            return;
        }

        FileSystemInfo entry = file;
        if (entry.LinkTarget is { } target)
        {
            entry = entry.ResolveLinkTarget(returnFinalTarget: true)!;
            if (!entry.Exists && !Directory.Exists(path))
            {
                throw new PhotoException($"{path} is a link to {target}, which does not exist. Mend the link or leave it out.");
            }
        }

        if (Directory.Exists(path))
        {
            throw new PhotoException($"{path} is a folder; expected a picture file.");
        }

        if (!entry.Exists)
        {
            throw new PhotoException($"{path} does not exist.");
        }

        if (entry is FileInfo { Length: 0 })
        {
            throw new PhotoException($"{path} is empty (0 bytes) or no regular file; expected a picture such as JPEG or PNG.");
        }
    }

    private static PhotoException Unreadable(string path, Exception e) => new($"{path} cannot be read: {e.Message}", e);
}
