using System.Security.Cryptography;
using Inpaint.ML.Rows;
using Inpaint.Onnx;

namespace Inpaint.Cli.Graphs;

/// <summary>What a graph's file does not contain and its manifest must specify.</summary>
internal static class MissingManifest
{
    /// <summary>The keys of the manifest, with the values that the graph implies.</summary>
    public static IReadOnlyList<string> MustState(string path, GraphInspectionResult graph)
    {
        using FileStream file = File.OpenRead(path);
        return
        [
            "version: 1, name and description",
            $"graph: file '{Path.GetFileName(path)}', sha256 "
                + $"{Convert.ToHexStringLower(SHA256.HashData(file))}{(graph.Opset is { } opset ? $", opset {opset}" : "")}",
            $"size: {Size(graph)}",
            "hole: fixed with x, y, width and height, or free if there is a mask input",
            .. graph.Inputs.Select(i => $"inputs: '{i.Name}', {GraphJson.Shape(i)}: {Parts(i)}"),
            .. graph.Outputs.Select(
                o => $"output{(graph.Outputs.Count > 1 ? ", one of" : "")}: '{o.Name}', {GraphJson.Shape(o)}: "
                + $"content (fill, photo or pasted), channels, and the range, or mean and std, of its numbers"),
            "caption: the vocabulary and its rules, when an input takes a caption vector",
        ];
    }

    private static string Size(GraphInspectionResult graph)
    {
        foreach (GraphValue input in graph.Inputs)
        {
            if (input.Dims is [_, var second, var third, var fourth])
            {
                bool channelsLast = fourth.Value is >= 1 and <= 8 && second.Value is not (>= 1 and <= 8);
                (GraphDimension height, GraphDimension width) = channelsLast ? (second, third) : (third, fourth);
                return height.Value is { } rows && width.Value is { } columns
                    ? $"height {rows}, width {columns}"
                    : "no height and width, as any size is accepted; multiple_of and max_side if the graph requires them";
            }
        }

        return "height and width, or multiple_of and max_side if any size is accepted";
    }

    private static string Parts(GraphValue input)
    {
        string type = input.ElementType is DataType.Float or DataType.Float16 or DataType.Uint8 ? ""
            : " (unsupported type: float, half or byte is required)";
        return (input.Dims is [_, _] ? "the part caption"
            : "layout, and its parts in order (image with channels and range, mask with known and hole, ones)") + type;
    }
}
