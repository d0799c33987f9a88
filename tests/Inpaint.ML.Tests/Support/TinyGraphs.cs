using System.Security.Cryptography;
using Inpaint.ClassicGraphs;
using Inpaint.Onnx;
using Inpaint.TestSupport;

namespace Inpaint.ML.Tests.Support;

/// <summary>Graphs of a few nodes with known results.</summary>
internal static class TinyGraphs
{
    public static readonly string[] Words = ["red", "car", "boat", "tree", "house", "sky"];

    /// <summary><c>y = factor * x + 1</c> for float vectors of a fixed length.</summary>
    public static byte[] Affine(int length, float factor = 2)
    {
        var builder = new GraphBuilder("affine");
        string x = builder.Input("x", DataType.Float, "N", length);
        string scaled = builder.Node("Mul", [x, builder.Constant("factor", [factor])]);
        builder.Output("y", builder.Node("Add", [scaled, builder.Constant("one", [1f])]), DataType.Float, "N", length);
        return builder.Build().ToBytes();
    }

    /// <summary>A graph that fills the hole with the photo's mean colour, lightened by each known word of the caption.</summary>
    public static string WriteCaptionGraph(string folder, bool required, float step = 0.05f, params string[] words) =>
        WriteCaptionGraph(folder, required, step, mostWords: null, words);

    /// <summary>The same, but it fails on captions with more than <paramref name="mostWords"/> known words.</summary>
    public static string WriteCaptionGraph(string folder, bool required, float step, int? mostWords, params string[] words)
    {
        words = words.Length == 0 ? Words : words;
        var builder = new GraphBuilder("captioned");
        string image = builder.Input("image", DataType.Float, "N", 3, 64, 64);
        string caption = builder.Input("caption", DataType.Float, "N", words.Length);
        string mean = builder.Node("ReduceMean", [image], ("axes", new long[] { 2, 3 }), ("keepdims", 1));
        string weights = builder.Constant("weights", TensorData.Make([.. words.Select((_, i) => step * (i + 1))], words.Length, 1));
        string lift = builder.Node("Reshape", [builder.Node("MatMul", [caption, weights]), builder.Constant("column", [-1L, 1, 1, 1])]);
        if (mostWords is { } most)
        {
            string count = builder.Node(
                "Cast", [builder.Node("ReduceSum", [caption, builder.Constant("words", [1L])], ("keepdims", 0))],
                ("to", (int)DataType.Int64));
            string zero = builder.Node("Gather", [builder.Constant("zeros", new float[most + 1]), count]);
            lift = builder.Node("Add", [lift, builder.Node("Reshape", [zero, builder.Constant("column", [-1L, 1, 1, 1])])]);
        }

        string ones = builder.Constant("ones", TensorData.Make([.. Enumerable.Repeat(1f, 3 * 32 * 32)], 1, 3, 32, 32));
        string fill = builder.Node("Mul", [builder.Node("Add", [mean, lift]), ones]);
        builder.Output("fill", fill, DataType.Float, "N", 3, 32, 32);
        OnnxModel model = builder.Build();
        var manifest = new GraphManifest
        {
            Version = GraphManifest.CurrentVersion,
            Name = "captioned",
            Graph = new GraphFileContract { Sha256 = Convert.ToHexStringLower(SHA256.HashData(model.ToBytes())) },
            Size = new SizeContract { Height = 64, Width = 64 },
            Hole = new HoleContract { Kind = HoleKind.Fixed, X = 16, Y = 16, Width = 32, Height = 32 },
            Inputs =
            [
                new() { Name = "image", Parts = [new() { Role = PartRole.Image }] },
                new() { Name = "caption", Parts = [new() { Role = PartRole.Caption }] },
            ],
            Output = new OutputContract { Name = "fill", Content = OutputContent.Fill },
            Caption = new CaptionContract { Required = required, Vocabulary = words },
        };
        return Write(folder, model.ToBytes(), manifest);
    }

    /// <summary>Writes the membrane graph with one of its contracts.</summary>
    public static string WriteMembrane(string folder, MembraneContract contract)
    {
        ClassicGraph graph = ContractGraphs.Build(contract);
        return Write(folder, graph.Bytes, graph.Manifest);
    }

    /// <summary>Copies an included graph.</summary>
    public static string Copy(string name, string folder)
    {
        GraphPackage package = GraphPackage.Load(name);
        return Write(folder, package.Model, package.Manifest);
    }

    private static string Write(string folder, byte[] model, GraphManifest manifest)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "model.onnx"), model);
        File.WriteAllBytes(Path.Combine(folder, GraphManifest.FileName), manifest.ToJson());
        return folder;
    }
}
