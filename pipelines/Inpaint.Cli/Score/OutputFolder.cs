using System.Text;
using Inpaint.CommandLine;

namespace Inpaint.Cli.Score;

/// <summary>The folder that pictures are written to, each atomically; one run at a time.</summary>
internal sealed class OutputFolder : IDisposable
{
    private const string LockName = ".inpaint.lock";
    private const int LongestName = 255;

    private readonly FileStream _lock;
    private readonly string _ending;

    /// <summary>Creates the folder and locks it for this run.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="format">Format of the pictures.</param>
    /// <exception cref="FailedException">Another run is writing to it, or it cannot be created.</exception>
    public OutputFolder(string path, PhotoFormat format)
    {
        FullPath = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        _ending = "." + format.ToString().ToLowerInvariant();
        string held = Path.Combine(FullPath, LockName);
        try
        {
            Directory.CreateDirectory(FullPath);
            _lock = new FileStream(held, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            AtomicFile.DeleteLeftovers(FullPath, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string why = File.Exists(held) ? "another run is writing to it. Wait for it, or choose another --out"
                : $"it cannot be written to: {e.Message}";
            throw new FailedException($"The folder '{path}': {why}", e);
        }
    }

    /// <summary>The folder's full path, without a trailing separator.</summary>
    public string FullPath { get; }

    public static bool Holds(string folder, string path) =>
        Path.GetFullPath(path).StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>The picture of a photo, relative to the folder, with <c>/</c>.</summary>
    public string NameOf(string key) => key + _ending;

    /// <summary>Whether a photo's picture exists with its full length.</summary>
    public bool IsWhole(string key, long bytes)
    {
        var file = new FileInfo(Path.Combine(FullPath, NameOf(key)));
        return file.Exists && file.Length == bytes;
    }

    /// <summary>Writes a photo's picture atomically.</summary>
    /// <returns>The picture, relative to the folder.</returns>
    /// <exception cref="IOException">It cannot be written, or its name is not allowed.</exception>
    public string Write(string key, ReadOnlySpan<byte> picture)
    {
        string name = NameOf(key);
        string path = Path.GetFullPath(Path.Combine(FullPath, name));
        if (!Holds(FullPath, path))
        {
            throw new IOException($"'{name}' is outside the folder '{FullPath}'; expected a relative path without '..'.");
        }

        int length = Encoding.UTF8.GetByteCount(Path.GetFileName(path));
        if (length > LongestName)
        {
            throw new IOException($"'{name}' has a name of {length} bytes; expected at most {LongestName}. Rename the photo.");
        }

        AtomicFile.Write(path, picture, durable: false);
        return name;
    }

    /// <summary>Deletes a photo's picture, if it exists.</summary>
    public void Remove(string key) => File.Delete(Path.Combine(FullPath, NameOf(key)));

    public void Dispose() => _lock.Dispose();
}
