using System.Text.Json;
using System.Text.Json.Nodes;
using Inpaint.Evaluation;
using Inpaint.Holes;
using Inpaint.Json;
using Inpaint.ML.Rows;

namespace Inpaint.Cli.Evaluate;

/// <summary>An evaluation as one JSON object.</summary>
internal static class EvaluationJson
{
    /// <summary><c>{"photos", "bad", "bad_photos", "protocol", "graphs": {NAME: {...}}, "baselines": {NAME: {...}}}</c>.</summary>
    public static JsonObject Of(EvaluationResult result)
    {
        var json = new JsonObject
        {
            ["photos"] = result.Photos,
            ["bad"] = result.BadPhotos.Count,
        };
        if (result.BadPhotos.Count > 0)
        {
            json["bad_photos"] = Node(result.BadPhotos);
        }

        json["protocol"] = Protocol(result);
        json["graphs"] = new JsonObject(result.Graphs.Select(g => KeyValuePair.Create(g.Key, (JsonNode?)Graph(g.Value))));
        json["baselines"] = new JsonObject(result.Baselines.Select(b => KeyValuePair.Create(b.Key, (JsonNode?)Node(b.Value.Scores))));
        return json;
    }

    private static JsonObject Graph(GraphEvaluation graph)
    {
        JsonObject json = Node(graph.Scores).AsObject();
        if (graph.Words is { } words)
        {
            json["caption_words"] = Node(words);
        }

        if (graph.CaptionTest is { } test)
        {
            json["caption_test"] = new JsonObject
            {
                ["shift"] = test.Shift,
                ["hole_mse"] = Node(test.Hole),
                ["box_mse"] = test.Box is { } box ? Node(box) : null,
            };
        }

        return json;
    }

    private static JsonObject Protocol(EvaluationResult result)
    {
        EvaluationProtocol protocol = result.Protocol;
        var json = new JsonObject { ["dataset"] = protocol.Dataset };
        if (protocol.Limit is { } limit)
        {
            json["limit"] = limit;
        }

        json["pictures"] = new JsonArray([.. protocol.Pictures.Select(JsonNode (p) => Picture(p, result))]);
        json["truth"] = protocol.Truth;
        json["fill"] = protocol.Fill;
        json["captions"] = Node(protocol.Captions);
        json["seed"] = protocol.Seed;
        json["bootstrap_resamples"] = protocol.BootstrapResamples;
        return json;
    }

    private static JsonObject Picture(EvaluationPicture picture, EvaluationResult result) => new JsonObject
    {
        ["width"] = picture.Width,
        ["height"] = picture.Height,
        ["hole"] = new JsonObject { ["x"] = picture.Hole.X, ["y"] = picture.Hole.Y, ["width"] = picture.Hole.Width, ["height"] = picture.Hole.Height },
        ["graphs"] = Node(result.Graphs.Where(g => g.Value.Picture == picture).Select(g => g.Key)),
        ["baselines"] = Node(result.Baselines.Where(b => b.Value.Picture == picture).Select(b => b.Key)),
    };

    private static JsonNode Node<T>(T value) => JsonSerializer.SerializeToNode(value, StrictJson.Options)!;
}
