using Inpaint.ClassicGraphs.Expressions;
using Inpaint.Onnx;

namespace Inpaint.ClassicGraphs.Patches;

/// <summary>Finds the nearest source of every target.</summary>
/// <param name="g">The graph.</param>
/// <param name="settings">The settings.</param>
/// <param name="touches">[1,1,rows,columns] of patches, 1 for those that touch the hole.</param>
/// <param name="targets">The targets' numbers, [targets].</param>
/// <param name="knownSources">The sources' numbers, [sources]; may be empty.</param>
internal sealed class PatchSearch(GraphScript g, PatchSettings settings, Value touches, Value targets, Value knownSources)
{
    // Added to the distance of a patch that is not a source; larger than any distance.
    private const float Forbidden = 1e4f;
    private const int RandomOffsets = 61;

    // Neighbours in steps of 1, 2 and 4; the larger steps in the first round of a level only.
    private static readonly long[] StepsDown = [0, 0, 1, -1, 0, 0, 2, -2, 0, 0, 4, -4];
    private static readonly long[] StepsRight = [1, -1, 0, 0, 2, -2, 0, 0, 4, -4, 0, 0];

    private readonly Value penalty = touches.Reshape(-1) * Forbidden;

    // So that there is one, which is forbidden if there is none.
    private readonly Value sources = g.Concat(0, knownSources, g.Integers(0));
    private readonly Value gridHeight = touches.Dims(2, 3), gridWidth = touches.Dims(3, 4), patchCount = touches.Reshape(-1).Dims(0, 1);

    /// <summary>More columns of each patch, [patches,n]; optional.</summary>
    public required Value? Guide { get; init; }

    /// <summary>Distance of a patch's rows in the table of rows, [1,7].</summary>
    public required Value RowOffsets { get; init; }

    /// <summary>Values of patches by their numbers, from the rows of all patches: [count,147 and more].</summary>
    public Value Patches(Value rows, Value corners)
    {
        Value pixels = rows.Gather(corners.Reshape(-1, 1) + RowOffsets).Reshape(-1, PatchLevel.Side * PatchLevel.Side * 3);
        return Guide is { } guide ? g.Concat(1, pixels, guide.Gather(corners)) : pixels;
    }

    /// <summary>Squared distances of targets and candidates, [targets].</summary>
    public Value Distance(Value rows, Value own, Value candidates) =>
        (Patches(rows, candidates) - own).Reduce("SumSquare", keep: false, 1) + penalty.Gather(candidates);

    /// <summary>The patch, if it is a source, otherwise one that depends on the target only.</summary>
    public Value SourceOr(Value patch)
    {
        Value other = sources.Gather((targets * 7919) % knownSources.Dims(0, 1).AtLeast(1));
        return g.Where(penalty.Gather(patch) > 0f, other, patch);
    }

    /// <summary>One round.</summary>
    /// <param name="rows">The rows of all patches of the current picture.</param>
    /// <param name="nearest">The source of each target so far.</param>
    /// <param name="round">The round of this level.</param>
    public (Value Nearest, Value Distance) Search(Value rows, Value nearest, Value round)
    {
        Value own = Patches(rows, targets);
        Value exact = (sources.Dims(0, 1) * targets.Dims(0, 1)) < settings.ExactPairs;
        Value[] found = g.If(
            exact, [(DataType.Int64, 1), (DataType.Float, 1)], () => Exact(rows, own), () => Propagated(rows, own, nearest, round));
        return (found[0], found[1]);
    }

    private Value[] Exact(Value rows, Value own)
    {
        Value patches = Patches(rows, sources);
        Value norms = patches.Reduce("SumSquare", keep: false, 1) + penalty.Gather(sources);
        Value distances = g.Node("Gemm", [own, patches, norms], ("transB", 1), ("alpha", -2f));
        Value nearest = sources.Gather(g.Node("ArgMin", [distances], ("axis", 1), ("keepdims", 0)));
        return [nearest, Distance(rows, own, nearest)];
    }

    private Value[] Propagated(Value rows, Value own, Value nearest, Value round)
    {
        Value[] Better(Value candidate, Value[] state)
        {
            Value distance = Distance(rows, own, candidate), better = distance < state[1];
            return [g.Where(better, candidate, state[0]), g.Where(better, distance, state[1])];
        }

        Value patches = g.Range(patchCount);
        Value steps = g.Where(round < 1, g.Integers(StepsDown.Length), g.Integers(4));
        Value[] found = g.Loop(steps, [(nearest, DataType.Int64, 1), (Distance(rows, own, nearest), DataType.Float, 1)], (i, state) =>
        {
            Value step = (g.Integers(StepsDown).Gather(i) * gridWidth) + g.Integers(StepsRight).Gather(i);
            Value sourceOf = g.Node("ScatterElements", [patches, targets, state[0]]);
            return Better((sourceOf.Gather((targets + step).Clamp(patchCount)) - step).Clamp(patchCount), state);
        });
        Value radius = touches.Dims(2, 4).Reduce("Max", keep: true, 0).Floats() * 0.5f;
        return g.Loop(
            g.Integers(settings.RandomCandidates), [(found[0], DataType.Int64, 1), (found[1], DataType.Float, 1)], (i, state) =>
            {
                Value entry = ((targets * 104729) + (round * 31) + (i * 17)) % RandomOffsets;
                Value halved = g.Floats([.. Enumerable.Range(0, settings.RandomCandidates).Select(n => 1f / (1 << n))]).Gather(i);
                Value offset = (Offsets().Gather(entry) * (radius * halved)).Integers();
                Value y = ((state[0] / gridWidth) + offset.Slice(0, 1, 1).Reshape(-1)).Clamp(gridHeight);
                Value x = ((state[0] % gridWidth) + offset.Slice(1, 2, 1).Reshape(-1)).Clamp(gridWidth);
                return Better((y * gridWidth) + x, state);
            });
    }

    // Pseudo-random rows and columns in -1..1.
    private Value Offsets()
    {
        var random = new SplitMix64(1);
        float[] values = new float[2 * RandomOffsets];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = random.Between(-1, 1);
        }

        return g.Table("random_offsets", TensorData.Make(values, RandomOffsets, 2));
    }
}
