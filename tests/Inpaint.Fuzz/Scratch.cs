namespace Inpaint.Fuzz;

/// <summary>A temporary folder for readers that take paths; deleted when the process exits.</summary>
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

    /// <summary>Writes a file, creating its folders.</summary>
    /// <returns>Its path.</returns>
    public string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
