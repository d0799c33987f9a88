using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Inpaint.CommandLine;
using Inpaint.ML.Rows;
using Spectre.Console;

namespace Inpaint.Cli.Graphs;

/// <summary><c>inpaint graph show</c>: the content of a graph and its manifest.</summary>
internal static class GraphShow
{
    private const int NamedWords = 12;

    public static int Run(CommandCall call, string nameOrPath)
    {
        string folder = GraphFolder.Find(nameOrPath);
        GraphFiles files = GraphFiles.Read(folder, folder);
        GraphInspectionResult graph = GraphInspection.Inspect(files.Model, what: Path.Combine(folder, files.Manifest.Graph.File));
        if (call.Terminal.Json)
        {
            Terminal.WriteJson(ToJson(files, folder, graph));
            return ExitCode.Done;
        }

        Grid grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn();
        foreach ((string key, string value) in Lines(files, folder, graph))
        {
            grid.AddRow($"[grey]{Markup.Escape(key)}[/]", Markup.Escape(value));
        }

        call.Terminal.Data.Write(grid);
        if (!files.HashAgrees)
        {
            call.Terminal.Warn(
                $"{folder}: graph.sha256 is {files.Manifest.Graph.Sha256}, which is not the graph's hash. The pair cannot be used; "
                + $"see 'inpaint graph check {nameOrPath}'.");
        }

        return ExitCode.Done;
    }

    private static IEnumerable<(string Key, string Value)> Lines(GraphFiles files, string folder, GraphInspectionResult graph)
    {
        GraphManifest manifest = files.Manifest;
        yield return ("name", manifest.Name);
        yield return ("description", manifest.Description ?? "–");
        yield return ("file", Text($"{Path.Combine(folder, manifest.Graph.File)}, {files.Model.Length:N0} bytes"));
        yield return ("sha256", files.Sha256);
        yield return ("picture", GraphWords.Size(manifest.Size));
        yield return ("hole", GraphWords.Hole(manifest.Hole));
        foreach (InputContract input in manifest.Inputs)
        {
            yield return ($"input {input.Name}", $"{GraphWords.Parts(input)}; in the graph {Value(graph.Inputs, input.Name)}");
        }

        yield return (
            $"output {manifest.Output.Name}", $"{GraphWords.Output(manifest.Output)}; "
            + $"in the graph {Value(graph.Outputs, manifest.Output.Name)}");
        if (manifest.Caption is { } caption)
        {
            string more = caption.Vocabulary.Count > NamedWords ? ", ..." : "";
            string rules = $"{caption.Encoding}, {caption.Combine}".ToLowerInvariant() + (caption.Required ? ", required" : "");
            string words = string.Join(", ", caption.Vocabulary.Take(NamedWords));
            yield return ("captions", Text($"{rules}; {caption.Vocabulary.Count:N0} words: {words}{more}"));
        }

        yield return ("operator sets", string.Join(", ", graph.Opsets.Select(o => Text($"{o.Key} {o.Value}"))));
        yield return ("operators", string.Join(", ", graph.Operators.Select(o => Text($"{o.Key[(o.Key.IndexOf(':') + 1)..]} {o.Value}"))));
        yield return ("parameters", Text($"{graph.Parameters:N0} numbers, {graph.ParameterBytes:N0} bytes"));
        yield return ("producer", graph.Producer.Length > 0 ? graph.Producer : "–");
        foreach ((string key, string value) in ProvenanceLines(manifest.Provenance))
        {
            yield return (key, value);
        }

        foreach ((string split, IReadOnlyDictionary<string, double> scores) in manifest.Scores?.AsEnumerable() ?? [])
        {
            yield return ($"scores on {split}", string.Join(", ", scores.Select(s => Text($"{s.Key} {s.Value:0.#####}"))));
        }
    }

    private static IEnumerable<(string Key, string Value)> ProvenanceLines(Provenance? provenance)
    {
        (string Key, string? Value)[] lines =
        [
            ("created by", provenance?.Source),
            ("command", provenance?.Command),
            ("photos", provenance?.Data is { Count: > 0 } data ? string.Join(", ", data) : null),
            ("seed", provenance?.Seed?.ToString(CultureInfo.InvariantCulture)),
            ("licence", provenance?.Licence),
            ("licence of photos", provenance?.DataLicence),
        ];
        return lines.Where(l => l.Value is not null).Select(l => (l.Key, l.Value!));
    }

    private static JsonObject ToJson(GraphFiles files, string folder, GraphInspectionResult graph) => new()
    {
        ["folder"] = folder,
        ["bytes"] = files.Model.LongLength,
        ["sha256"] = files.Sha256,
        ["sha256_agrees"] = files.HashAgrees,
        ["manifest"] = JsonSerializer.SerializeToNode(files.Manifest, StrictJson.Options),
        ["graph"] = GraphJson.Of(graph),
    };

    private static string Value(IReadOnlyList<GraphValue> values, string name) =>
        values.FirstOrDefault(v => v.Name == name) is { } value ? GraphJson.Shape(value) : "it is missing";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
