using Inpaint.Scenes;

namespace Inpaint.CommandLine;

/// <summary>The dataset formats of all command-line programs.</summary>
public static class KnownDatasets
{
    /// <summary>Files, folders and generated scenes.</summary>
    public static DatasetFormats Formats { get; } = DatasetFormats.Files.After(SceneDataset.Format);
}
