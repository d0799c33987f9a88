using Inpaint.ClassicGraphs.Expressions;
using Inpaint.ClassicGraphs.Patches;
using Inpaint.Onnx;

namespace Inpaint.ClassicGraphs;

/// <summary>Content-aware fill: completes a photo of any size with patches of itself, without training.</summary>
public static class PatchesGraph
{
    internal const int BytesPerPixel = 300;
    internal const string Runtimes = """
        It was tried in onnxruntime-web 1.30 (WebAssembly, in Node.js): at 320x240, the fills differ from those of ONNX Runtime 1.32 by at
        most 0.000002. ONNX Runtime for Python was not available for a trial.
        """;

    private const int Opset = 18;

    // The first guess is made at this side.
    private const int GuessSide = 64, GuessLevels = 6, WorkingLevels = 9;

    /// <summary>
    /// The graph in the repository, for one photo a run: inputs and output as <see cref="ClassicGraph.ForAnyMask"/>. A photo of which
    /// less is known than hidden is completed by pull-push.
    /// </summary>
    public static ClassicGraph Build() => ClassicGraph.ForAnyMask(
        Model("patches", PatchSettings.WithoutNetwork, GuessSide, 1, (g, picture, mask) =>
            PullPush(g, picture, mask, GuessLevels)),
        "patches",
        BytesPerPixel,
        "Fills any mask at any size with patches of the photo itself (multi-scale patch synthesis after Wexler et al., 2007).") with
    {
        Notes = Runtimes,
    };

    /// <summary>A patch synthesis that starts from another graph's picture.</summary>
    /// <param name="name">The graph's name.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="side">The longer side of the picture for that graph is at most this.</param>
    /// <param name="multiple">Its sides are multiples of this.</param>
    /// <param name="structure">From picture and mask to a completed picture.</param>
    internal static OnnxModel Model(
        string name, PatchSettings settings, int side, int multiple, Func<GraphScript, Value, Value, Value> structure)
    {
        var builder = new GraphBuilder(name, Opset);
        var g = new GraphScript(builder);
        Value image = g.Input("image", DataType.Float, 1, 3, "H", "W"), mask = g.Input("mask", DataType.Float, 1, 1, "H", "W");
        var synthesis = new PatchSynthesis(g, settings, (colours, hidden) =>
        {
            (Value picture, Value pictureMask) = Reduce(g, colours, hidden, side, multiple);
            return structure(g, picture, pictureMask);
        }, (picture, hidden) => PullPush(g, picture, hidden, WorkingLevels));
        g.Output("output", synthesis.Complete(image, mask), DataType.Float, 1, 3, "H", "W");
        return builder.Build();
    }

    private static Value PullPush(GraphScript g, Value picture, Value mask, int levels) =>
        g.Use(builder => PushPullGraph.Fill(builder, picture.Name, mask.Name, levels));

    private static (Value Picture, Value Mask) Reduce(GraphScript g, Value colours, Value hidden, int side, int multiple)
    {
        Value size = hidden.Dims(2, 4), longest = size.Reduce("Max", keep: true, 0).AtLeast(side);
        Value reduced = (((((size * side) + (longest / 2)) / longest) + (multiple / 2)) / multiple).AtLeast(1) * multiple;
        return PatchSynthesis.Split(g.Concat(1, colours, 1f - hidden).ResizeLinear(reduced));
    }
}
