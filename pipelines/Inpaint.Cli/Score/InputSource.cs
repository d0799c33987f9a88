using Inpaint.CommandLine;
using Inpaint.Datasets;

namespace Inpaint.Cli.Score;

/// <summary>One input of a run: a folder, a zip, Parquet files, scenes, or the photo files that the command line names.</summary>
internal sealed class InputSource : IDisposable
{
    private static readonly string[] DatasetFiles = [".zip", ".parquet"];

    private readonly IPhotoDataset _dataset;
    private readonly string _label;
    private readonly string? _excluded;

    private InputSource(IPhotoDataset dataset, string name, string label, bool isFiles, string? excluded)
    {
        _dataset = dataset;
        _label = label;
        _excluded = excluded;
        Name = name;
        IsFiles = isFiles;
    }

    /// <summary>What its photos are told from those of another input by.</summary>
    public string Name { get; }

    /// <summary>Whether its photos are files, which the pipeline's workers read by themselves.</summary>
    public bool IsFiles { get; }

    /// <summary>Put before its photos' relative paths; empty unless another input has some of the same.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>How many photos there are, when that is known without looking at all of them.</summary>
    public long? Count => _dataset.Count;

    /// <summary>Opens what the command line names; photo files become one source.</summary>
    /// <param name="inputs">Files, folders, zips, Parquet files and scenes.</param>
    /// <param name="captionFile">Captions to use instead of the inputs' own; null for those.</param>
    /// <param name="outFolder">Full path of the output folder: pictures in it are no input.</param>
    public static List<InputSource> Open(IReadOnlyList<string> inputs, string? captionFile, string outFolder)
    {
        var sources = new List<InputSource>();
        try
        {
            string[] files = [.. inputs.Where(IsPhotoFile)];
            if (files.Length > 0)
            {
                string folder = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(files[0])))!;
                sources.Add(new InputSource(PhotoDataset.OpenFiles(files, captionFile), folder, "", isFiles: true, excluded: null));
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

    /// <summary>Its photos, with where each comes from.</summary>
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

    private static bool IsPhotoFile(string input) => File.Exists(input) && !IsDatasetFile(input);

    private static bool IsDatasetFile(string input) => DatasetFiles.Contains(Path.GetExtension(input), StringComparer.OrdinalIgnoreCase);

    private static InputSource OpenDataset(string input, string? captionFile, string outFolder)
    {
        if (string.IsNullOrWhiteSpace(input))
        {
            throw new UsageException("An INPUT is empty; expected a photo, a folder, a zip, a Parquet file, MSCOCO's layout or scenes:COUNT. Is a shell variable not set?");
        }

        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(input));
        bool isFolder = Directory.Exists(input);
        if (isFolder && full == outFolder)
        {
            throw new UsageException($"--out is '{input}', which is an input too: the completed pictures would be photos of the next run. Choose a folder beside it, or one inside it.");
        }

        IPhotoDataset dataset = PhotoDataset.Open(input, captionFile);
        bool holdsFiles = isFolder && !PhotoDataset.IsParquet(input);
        string name = IsDatasetFile(input) ? Path.GetFileNameWithoutExtension(full) : isFolder ? Path.GetFileName(full) : dataset.Name.Replace(':', '-');
        string? excluded = holdsFiles && OutputFolder.Holds(full, outFolder) ? outFolder : null;
        return new InputSource(dataset, name, isFolder || IsDatasetFile(input) ? input : dataset.Name, holdsFiles, excluded);
    }
}
