using System.Text.Json;
using System.Text.Json.Nodes;
using Inpaint.ML.Rows;

namespace Inpaint.Cli.Graphs;

/// <summary>The result of an inspection, as JSON.</summary>
internal static class GraphJson
{
    /// <summary>Opsets, operators, inputs, outputs, parameters and producer.</summary>
    public static JsonObject Of(GraphInspectionResult graph) => new()
    {
        ["producer"] = graph.Producer,
        ["ir_version"] = graph.IrVersion,
        ["opsets"] = Node(graph.Opsets),
        ["operators"] = Node(graph.Operators),
        ["inputs"] = Values(graph.Inputs),
        ["outputs"] = Values(graph.Outputs),
        ["parameters"] = graph.Parameters,
        ["parameter_bytes"] = graph.ParameterBytes,
    };

    /// <summary>Such as <c>Float [N,3,64,64]</c>.</summary>
    public static string Shape(GraphValue value) =>
        $"{value.ElementType} {(value.Dims is null ? "of unknown rank" : $"[{string.Join(',', value.Dims)}]")}";

    private static JsonArray Values(IReadOnlyList<GraphValue> values) => [.. values.Select(JsonNode (v) => new JsonObject
    {
        ["name"] = v.Name,
        ["type"] = v.ElementType.ToString().ToLowerInvariant(),
        ["dims"] = v.Dims is null ? null : new JsonArray([.. v.Dims.Select(Dimension)]),
    })];

    private static JsonValue? Dimension(GraphDimension dimension) =>
        dimension.Value is { } length ? JsonValue.Create(length) : dimension.Name is { } name ? JsonValue.Create(name) : null;

    private static JsonNode? Node<T>(T value) => JsonSerializer.SerializeToNode(value, StrictJson.Options);
}
