using Inpaint.Datasets;
using Inpaint.Scenes;

namespace Inpaint.CommandLine;

/// <summary>The datasets that all programs of the command line take.</summary>
public static class KnownDatasets
{
    /// <summary>Files, folders and drawn scenes.</summary>
    public static DatasetFormats Formats { get; } = DatasetFormats.Files.After(SceneDataset.Format);
}
