using Inpaint.Graphs;
using Inpaint.Json;

namespace Inpaint.Onnx.Format;

/// <summary>What a fitting pair tells.</summary>
/// <param name="FixedBatch">Photos in every run, when the graph takes no other number; null when any goes.</param>
public sealed record GraphFit(int? FixedBatch);

/// <summary>Whether a graph and a manifest fit.</summary>
public sealed class ManifestFit
{
    // A stranger's graph may have any number of inputs with names of any length: errors show these.
    private const int LongestName = 100;
    private const int MostNames = 20;
    private readonly GraphManifest manifest;
    private readonly GraphInspectionResult graph;
    private readonly ManifestProblems problems = new();
    private (string Name, long Batch)? fixedBatch;

    private ManifestFit(GraphManifest manifest, GraphInspectionResult graph)
    {
        this.manifest = manifest;
        this.graph = graph;
    }

    /// <summary>Checks names, element types, shapes and operator set.</summary>
    /// <param name="manifest">A manifest that <see cref="ManifestValidator"/> lets pass.</param>
    /// <param name="graph">The graph beside it.</param>
    /// <param name="what">What error messages call the pair; null for the manifest's name.</param>
    /// <exception cref="ManifestException">All that does not fit, a line each: key, what was found, what was expected, what to
    /// do.</exception>
    public static GraphFit Check(GraphManifest manifest, GraphInspectionResult graph, string? what = null)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(graph);
        var fit = new ManifestFit(manifest, graph);
        fit.Inputs();
        fit.Output();
        fit.problems.Require(
            manifest.Graph.Opset is null || manifest.Graph.Opset == graph.Opset,
            "graph.opset",
            manifest.Graph.Opset,
            $"{graph.Opset?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "no such key"}, as in the graph",
            "is it the graph that the manifest was written for?");
        fit.problems.ThrowIfAny(what ?? manifest.Name);
        return new GraphFit((int?)fit.fixedBatch?.Batch);
    }

    private void Inputs()
    {
        for (int i = 0; i < manifest.Inputs.Count; i++)
        {
            InputContract input = manifest.Inputs[i];
            if (Find(graph.Inputs, input.Name, $"inputs[{i}].name", "an input") is { } value
                && TypeFits(input.Type, value, $"inputs[{i}].type"))
            {
                Batch(value, $"inputs[{i}]");
                Shape(value, input, $"inputs[{i}]");
            }
        }

        foreach (GraphValue value in graph.Inputs.Where(v => manifest.Inputs.All(i => i.Name != v.Name)))
        {
            problems.Add(
                "inputs",
                manifest.Inputs.Select(i => i.Name).ToArray(),
                $"every input of the graph, which also takes {value}",
                "a graph that needs more than image, mask, ones and caption cannot be used; export one that does not");
        }
    }

    private void Shape(GraphValue value, InputContract input, string key)
    {
        bool caption = input.Parts is [{ Role: PartRole.Caption }];
        if (!Rank(value, caption ? 2 : 4, $"{key}.parts"))
        {
            return;
        }

        if (caption)
        {
            int words = manifest.Caption?.Vocabulary.Count ?? 0;
            problems.Require(Fits(value.Dims![1], words), "caption.vocabulary", words,
                $"{value.Dims[1]} words, as the graph's '{value.Name}' takes", "use the vocabulary that the graph was trained with");
            return;
        }

        int channels = input.Parts.Sum(p => p.Role == PartRole.Image ? 3 : 1);
        Picture(value, input.Layout, channels, $"{key}.parts", "size", manifest.Size.Height, manifest.Size.Width);
    }

    private void Output()
    {
        OutputContract output = manifest.Output;
        if (Find(graph.Outputs, output.Name, "output.name", "an output") is not { } value
            || !TypeFits(output.Type, value, "output.type")
            || !Rank(value, 4, "output"))
        {
            return;
        }

        bool fill = output.Content == OutputContent.Fill;
        Picture(value, output.Layout, 3, "output", fill ? "hole" : "size", fill ? manifest.Hole.Height : manifest.Size.Height, fill
            ? manifest.Hole.Width : manifest.Size.Width);
    }

    private GraphValue? Find(IReadOnlyList<GraphValue> values, string name, string key, string kind)
    {
        GraphValue? value = values.FirstOrDefault(v => v.Name == name);
        if (value is null)
        {
            GraphValue[] shown = [.. values.Where(v => v.Name.Length <= LongestName).Take(MostNames)];
            string? nearest = StrictJson.Nearest(name, shown.Select(v => v.Name));
            problems.Add(key, name, $"{kind} of the graph: {string.Join("; ", (object[])shown)}", nearest is null ? null
                : $"did you mean '{nearest}'?");
        }

        return value;
    }

    private bool TypeFits(ElementType type, GraphValue value, string key)
    {
        ElementType? actual = value.ElementType switch
        {
            DataType.Float => ElementType.Float32,
            DataType.Float16 => ElementType.Float16,
            DataType.Uint8 => ElementType.Uint8,
            _ => null,
        };
        return actual is null
            ? problems.Require(false, key, Lower(type), $"what the graph has, but {value} is none of float32, float16 and uint8",
                "export the graph with one of these")
            : problems.Require(actual == type, key, Lower(type), $"{Lower(actual.Value)}, as the graph's '{value.Name}' is");
    }

    private bool Rank(GraphValue value, int rank, string key) =>
        value.Dims is not null
            && problems.Require(value.Dims.Count == rank, key, value.ToString(), $"{rank} axes",
            "export the graph with batch, channels, rows and columns, or batch and words");

    // Dynamic axes of the graph fit everything; a dynamic size in the manifest fits dynamic axes alone.
    private void Picture(GraphValue value, TensorLayout layout, int channels, string channelsKey, string sizeKey, int? height, int? width)
    {
        IReadOnlyList<GraphDimension> dims = value.Dims!;
        (int c, int h, int w) = layout == TensorLayout.Nchw ? (1, 2, 3) : (3, 1, 2);
        string axes = $"{Lower(layout)} {value}";
        problems.Require(Fits(dims[c], channels), channelsKey, channels, $"{dims[c]} channels, as the graph says: {axes}",
            "check the parts and the layout");
        problems.Require(Fits(dims[h], height), $"{sizeKey}.height", height, $"{dims[h]} rows, as the graph says: {axes}",
            "check size, hole, layout and the output's content");
        problems.Require(Fits(dims[w], width), $"{sizeKey}.width", width, $"{dims[w]} columns, as the graph says: {axes}",
            "check size, hole, layout and the output's content");
    }

    private void Batch(GraphValue value, string key)
    {
        if (value.Dims is not [{ Value: { } batch }, ..])
        {
            return;
        }

        problems.Require(batch is > 0 and <= int.MaxValue, key, value.ToString(), "a batch of at least 1", "export the graph again");
        problems.Require(
            fixedBatch is null || fixedBatch.Value.Batch == batch,
            key,
            value.ToString(),
            $"a batch of {fixedBatch?.Batch}, as '{fixedBatch?.Name}' has",
            "export the graph with one batch for all inputs");
        fixedBatch ??= (value.Name, batch);
    }

    private static bool Fits(GraphDimension dimension, int? length) => dimension.Value is not { } value || value == length;

    private static string Lower<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
