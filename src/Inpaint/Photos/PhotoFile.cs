using Microsoft.Win32.SafeHandles;

namespace Inpaint.Photos;

/// <summary>
/// A picture file opened for reading, after checking that it is a regular file within the size limit. Every error names it.
/// </summary>
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
            RequireRegularFile(path);
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
            throw new PhotoException(
                $"{path} has {length:N0} bytes; the limit is {limit:N0}. Use a smaller file, or raise the limit if you trust it.");
        }

        return new PhotoFile(path, handle, (int)length);
    }

    /// <summary>Reads the whole file.</summary>
    /// <param name="bytes">Receives <see cref="Length"/> bytes.</param>
    public void Read(Span<byte> bytes)
    {
        int read = 0;
        while (read < Length)
        {
            int more = ReadFrom(read, bytes[read..Length]);
            if (more == 0)
            {
                throw new PhotoException(
                    $"{_path} was truncated while it was read ({read:N0} of {Length:N0} bytes). Try again when it is complete.");
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

    /// <summary>
    /// Rejects anything but a non-empty regular file before opening it: opening a named pipe would block until somebody writes to it.
    /// </summary>
    private static void RequireRegularFile(string path)
    {
        var file = new FileInfo(path);
        const FileAttributes special = FileAttributes.ReparsePoint | FileAttributes.Directory;
        if (file.Exists && (file.Attributes & special) == 0 && file.Length > 0)
        {
            return; // one file system call; the checks below only find out what is wrong
        }

        FileSystemInfo entry = file;
        if (entry.LinkTarget is { } target)
        {
            entry = entry.ResolveLinkTarget(returnFinalTarget: true)!;
            if (!entry.Exists && !Directory.Exists(path))
            {
                throw new PhotoException($"{path} is a link to {target}, which does not exist. Fix or remove the link.");
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
            throw new PhotoException($"{path} is empty (0 bytes) or not a regular file; expected a picture such as JPEG or PNG.");
        }
    }

    private static PhotoException Unreadable(string path, Exception e) => new($"{path} cannot be read: {e.Message}", e);
}
