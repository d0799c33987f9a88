using Inpaint.Onnx;

namespace Inpaint.ClassicGraphs;

/// <summary>
/// Pyramid fill of any mask at any size, after the pull-push algorithm of Gortler, Grzeszczuk, Szeliski and Cohen, The Lumigraph (SIGGRAPH
/// 1996). Pull: colour times weight, and weight, are reduced level by level, and the weights of each level saturate at 1. Push: from the
/// coarsest level up, each level is completed by its weights from the next coarser level, enlarged bilinearly.
/// </summary>
public static class PushPullGraph
{
    /// <summary>Levels that bring a side of 4096 pixels down to one.</summary>
    public const int DefaultLevels = 12;

    // Bilinear enlargement by two gives each coarse pixel these shares in four fine ones; the pull is its transpose.
    private static readonly float[] Shares = [0.25f, 0.75f, 0.75f, 0.25f];

    // The colour of a picture without known pixels, added to the coarsest level with a negligible weight.
    private const float NothingKnown = 0.5f;
    private const float NothingKnownWeight = 1e-12f;

    /// <summary>
    /// <c>image</c> float32 [N,3,H,W] 0..1 and <c>mask</c> float32 [N,1,H,W], 1 = hole, to <c>output</c> float32
    /// [N,3,H,W] 0..1 with the known pixels unchanged. The image's values in the hole are ignored, but must be finite.
    /// </summary>
    /// <param name="levels">
    /// Halvings, 1 or more; default 12. Sides up to 2^levels are reduced to one pixel; with longer ones the middle of a large hole may stay
    /// grey.
    /// </param>
    public static ClassicGraph Build(int levels = DefaultLevels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(levels);
        var builder = new GraphBuilder("pushpull");
        string image = builder.Input("image", DataType.Float, "N", 3, "H", "W");
        string mask = builder.Input("mask", DataType.Float, "N", 1, "H", "W");
        builder.Output("output", Fill(builder, image, mask, levels), DataType.Float, "N", 3, "H", "W");
        return ClassicGraph.ForAnyMask(builder.Build(), "pushpull", 100,
            "Fills any mask at any size from a pyramid of the known pixels' colours (pull-push of The Lumigraph, 1996).");
    }

    /// <summary>The completed picture for an image [N,3,H,W] and a mask [N,1,H,W].</summary>
    internal static string Fill(GraphBuilder builder, string image, string mask, int levels)
    {
        var graph = new Steps(builder);
        string weight = graph.Open(mask);
        string colour = builder.Node("Mul", [image, weight]);

        var pyramid = new Stack<(string Colour, string Weight)>();
        for (int level = 1; level <= levels; level++)
        {
            using IDisposable scope = builder.Scope($"pull{level}");
            pyramid.Push((colour, weight));
            (colour, weight) = graph.Pull(colour, weight);
        }

        string filled = graph.Coarsest(colour, weight);
        for (int level = levels; level >= 1; level--)
        {
            using IDisposable scope = builder.Scope($"push{level}");
            (colour, weight) = pyramid.Pop();
            filled = graph.Push(colour, weight, filled);
        }

        return filled;
    }

    // The steps share their constants.
    private sealed class Steps(GraphBuilder builder)
    {
        private readonly string one = builder.Constant("one", [1f]);
        private readonly string tiny = builder.Constant("tiny", [1e-30f]);
        private readonly string colourShares = builder.Constant("colour_shares", Kernel(3));
        private readonly string weightShares = builder.Constant("weight_shares", Kernel(1));
        private readonly string doubled = builder.Constant("doubled", [1f, 1, 2, 2]);
        private readonly string corner = builder.Constant("corner", [0L, 0]);
        private readonly string rowsAndColumns = builder.Constant("rows_and_columns", [2L, 3]);

        // The complement of a weight or a mask.
        public string Open(string weight) => builder.Node("Sub", [one, weight]);

        // Halves a level, rounding up; pixels beyond the edge have weight 0. Colours stay multiplied by the saturated weights.
        public (string Colour, string Weight) Pull(string colour, string weight)
        {
            string sum = Halve(weight, weightShares, 1);
            string saturated = builder.Node("Min", [sum, one]);
            string scale = builder.Node("Div", [saturated, builder.Node("Max", [sum, tiny])]);
            return (builder.Node("Mul", [Halve(colour, colourShares, 3), scale]), saturated);
        }

        public string Coarsest(string colour, string weight)
        {
            string sum = builder.Node("Add", [colour, builder.Constant("nothing_known_colour", [NothingKnown * NothingKnownWeight])]);
            string weights = builder.Node("Add", [weight, builder.Constant("nothing_known_weight", [NothingKnownWeight])]);
            return builder.Node("Div", [sum, weights]);
        }

        // Enlarged by exactly two and cropped, so that the grids of odd sizes stay aligned.
        public string Push(string colour, string weight, string coarser)
        {
            string enlarged = builder.Node(
                "Resize", [coarser, "", doubled], ("mode", "linear"), ("coordinate_transformation_mode", "half_pixel"));
            string size = builder.Node("Shape", [weight], ("start", 2), ("end", 4));
            string cut = builder.Node("Slice", [enlarged, corner, size, rowsAndColumns]);
            return builder.Node("Add", [colour, builder.Node("Mul", [Open(weight), cut])]);
        }

        private static TensorData Kernel(int channels)
        {
            float[] values = new float[channels * 16];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = Shares[i / 4 % 4] * Shares[i % 4];
            }

            return TensorData.Make(values, channels, 1, 4, 4);
        }

        private string Halve(string values, string shares, int channels) => builder.Node(
            "Conv",
            [values, shares],
            ("group", channels),
            ("kernel_shape", new long[] { 4, 4 }),
            ("strides", new long[] { 2, 2 }),
            ("pads", new long[] { 1, 1, 2, 2 }));
    }
}
