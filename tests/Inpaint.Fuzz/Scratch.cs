namespace Inpaint.Fuzz;

/// <summary>A folder of this process for readers that take paths; deleted when the process ends by itself.</summary>
internal sealed class Scratch
{
    private readonly string _folder = Directory.CreateTempSubdirectory("inpaint-fuzz-").FullName;

    public Scratch() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    };

    public string Folder => _folder;

    /// <summary>Writes a file, and the folders that it lies in.</summary>
    /// <returns>Its path.</returns>
    public string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
