using Inpaint.ClassicGraphs.Expressions;
using Inpaint.Onnx;

namespace Inpaint.ClassicGraphs.Patches;

/// <summary>Gives every hidden pixel the weighted mean of the pixels that the sources of the targets over it propose.</summary>
internal sealed class PatchVote
{
    private const int PatchPixels = PatchLevel.Side * PatchLevel.Side;

    private readonly GraphScript g;
    private readonly Value edgeWeights, gridWidth, width, hiddenPixels, voters, within;

    /// <param name="g">The graph.</param>
    /// <param name="hidden">[1,1,h,w], 1 in the hole.</param>
    /// <param name="targets">The targets' numbers.</param>
    /// <param name="edgeWeights">A weight of each target, [targets].</param>
    /// <param name="touches">[1,1,rows,columns] of patches, 1 for targets.</param>
    public PatchVote(GraphScript g, Value hidden, Value targets, Value edgeWeights, Value touches)
    {
        (this.g, this.edgeWeights) = (g, edgeWeights);
        (gridWidth, width) = (touches.Dims(3, 4), hidden.Dims(3, 4));
        Value patchCount = touches.Reshape(-1).Dims(0, 1);
        hiddenPixels = hidden.Reshape(-1).Positions();
        Value down = g.Integers([.. Enumerable.Range(0, PatchPixels).Select(i => (long)(i / PatchLevel.Side))]);
        Value right = g.Integers([.. Enumerable.Range(0, PatchPixels).Select(i => (long)(i % PatchLevel.Side))]);
        within = (down * width) + right;

        // For every hidden pixel, the places in the list of targets of the patches over it, or the list's length: [hidden,49].
        Value places = g.Node("ScatterElements", [
            g.Node("ConstantOfShape", [patchCount], ("value", TensorData.Make([0L], 1))), targets, g.Range(targets.Dims(0, 1))]);
        Value y = (hiddenPixels / width).Reshape(-1, 1) - down, x = (hiddenPixels % width).Reshape(-1, 1) - right;
        Value exists = (y > -1) & (x > -1) & (y < touches.Dims(2, 3)) & (x < gridWidth);
        voters = g.Where(exists, places.Gather(((y * gridWidth) + x).Clamp(patchCount)), targets.Dims(0, 1));
    }

    /// <summary>The pixels [h*w,3] with new colours in the hole.</summary>
    /// <param name="pixels">[h*w,3].</param>
    /// <param name="sources">The source of each target.</param>
    /// <param name="distances">Their distances.</param>
    /// <param name="sharpness">How strongly near sources outweigh others, [1].</param>
    public Value Cast(Value pixels, Value sources, Value distances, Value sharpness)
    {
        Value variance = (distances.Reduce("Mean", keep: true, 0) * 2f) + 1e-6f;
        Value nearness = g.Node("Neg", [((distances * sharpness) / variance).AtMost(60f)]).Apply("Exp");
        Value weights = g.Concat(0, (nearness * edgeWeights) + 1e-30f, g.Floats(0));
        Value corners = g.Concat(0, ((sources / gridWidth) * width) + (sources % gridWidth), g.Integers(0));
        Value colours = pixels.Gather(corners.Gather(voters) + within), votes = weights.Gather(voters);
        Value sum = (colours * votes.Reshape(0, 0, 1)).Reduce("Sum", keep: false, 1);
        Value voted = sum / votes.Reduce("Sum", keep: true, 1);
        return g.Node("ScatterND", [pixels, hiddenPixels.Reshape(-1, 1), voted]);
    }
}
