using System.Text.Json;
using System.Text.Json.Nodes;
using Inpaint.Evaluation;
using Inpaint.ML.Rows;

namespace Inpaint.Cli.Evaluate;

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
        json["baselines"] = new JsonObject(result.Baselines.Select(b => KeyValuePair.Create(b.Key, (JsonNode?)b.Value.Scores.ToJson())));
        return json;
    }

    private static JsonObject Graph(FillEvaluation graph)
    {
        JsonObject json = graph.Scores.ToJson();
        if (graph.Words is { } words)
        {
            json["caption_words"] = new JsonObject { ["known"] = words.Known, ["unknown"] = words.Unknown };
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
        if (protocol.PerceptualNetwork is { } network)
        {
            json["perceptual_network"] = network;
        }

        json["captions"] = Node(protocol.Captions);
        json["seed"] = protocol.Seed;
        json["bootstrap_resamples"] = protocol.BootstrapResamples;
        return json;
    }

    private static JsonObject Picture(EvaluationPicture picture, EvaluationResult result)
    {
        JsonObject json = picture.WholePhoto
            ? new JsonObject { ["whole_photo"] = picture.ToString() }
            : new JsonObject { ["width"] = picture.Width, ["height"] = picture.Height };
        json["hole"] = picture.Hole is { } hole
            ? new JsonObject { ["x"] = hole.X, ["y"] = hole.Y, ["width"] = hole.Width, ["height"] = hole.Height }
            : result.Protocol.Holes;
        json["graphs"] = Node(result.Graphs.Where(g => g.Value.Picture == picture).Select(g => g.Key));
        json["baselines"] = Node(result.Baselines.Where(b => b.Value.Picture == picture).Select(b => b.Key));
        return json;
    }

    private static JsonNode Node<T>(T value) => JsonSerializer.SerializeToNode(value, StrictJson.Options)!;
}
