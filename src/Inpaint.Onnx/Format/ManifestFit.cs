namespace Inpaint.Onnx.Format;

/// <summary>The result of checking a graph against its manifest.</summary>
/// <param name="FixedBatch">The fixed batch size; null if it is dynamic.</param>
public sealed record GraphFit(int? FixedBatch);

/// <summary>Checks whether a graph matches its manifest.</summary>
public sealed class ManifestFit
{
    // Untrusted graphs may have any number of inputs with names of any length: limits for error messages.
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
    /// <param name="manifest">A valid manifest, as from <see cref="GraphManifest.Parse"/>.</param>
    /// <param name="graph">Its graph.</param>
    /// <param name="what">The pair's name in error messages; default: the manifest's name.</param>
    /// <exception cref="ManifestException">All mismatches, one per line: the key, the value found, the value expected and a
    /// remedy.</exception>
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
                "graphs with inputs other than image, mask, ones and caption are not supported; export a graph without them");
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
                $"{value.Dims[1]} words, the size of the graph's '{value.Name}'", "use the vocabulary that the graph was trained with");
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
            ? problems.Require(false, key, Lower(type), $"float32, float16 or uint8, but the graph has {value}",
                "export the graph with one of these types")
            : problems.Require(actual == type, key, Lower(type), $"{Lower(actual.Value)}, the type of the graph's '{value.Name}'");
    }

    private bool Rank(GraphValue value, int rank, string key) =>
        value.Dims is not null
            && problems.Require(value.Dims.Count == rank, key, value.ToString(), $"{rank} axes",
            "export the graph with batch, channels, rows and columns, or batch and words");

    // Dynamic axes of the graph match any size; a dynamic size in the manifest matches only dynamic axes.
    private void Picture(GraphValue value, TensorLayout layout, int channels, string channelsKey, string sizeKey, int? height, int? width)
    {
        IReadOnlyList<GraphDimension> dims = value.Dims!;
        (int c, int h, int w) = layout == TensorLayout.Nchw ? (1, 2, 3) : (3, 1, 2);
        string axes = $"{Lower(layout)} {value}";
        problems.Require(Fits(dims[c], channels), channelsKey, channels, $"{dims[c]} channels, as in the graph: {axes}",
            "check the parts and the layout");
        problems.Require(Fits(dims[h], height), $"{sizeKey}.height", height, $"{dims[h]} rows, as in the graph: {axes}",
            "check size, hole, layout and the output's content");
        problems.Require(Fits(dims[w], width), $"{sizeKey}.width", width, $"{dims[w]} columns, as in the graph: {axes}",
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
            $"a batch of {fixedBatch?.Batch}, as for '{fixedBatch?.Name}'",
            "export the graph with the same batch for all inputs");
        fixedBatch ??= (value.Name, batch);
    }

    private static bool Fits(GraphDimension dimension, int? length) => dimension.Value is not { } value || value == length;

    private static string Lower<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
