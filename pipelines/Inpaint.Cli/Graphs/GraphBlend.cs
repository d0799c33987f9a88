using Inpaint.CommandLine;
using Inpaint.ML.Rows;
using Inpaint.Settings;

namespace Inpaint.Cli.Graphs;

/// <summary>The settings of <c>graph blend</c>.</summary>
internal sealed record GraphBlendSettings
{
    /// <summary>The second graph's share.</summary>
    [Setting("The share of B: the weights are (1 - alpha) A + alpha B.", Min = 0, Max = 1)]
    public double Alpha { get; init; } = 0.5;
}

/// <summary><c>inpaint graph blend</c>: a graph with the interpolated weights of two.</summary>
internal static class GraphBlend
{
    public static int Run(CommandCall call, string first, string second, double alpha, string folder)
    {
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            throw new UsageException($"--out {folder} exists; expected a new or empty folder. Give another, or delete it.");
        }

        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        GraphPackage blend = GraphBlending.Blend(Load(first), Load(second), alpha, name);
        AtomicFile.Write(Path.Combine(folder, blend.Manifest.Graph.File), blend.Model);
        AtomicFile.Write(Path.Combine(folder, GraphManifest.FileName), blend.ManifestJson);
        call.Terminal.Say($"{folder}: {blend.Manifest.Description} Measure it with 'inpaint evaluate DATASET --graph {folder}'.");
        return ExitCode.Done;
    }

    private static GraphPackage Load(string nameOrPath) => GraphPackage.LoadFolder(GraphFolder.Find(nameOrPath), nameOrPath);
}
