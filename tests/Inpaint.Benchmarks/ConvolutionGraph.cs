using System.Security.Cryptography;
using Inpaint.Onnx;
using Inpaint.Onnx.TorchSharp;

namespace Inpaint.Benchmarks;

/// <summary>
/// A convolutional graph with fixed random weights: [N,3,64,64] in, downsampled to 16x16, convolutions there, [N,3,32,32] out.
/// Its fills are meaningless, but it takes as long as a trained graph of its size.
/// </summary>
/// <param name="Name">Its name in tables.</param>
/// <param name="Channels">Channels at 32x32; twice as many at 16x16.</param>
/// <param name="Layers">Convolutions at 16x16.</param>
internal sealed record ConvolutionGraph(string Name, int Channels, int Layers)
{
    public const int Side = 64;
    public const int HoleSide = 32;

    public static readonly PixelRect Hole = new(16, 16, HoleSide, HoleSide);

    /// <summary>About 1, 5 and 150 million operations per photo.</summary>
    public static readonly ConvolutionGraph[] All = [new("small", 4, 1), new("middle", 8, 3), new("large", 32, 7)];

    public static ConvolutionGraph Middle => All[1];

    /// <summary>Millions of multiplications and additions per photo.</summary>
    public double MegaFlops
    {
        get
        {
            double inner = 2 * Channels, at32 = 32 * 32, at16 = 16 * 16;
            return 2 * 9 * ((at32 * 3 * Channels) + (at16 * ((Channels * inner) + (Layers * inner * inner) + (inner * 12)))) / 1e6;
        }
    }

    /// <summary>Writes the graph and its manifest into a folder.</summary>
    /// <returns>The folder.</returns>
    public string Write(string parent)
    {
        string folder = Path.Combine(parent, Name);
        Directory.CreateDirectory(folder);
        byte[] model = Build();
        File.WriteAllBytes(Path.Combine(folder, "model.onnx"), model);
        File.WriteAllBytes(Path.Combine(folder, GraphManifest.FileName), Manifest(model).ToJson());
        return folder;
    }

    private byte[] Build()
    {
        var builder = new GraphBuilder(Name);
        var random = new Random(1);
        string value = builder.Input("image", DataType.Float, "N", 3, Side, Side);
        value = Convolve(builder, random, value, 3, Channels, stride: 2);
        value = Convolve(builder, random, value, Channels, 2 * Channels, stride: 2);
        for (int i = 0; i < Layers; i++)
        {
            value = Convolve(builder, random, value, 2 * Channels, 2 * Channels);
        }

        value = Convolve(builder, random, value, 2 * Channels, 12, activation: "Sigmoid");
        value = builder.Node("DepthToSpace", [value], ("blocksize", 2));
        builder.Output("fill", value, DataType.Float, "N", 3, HoleSide, HoleSide);
        return builder.Build().ToBytes();
    }

    private static string Convolve(
        GraphBuilder builder, Random random, string value, int from, int to, int stride = 1, string activation = "Relu")
    {
        float[] weights = new float[to * from * 9];
        float bound = MathF.Sqrt(6f / (from * 9));
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = bound * ((2 * random.NextSingle()) - 1);
        }

        string kernel = builder.Constant("weights", TensorData.Make(weights, to, from, 3, 3));
        string sum = builder.Node(
            "Conv",
            [value, kernel],
            ("kernel_shape", new long[] { 3, 3 }),
            ("pads", new long[] { 1, 1, 1, 1 }),
            ("strides", new long[] { stride, stride }));
        return builder.Node(activation, [sum]);
    }

    private GraphManifest Manifest(byte[] model) => new()
    {
        Version = GraphManifest.CurrentVersion,
        Name = Name,
        Description = "Random weights, for benchmarks.",
        Graph = new GraphFileContract { Sha256 = Convert.ToHexStringLower(SHA256.HashData(model)) },
        Size = new SizeContract { Height = Side, Width = Side },
        Hole = new HoleContract { Kind = HoleKind.Fixed, X = Hole.X, Y = Hole.Y, Width = Hole.Width, Height = Hole.Height },
        Inputs = [new() { Name = "image", Parts = [new() { Role = PartRole.Image }] }],
        Output = new OutputContract { Name = "fill", Content = OutputContent.Fill },
    };
}
