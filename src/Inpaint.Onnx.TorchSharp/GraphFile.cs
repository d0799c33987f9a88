using Inpaint.Onnx.TorchSharp.Conversion;

namespace Inpaint.Onnx.TorchSharp;

/// <summary>The file that an export writes: whole or not at all, with errors that name the path it was asked for.</summary>
internal sealed class GraphFile : IDisposable
{
    private const string WeightsEnding = ".data";
    private readonly string _path;
    private string? _weights;

    /// <summary>Looks whether a file can be written there, so that a long export does not end for nothing.</summary>
    /// <exception cref="IOException">It cannot.</exception>
    public GraphFile(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        _path = Path.GetFullPath(path);
        if (Directory.Exists(_path) || Path.EndsInDirectorySeparator(_path))
        {
            throw new IOException($"'{_path}' is a folder; expected the path of a file, such as '{Path.Combine(_path, "model.onnx")}'.");
        }

        // Folders that are missing are made when there is something to write.
        string folder = Path.GetDirectoryName(_path)!;
        while (!Path.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        string trial = Temporary(folder);
        Guarded(trial, () => new FileStream(trial, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose());
    }

    /// <summary>Writes the file, or leaves what was there.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public void Write(byte[] model)
    {
        string folder = Path.GetDirectoryName(_path)!, whole = Temporary(folder);
        Guarded(whole, () =>
        {
            Directory.CreateDirectory(folder);
            try
            {
                File.WriteAllBytes(whole, model);
                if (_weights is not null)
                {
                    // The graph last: it is what a reader looks for.
                    File.Move(Path.Combine(_weights, WeightsName), _path + WeightsEnding, overwrite: true);
                }

                File.Move(whole, _path, overwrite: true);
            }
            finally
            {
                // Gone already when all went well.
                if (File.Exists(whole))
                {
                    File.Delete(whole);
                }
            }
        });
    }

    /// <summary>Writes a graph's weights into a folder of their own for the time being; <see cref="Write"/> puts them beside the graph.</summary>
    /// <param name="graph">The graph; its weights afterwards say where they are.</param>
    /// <param name="bytes">Bytes of the weights.</param>
    /// <returns>The folder.</returns>
    /// <exception cref="IOException">They could not be written.</exception>
    public string WriteWeights(Proto.GraphProto graph, out long bytes)
    {
        string temporary = Temporary(Path.GetDirectoryName(_path)!);
        long written = 0;
        Guarded(temporary, () =>
        {
            Directory.CreateDirectory(temporary);
            _weights = temporary;
            written = ExternalWeights.Write(graph, Path.Combine(temporary, WeightsName), WeightsName);
        });
        bytes = written;
        return temporary;
    }

    /// <summary>Takes away what was not written to its end.</summary>
    public void Dispose()
    {
        if (_weights is not null && Directory.Exists(_weights))
        {
            Directory.Delete(_weights, recursive: true);
        }
    }

    private string WeightsName => Path.GetFileName(_path) + WeightsEnding;

    private string Temporary(string folder) => Path.Combine(folder, $"{Path.GetFileName(_path)}.{Guid.NewGuid():N}");

    private void Guarded(string temporary, Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"'{_path}' cannot be written: {e.Message.Replace(temporary, _path, StringComparison.Ordinal)} Choose a folder that this program may write to and that has room.", e);
        }
    }
}
