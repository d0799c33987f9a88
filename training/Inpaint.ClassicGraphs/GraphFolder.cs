using System.Globalization;
using System.Text;

namespace Inpaint.ClassicGraphs;

/// <summary>The files of a graph's folder, and the table of all folders.</summary>
public static class GraphFolder
{
    private const string TableHeading = """
        # Graphs

        Made by `dotnet run --project training/Inpaint.ClassicGraphs -- onnx` from the manifests in these folders; do not edit.

        """;

    /// <summary>File name and content, in the order of writing: the manifest last, so that a reader never meets a new manifest with an old graph.</summary>
    public static IReadOnlyList<(string File, byte[] Content)> Files(ClassicGraph graph) =>
    [
        (graph.Manifest.Graph.File, graph.Bytes),
        ("README.md", Encoding.UTF8.GetBytes(Card(graph.Manifest))),
        (GraphManifest.FileName, graph.Manifest.ToJson()),
    ];

    /// <summary>Whether a text is such a table as <see cref="Table"/> writes.</summary>
    public static bool IsTable(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.ReplaceLineEndings("\n").StartsWith(TableHeading.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    /// <summary>The text of <c>onnx/README.md</c>: a row for every folder in it with a manifest, in the order of their names.</summary>
    /// <exception cref="ManifestException">A manifest cannot be read.</exception>
    public static string Table(string folder)
    {
        var text = new StringBuilder(TableHeading + """

            hole_psnr and sharpness are those of the hidden centre (`inpaint evaluate`), where the manifest has them, each on the photos that the graph's card names: drawn scenes for one trained on scenes, so that rows are not to be compared without a look at the cards.

            | graph | what it does | picture | hole | hole_psnr | sharpness | licence |
            |---|---|---|---|---:|---:|---|

            """);
        foreach (string path in Directory.EnumerateDirectories(folder).Select(d => Path.Combine(d, GraphManifest.FileName)).Where(File.Exists).Order(StringComparer.Ordinal))
        {
            GraphManifest manifest = GraphManifest.Parse(File.ReadAllBytes(path), path);
            string at = Path.GetRelativePath(folder, Path.GetDirectoryName(path)!).Replace('\\', '/');
            text.Append(CultureInfo.InvariantCulture, $"| [{manifest.Name}]({at}/README.md) | {manifest.Description} | {SizeText(manifest.Size)} | {HoleText(manifest.Hole)} | {Score(manifest, "hole_psnr", " dB")} | {Score(manifest, "sharpness", "")} | {manifest.Provenance?.Licence} |\n");
        }

        return text.ToString();
    }

    private static string Card(GraphManifest manifest)
    {
        string inputs = string.Concat(manifest.Inputs.Select(i => $"| input `{i.Name}` | {Lower(i.Type)}, {Lower(i.Layout)}: {string.Join(", ", i.Parts.Select(PartText))} |\n"));
        return $"""
            # {manifest.Name}

            {manifest.Description}

            | | |
            |---|---|
            | picture | {SizeText(manifest.Size)} |
            | hole | {HoleText(manifest.Hole)} |
            {inputs}| output `{manifest.Output.Name}` | {Lower(manifest.Output.Type)}, {Lower(manifest.Output.Layout)}: {Lower(manifest.Output.Content)}, {Range(manifest.Output.Range)} |
            | operator set | {manifest.Graph.Opset} |
            | made by | `{manifest.Provenance?.Command}` |
            | licence | {manifest.Provenance?.Licence} |

            """;
    }

    private static string Score(GraphManifest manifest, string figure, string unit) =>
        manifest.Scores is { } scores && scores.TryGetValue("test", out IReadOnlyDictionary<string, double>? test) && test.TryGetValue(figure, out double value)
            ? value.ToString("0.00", CultureInfo.InvariantCulture) + unit
            : "";

    private static string PartText(InputPart part) => part.Role switch
    {
        PartRole.Image => $"image {Lower(part.Channels)} {Range(part.Range)}, {part.Hidden.ToString(CultureInfo.InvariantCulture)} in the hole",
        PartRole.Mask => string.Create(CultureInfo.InvariantCulture, $"mask, {part.Known} known, {part.Hole} hole"),
        _ => Lower(part.Role),
    };

    private static string SizeText(SizeContract size) => size.IsFixed
        ? $"{size.Width}x{size.Height}"
        : $"any, up to {size.MaxSide}" + (size.MultipleOf > 1 ? $", multiples of {size.MultipleOf}" : "");

    private static string HoleText(HoleContract hole) => hole.Kind == HoleKind.Free ? "any pixels" : $"{hole.Width}x{hole.Height} at ({hole.X}, {hole.Y})";

    private static string Range(IReadOnlyList<float> range) => string.Join("..", range.Select(v => v.ToString(CultureInfo.InvariantCulture)));

    private static string Lower<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
