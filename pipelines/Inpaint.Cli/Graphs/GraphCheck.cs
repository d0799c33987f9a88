using Inpaint.Cli.Doctor;
using Inpaint.CommandLine;
using Spectre.Console;

namespace Inpaint.Cli.Graphs;

/// <summary>One check.</summary>
/// <param name="Check">What: <c>manifest</c>, <c>sha256</c>, <c>graph</c>, <c>fit</c> or <c>trial</c>.</param>
/// <param name="Ok">Whether it passed; null if it was skipped because an earlier check failed.</param>
/// <param name="Detail">What was found.</param>
internal sealed record GraphCheckStep(string Check, bool? Ok, string Detail);

/// <summary>The report of <c>graph check</c>.</summary>
/// <param name="Path">The graph's folder or file.</param>
/// <param name="Fits">Whether all checks passed.</param>
/// <param name="Checks">The checks.</param>
internal sealed record GraphCheckReport(string Path, bool Fits, IReadOnlyList<GraphCheckStep> Checks)
{
    /// <summary>Milliseconds per photo; null if the graph was not tried.</summary>
    public double? Milliseconds { get; init; }

    /// <summary>For a file without a manifest: what the manifest must specify.</summary>
    public IReadOnlyList<string>? ManifestMustState { get; init; }
}

internal static class GraphCheck
{
    public static int Run(CommandCall call, string nameOrFile)
    {
        ExecutionOptions execution = CommonOptions.Device.Read(call.Arguments);
        GraphCheckReport report = BareFile(nameOrFile) is { } file ? CheckFile(file)
            : CheckFolder(FolderOf(nameOrFile), execution, call.Cancellation);
        if (call.Terminal.Json)
        {
            Terminal.WriteJson(report);
        }
        else
        {
            Write(call.Terminal.Data, report);
        }

        return report.Fits ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>The path of an ONNX file without a manifest; null otherwise.</summary>
    private static string? BareFile(string path)
    {
        if (!File.Exists(path) || Path.GetFileName(path) == GraphManifest.FileName)
        {
            return null;
        }

        string manifest = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, GraphManifest.FileName);
        try
        {
            return File.Exists(manifest) && GraphManifest.Parse(
                File.ReadAllBytes(manifest), manifest).Graph.File == Path.GetFileName(path) ? null : Path.GetFullPath(path);
        }
        catch (ManifestException)
        {
            // The manifest cannot be read; checking the folder reports why.
            return null;
        }
    }

    private static string FolderOf(string nameOrFile) => File.Exists(nameOrFile)
        ? Path.GetDirectoryName(Path.GetFullPath(nameOrFile))!
        : GraphFolder.Find(nameOrFile);

    private static GraphCheckReport CheckFile(string path)
    {
        var steps = new List<GraphCheckStep> { new("manifest", null,
            $"missing: no {GraphManifest.FileName} for {Path.GetFileName(path)} in its folder") };
        GraphInspectionResult? graph = Try(steps, "graph", () => GraphInspection.Inspect(path), Describe);
        return new GraphCheckReport(path, graph is not null, steps)
        {
            ManifestMustState = graph is null ? null : MissingManifest.MustState(path, graph),
        };
    }

    private static GraphCheckReport CheckFolder(string folder, ExecutionOptions execution, CancellationToken cancellation)
    {
        var steps = new List<GraphCheckStep>();
        GraphFiles? files = Try(
            steps, "manifest", () => GraphFiles.Read(folder, folder), f => $"version {f.Manifest.Version}, name '{f.Manifest.Name}'");
        if (files is null)
        {
            Skip(steps, "sha256", "graph", "fit", "trial");
            return new GraphCheckReport(folder, false, steps);
        }

        steps.Add(new GraphCheckStep("sha256", files.HashAgrees, files.HashAgrees
            ? files.Sha256
            : $"graph.sha256 is {files.Manifest.Graph.Sha256}, but {files.Manifest.Graph.File} has {files.Sha256}. "
                + $"Write the graph first and the manifest last, with the hash of that graph."));
        GraphInspectionResult? graph = Try(
            steps, "graph", () => GraphInspection.Inspect(files.Model, what: Path.Combine(folder, files.Manifest.Graph.File)), Describe);
        if (graph is null)
        {
            Skip(steps, "fit", "trial");
            return new GraphCheckReport(folder, false, steps);
        }

        GraphFit? fit = Try(
            steps, "fit", () => ManifestFit.Check(files.Manifest, graph, folder), f => f.FixedBatch is { } batch
            ? $"names, types and shapes agree; exactly {batch} photos per run" : "names, types and shapes agree");
        if (fit is null || !files.HashAgrees)
        {
            Skip(steps, "trial");
            return new GraphCheckReport(folder, false, steps);
        }

        GraphTrial? trial = Try(steps, "trial", () => GraphTrial.Run(files, folder, execution, cancellation), t => t.Describe());
        return new GraphCheckReport(folder, trial is not null, steps) { Milliseconds = trial?.Milliseconds };
    }

    private static T? Try<T>(List<GraphCheckStep> steps, string check, Func<T> work, Func<T, string> describe) where T : class
    {
        try
        {
            T found = work();
            steps.Add(new GraphCheckStep(check, true, describe(found)));
            return found;
        }
        catch (Exception e) when (e is InpaintException or IOException or UnauthorizedAccessException)
        {
            steps.Add(new GraphCheckStep(check, false, e.Message));
            return null;
        }
    }

    private static void Skip(List<GraphCheckStep> steps, params string[] checks) =>
        steps.AddRange(checks.Select(c => new GraphCheckStep(c, null, "skipped because of the errors above")));

    private static string Describe(GraphInspectionResult graph) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"opset {graph.Opset}, {graph.Operators.Values.Sum():N0} nodes, {graph.Parameters:N0} parameters, no external data");

    private static void Write(IAnsiConsole console, GraphCheckReport report)
    {
        console.WriteLine(report.Path);
        foreach (GraphCheckStep step in report.Checks)
        {
            string sign = step.Ok switch { true => "[green]ok[/]  ", false => "[red]no[/]  ", null => "[grey]-[/]   " };
            console.MarkupLine($"{sign}{step.Check,-9} {Markup.Escape(step.Detail)}");
        }

        if (report.ManifestMustState is { } lines)
        {
            console.WriteLine($"To use it, put a {GraphManifest.FileName} next to it that specifies:");
            foreach (string line in lines)
            {
                console.WriteLine($"  {line}");
            }
        }
        else
        {
            console.WriteLine(report.Fits ? "Graph and manifest are consistent." : "Graph and manifest are inconsistent.");
        }
    }
}
