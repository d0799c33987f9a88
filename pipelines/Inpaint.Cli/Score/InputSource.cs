using Inpaint.CommandLine;
using Inpaint.Scenes;

namespace Inpaint.Cli.Score;

/// <summary>One input of a run: a dataset, or the photo files that the command line names.</summary>
internal sealed class InputSource : IDisposable
{
    private readonly IPhotoDataset _dataset;
    private readonly string _label;
    private readonly string? _excluded;

    private InputSource(IPhotoDataset dataset, string name, string label, string? excluded)
    {
        _dataset = dataset;
        _label = label;
        _excluded = excluded;
        Name = name;
    }

    /// <summary>The name that distinguishes its photos from those of other inputs.</summary>
    public string Name { get; }

    /// <summary>Whether its photos are files, which the workers read themselves.</summary>
    public bool IsFiles => _dataset.HoldsFiles;

    /// <summary>Whether its photos can be drawn without their objects.</summary>
    public bool HasObjects => _dataset is SceneDataset;

    /// <summary>The prefix of its photos' relative paths; empty unless another input has the same paths.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>The number of photos; null if it is unknown before all are listed.</summary>
    public long? Count => _dataset.Count;

    /// <summary>Opens the inputs of the command line; photo files become one source.</summary>
    /// <param name="inputs">Photo files and datasets.</param>
    /// <param name="captionFile">Captions that replace those of the inputs; optional.</param>
    /// <param name="outFolder">Full path of the output folder, which is excluded.</param>
    public static List<InputSource> Open(IReadOnlyList<string> inputs, string? captionFile, string outFolder)
    {
        var sources = new List<InputSource>();
        try
        {
            string[] files = [.. inputs.Where(IsPhotoFile)];
            if (files.Length > 0)
            {
                string folder = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(files[0])))!;
                sources.Add(new InputSource(new FileListDataset(files, captionFile), folder, "", excluded: null));
            }

            foreach (string input in inputs.Where(i => !IsPhotoFile(i)))
            {
                sources.Add(OpenDataset(input, captionFile, outFolder));
            }

            return sources;
        }
        catch (Exception)
        {
            sources.ForEach(s => s.Dispose());
            throw;
        }
    }

    /// <summary>Its photos with their origins.</summary>
    public IEnumerable<(PhotoRecord Record, string Input)> Read()
    {
        foreach (PhotoRecord record in _dataset.Read())
        {
            if (_excluded is null || !OutputFolder.Holds(_excluded, record.Path!))
            {
                yield return (record, record.Path ?? $"{_label}/{record.Id}");
            }
        }
    }

    public void Dispose() => _dataset.Dispose();

    private static bool IsPhotoFile(string input) => File.Exists(input) && KnownDatasets.Formats.Find(input) is null;

    private static InputSource OpenDataset(string input, string? captionFile, string outFolder)
    {
        if (string.IsNullOrWhiteSpace(input))
        {
            throw new UsageException(
                $"An INPUT is empty; expected a photo file, {KnownDatasets.Formats.Expected}. Is a shell variable not set?");
        }

        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(input));
        bool isFolder = Directory.Exists(input);
        if (isFolder && full == outFolder)
        {
            throw new UsageException(
                $"--out is '{input}', which is an input too: the next run would read the completed pictures. "
                + $"Choose a folder next to it or inside it.");
        }

        IPhotoDataset dataset = KnownDatasets.Formats.Open(input, captionFile);
        bool isFile = File.Exists(input);
        string name = isFile ? Path.GetFileNameWithoutExtension(full) : isFolder ? Path.GetFileName(full) : dataset.Name.Replace(':', '-');
        string? excluded = isFolder && dataset.HoldsFiles && OutputFolder.Holds(full, outFolder) ? outFolder : null;
        return new InputSource(dataset, name, isFolder || isFile ? input : dataset.Name, excluded);
    }
}
