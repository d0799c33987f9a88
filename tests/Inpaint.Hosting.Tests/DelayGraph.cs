using System.Security.Cryptography;

namespace Inpaint.Hosting.Tests;

/// <summary>A graph whose runs take as long as wished: it fills the hole with grey and counts in a loop.</summary>
internal static class DelayGraph
{
    private const int Side = 16;

    /// <summary>The graph's bytes.</summary>
    /// <param name="turns">The turns of the loop in each run.</param>
    public static byte[] Model(long turns)
    {
        var builder = new GraphBuilder("delay");
        string image = builder.Input("image", DataType.Float, "N", 3, Side, Side);
        GraphBuilder body = builder.Body("body");
        _ = body.Input("turn", DataType.Int64);
        string go = body.Input("go", DataType.Bool), before = body.Input("before", DataType.Float);
        body.Output("go_on", body.Node("Identity", [go]), DataType.Bool);
        body.Output("after", body.Node("Add", [before, body.Constant("step", TensorData.Make([0f], []))]), DataType.Float);
        string zero = builder.Node(
            "Loop",
            [builder.Constant("turns", TensorData.Make([turns], [])), builder.Constant("yes", TensorData.Make(DataType.Bool, [1])),
                builder.Constant("zero", TensorData.Make([0f], []))],
            ("body", body.Build()));
        builder.Output("fill", builder.Node("Add", [builder.Node("Mul", [image, builder.Constant("none", [0f])]), zero]),
            DataType.Float, "N", 3, Side, Side);
        return builder.Build().ToBytes();
    }

    public static GraphPackage Package(byte[] model)
    {
        var manifest = new GraphManifest
        {
            Version = GraphManifest.CurrentVersion,
            Name = "delay",
            Graph = new GraphFileContract { Sha256 = Convert.ToHexStringLower(SHA256.HashData(model)) },
            Size = new SizeContract { Height = Side, Width = Side },
            Hole = new HoleContract { Kind = HoleKind.Fixed, X = 4, Y = 4, Width = 8, Height = 8 },
            Inputs = [new() { Name = "image", Parts = [new() { Role = PartRole.Image }] }],
            Output = new OutputContract { Name = "fill", Content = OutputContent.Photo },
        };
        return GraphPackage.FromBytes(model, manifest.ToJson(), "delay");
    }
}
