using System.Security.Cryptography;
using Inpaint.Onnx;

namespace Inpaint.TestSupport;

/// <summary>Graphs with simple fills, whose scores can be computed by hand.</summary>
internal static class EvaluationGraphs
{
    /// <summary>Fills the centre half of a square picture with one colour in 0..1.</summary>
    public static GraphPackage OneColour(float red, float green, float blue, int side = 64)
    {
        var builder = new GraphBuilder("one_colour");
        string zero = Zero(builder, builder.Input("image", DataType.Float, "N", 3, side, side));
        string colour = builder.Constant("colour", TensorData.Make([red, green, blue], 1, 3, 1, 1));
        return Pack(builder, builder.Node("Add", [zero, colour]), side, null);
    }

    /// <summary>Fills the centre half of a 64x64 picture with the sum of the colours of the caption's words; black without words.</summary>
    public static GraphPackage ColourOfWords(IReadOnlyList<(string Word, float[] Rgb)> words, bool required = false)
    {
        var builder = new GraphBuilder("colour_of_words");
        string zero = Zero(builder, builder.Input("image", DataType.Float, "N", 3, 64, 64));
        string vector = builder.Input("words", DataType.Float, "N", words.Count);
        string table = builder.Constant("colours", TensorData.Make([.. words.SelectMany(w => w.Rgb)], words.Count, 3));
        string colour = builder.Node("Reshape", [builder.Node("MatMul", [vector, table]), builder.Constant("shape", [0L, 3, 1, 1])]);
        var caption = new CaptionContract { Required = required, Vocabulary = [.. words.Select(w => w.Word)] };
        return Pack(builder, builder.Node("Add", [zero, colour]), 64, caption);
    }

    /// <summary>Zeros, [N,3,1,1], computed from the picture, so that the graph uses its input.</summary>
    private static string Zero(GraphBuilder builder, string image)
    {
        string mean = builder.Node("ReduceMean", [image], ("axes", new long[] { 2, 3 }), ("keepdims", 1));
        return builder.Node("Mul", [mean, builder.Constant("nothing", [0f])]);
    }

    private static GraphPackage Pack(GraphBuilder builder, string colour, int side, CaptionContract? caption)
    {
        int half = side / 2;
        string area = builder.Constant("area", TensorData.Make(new float[half * half], 1, 1, half, half));
        builder.Output("fill", builder.Node("Add", [colour, area]), DataType.Float, "N", 3, half, half);
        byte[] model = builder.Build().ToBytes();
        InputContract image = new() { Name = "image", Parts = [new InputPart { Role = PartRole.Image }] };
        InputContract words = new() { Name = "words", Parts = [new InputPart { Role = PartRole.Caption }] };
        var manifest = new GraphManifest
        {
            Version = GraphManifest.CurrentVersion,
            Name = "by-hand",
            Graph = new GraphFileContract { Sha256 = Convert.ToHexStringLower(SHA256.HashData(model)) },
            Size = new SizeContract { Height = side, Width = side },
            Hole = new HoleContract { Kind = HoleKind.Fixed, X = side / 4, Y = side / 4, Width = half, Height = half },
            Inputs = caption is null ? [image] : [image, words],
            Output = new OutputContract { Name = "fill", Content = OutputContent.Fill },
            Caption = caption,
        };
        return GraphPackage.FromBytes(model, manifest.ToJson(), "the test graph");
    }
}
