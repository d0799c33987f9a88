using Inpaint.Onnx;

namespace Inpaint.ClassicGraphs;

/// <summary>
/// The membrane fill: the hole's pixels solve the discrete Laplace equation with the ring of 128 pixels around the hole
/// as the boundary. It is linear in the ring, so the graph is a Gather and a MatMul.
/// </summary>
public static class MembraneGraph
{
    internal const int Side = 64;
    internal const int HoleSide = 32;
    internal static readonly PixelRect Hole = new(16, 16, HoleSide, HoleSide);

    // The solution's matrix transposed, [128,1024], so that it is multiplied from the right.
    private static readonly Lazy<float[]> Transposed = new(TransposedWeights);

    /// <summary>The graph in the repository: <c>image</c> float32 [N,3,64,64] 0..1 to <c>fill</c> float32 [N,3,32,32] 0..1.</summary>
    public static ClassicGraph Build()
    {
        var builder = new GraphBuilder("membrane");
        string image = builder.Input("image", DataType.Float, "N", 3, Side, Side);
        builder.Output("fill", Fill(builder, image), DataType.Float, "N", 3, HoleSide, HoleSide);
        return ClassicGraph.Pair(builder.Build(), file => new GraphManifest
        {
            Version = GraphManifest.CurrentVersion,
            Name = "membrane",
            Description = "Fills the centre like a membrane stretched over the hole (exact solution of Laplace's equation).",
            Graph = file,
            Size = new SizeContract { Height = Side, Width = Side },
            Hole = CentreHole,
            Inputs = [new InputContract { Name = "image", Parts = [new InputPart { Role = PartRole.Image }] }],
            Output = new OutputContract { Name = "fill", Content = OutputContent.Fill },
            Provenance = ClassicGraph.Provenance,
        });
    }

    internal static HoleContract CentreHole { get; } =
        new() { Kind = HoleKind.Fixed, X = Hole.X, Y = Hole.Y, Width = Hole.Width, Height = Hole.Height };

    // [N,3,64,64] to the fill [N,3,32,32], in the same range.
    internal static string Fill(GraphBuilder builder, string image)
    {
        string pixels = builder.Node("Reshape", [image, builder.Constant("pixels_shape", [0L, 3, Side * Side])]);
        string ring = builder.Node("Gather", [pixels, builder.Constant("ring", RingPixels())], ("axis", 2));
        string hole = builder.Node("MatMul", [ring, builder.Constant("weights", Weights())]);
        return builder.Node("Reshape", [hole, builder.Constant("hole_shape", [0L, 3, HoleSide, HoleSide])]);
    }

    // Indices of the ring in the flattened picture: above, below, left, right.
    private static long[] RingPixels()
    {
        IEnumerable<int> columns = Enumerable.Range(Hole.X, Hole.Width), rows = Enumerable.Range(Hole.Y, Hole.Height);
        return
        [
            .. columns.Select(x => (long)((Hole.Y - 1) * Side) + x),
            .. columns.Select(x => (long)(Hole.Bottom * Side) + x),
            .. rows.Select(y => (long)(y * Side) + Hole.X - 1),
            .. rows.Select(y => (long)(y * Side) + Hole.Right),
        ];
    }

    private static TensorData Weights() => TensorData.Make(Transposed.Value, 4 * HoleSide, HoleSide * HoleSide);

    private static float[] TransposedWeights()
    {
        double[] weights = MembraneFill.Weights(HoleSide, HoleSide);
        int holePixels = HoleSide * HoleSide, ringPixels = 4 * HoleSide;
        float[] transposed = new float[ringPixels * holePixels];
        for (int p = 0; p < holePixels; p++)
        {
            for (int r = 0; r < ringPixels; r++)
            {
                transposed[(r * holePixels) + p] = (float)weights[(p * ringPixels) + r];
            }
        }

        return transposed;
    }
}
