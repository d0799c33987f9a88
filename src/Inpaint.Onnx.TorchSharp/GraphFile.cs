using Inpaint.Onnx.TorchSharp.Conversion;

namespace Inpaint.Onnx.TorchSharp;

/// <summary>The file of an export, written atomically, with errors that name the requested path.</summary>
internal sealed class GraphFile : IDisposable
{
    private const string WeightsEnding = ".data";
    private readonly string _path;
    private string? _weights;

    /// <summary>Checks that a file can be written there, so that a long export does not fail at its end.</summary>
    /// <exception cref="IOException">It cannot.</exception>
    public GraphFile(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        _path = Path.GetFullPath(path);
        if (Directory.Exists(_path) || Path.EndsInDirectorySeparator(_path))
        {
            throw new IOException($"'{_path}' is a folder; expected the path of a file, such as '{Path.Combine(_path, "model.onnx")}'.");
        }

        // Missing folders are created when the file is written.
        string folder = Path.GetDirectoryName(_path)!;
        while (!Path.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        string trial = Temporary(folder);
        Guarded(trial, () =>
            new FileStream(trial, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose());
    }

    /// <summary>Writes the file, or leaves the old one unchanged.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public void Write(byte[] model) => Guarded(null, () => AtomicFile.Write(_path, stream =>
    {
        stream.Write(model);
        if (_weights is not null)
        {
            // Readers look for the graph, which takes its name last.
            File.Move(Path.Combine(_weights, WeightsName), _path + WeightsEnding, overwrite: true);
        }
    }));

    /// <summary>Writes a graph's weights into a temporary folder; <see cref="Write"/> moves them next to the graph.</summary>
    /// <param name="model">The model; its weights refer to the file afterwards.</param>
    /// <param name="bytes">Bytes of the weights.</param>
    /// <returns>The folder.</returns>
    /// <exception cref="IOException">They could not be written.</exception>
    public string WriteWeights(OnnxModel model, out long bytes)
    {
        string temporary = Temporary(Path.GetDirectoryName(_path)!);
        long written = 0;
        Guarded(temporary, () =>
        {
            Directory.CreateDirectory(temporary);
            _weights = temporary;
            written = model.MoveWeights(Path.Combine(temporary, WeightsName), WeightsName);
        });
        bytes = written;
        return temporary;
    }

    /// <summary>Deletes what was not moved into place.</summary>
    public void Dispose()
    {
        if (_weights is not null && Directory.Exists(_weights))
        {
            Directory.Delete(_weights, recursive: true);
        }
    }

    private string WeightsName => Path.GetFileName(_path) + WeightsEnding;

    private string Temporary(string folder) => Path.Combine(folder, $"{Path.GetFileName(_path)}.{Guid.NewGuid():N}");

    private void Guarded(string? temporary, Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string reason = temporary is null ? e.Message : e.Message.Replace(temporary, _path, StringComparison.Ordinal);
            throw new IOException($"'{_path}' cannot be written: {reason} Choose a writable folder with enough free space.", e);
        }
    }
}
