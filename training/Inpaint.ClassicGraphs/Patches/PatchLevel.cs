using Inpaint.ClassicGraphs.Expressions;
using Inpaint.Onnx;

namespace Inpaint.ClassicGraphs.Patches;

/// <summary>
/// One level of the pyramid. Patches are named by their upper left corners, numbered row by row: targets touch the hole, sources do not.
/// </summary>
internal sealed class PatchLevel
{
    public const int Radius = 3, Side = (2 * Radius) + 1;

    private readonly GraphScript g;
    private readonly PatchSettings settings;
    private readonly Value colours, hidden, level, isLast;
    private readonly Value size, touches, gridSize, gridWidth, patchCount, targets, anySource;
    private readonly PatchSearch search;
    private readonly PatchVote vote;

    /// <param name="g">The graph.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="colours">[1,3,h,w], 0 in the hole.</param>
    /// <param name="hidden">[1,1,h,w], 1 in the hole.</param>
    /// <param name="level">The level's number, 0 for the coarsest.</param>
    /// <param name="isLast">Boolean [1]: the finest level.</param>
    /// <param name="structure">The structure, a picture of any size.</param>
    public PatchLevel(GraphScript g, PatchSettings settings, Value colours, Value hidden, Value level, Value isLast, Value structure)
    {
        (this.g, this.settings, this.colours, this.hidden, this.level, this.isLast) = (g, settings, colours, hidden, level, isLast);
        size = hidden.Dims(2, 4);
        touches = g.Node("MaxPool", [hidden], ("kernel_shape", new long[] { Side, Side }));
        (gridSize, gridWidth) = (touches.Dims(2, 4), touches.Dims(3, 4));
        Value isTarget = touches.Reshape(-1);
        patchCount = isTarget.Dims(0, 1);
        targets = isTarget.Positions();
        Value sources = (isTarget < 0.5f).Positions();
        anySource = sources.Dims(0, 1) > 0;
        search = new PatchSearch(g, settings, touches, targets, sources)
        {
            Guide = settings.Guidance.Any(w => w > 0) ? Guide(structure) : null,
            RowOffsets = g.Integers(Numbers(Side)) * gridWidth,
        };
        vote = new PatchVote(g, hidden, targets, EdgeWeights(), touches);
    }

    /// <summary>Completes the level's picture.</summary>
    /// <param name="coarser">The completed coarser picture, or a first guess: [1,3,any,any].</param>
    /// <param name="coarserOffsets">What it returned as offsets, or zeros.</param>
    /// <returns>The picture [1,3,h,w], and the offset of each target's source, rows and columns, 0 elsewhere or if there is no source:
    /// [1,2,h-6,w-6].</returns>
    public Value[] Complete(Value coarser, Value coarserOffsets)
    {
        Value picture = g.Where(hidden > 0.5f, coarser.ResizeLinear(size), colours);
        Value pixels = picture.Reshape(3, -1).Transpose(1, 0);
        Value sharpness = g.Where(isLast, g.Floats(settings.LastSharpness), g.Floats(1));
        Value nearest = Inherited(coarserOffsets);

        // The sources of the coarser level vote before the first search.
        pixels = g.If((level > 0) & anySource, DataType.Float, 2, () =>
        {
            Value rows = Rows(pixels);
            return vote.Cast(pixels, nearest, search.Distance(rows, search.Patches(rows, targets), nearest), sharpness);
        }, () => pixels.Apply("Identity"));
        Value rounds = g.Integers([.. settings.Rounds]).Gather(level) * anySource.Integers();
        Value[] last = g.Loop(rounds, [(pixels, DataType.Float, 2), (nearest, DataType.Int64, 1)], (round, state) =>
        {
            (Value found, Value distance) = search.Search(Rows(state[0]), state[1], round);
            return [vote.Cast(state[0], found, distance, sharpness), found];
        });
        Value completed = last[0].Transpose(1, 0).Reshape(g.Concat(0, g.Integers(1, 3), size));
        return [completed, Offsets(last[1]) * anySource.Floats()];
    }

    private static long[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(i => (long)i)];

    /// <summary>Pixels [h*w,3] to the rows of all patches, [h*(w-6),21].</summary>
    private Value Rows(Value pixels)
    {
        Value picture = pixels.Reshape(g.Concat(0, size, g.Integers(3)));
        Value[] columns = [.. Numbers(Side).Select(x => picture.Slice(g.Integers(x), gridWidth + x, 1))];
        return g.Concat(2, columns).Reshape(-1, Side * 3);
    }

    /// <summary>Nine samples of the smoothed picture in each patch, with the hole as in the structure: [patches,27].</summary>
    private Value Guide(Value structure)
    {
        int half = settings.GuideSide / 2;
        Value smooth = g.Node(
            "AveragePool",
            [g.Where(hidden > 0.5f, structure.ResizeLinear(size), colours)],
            ("kernel_shape", new long[] { settings.GuideSide, settings.GuideSide }), ("pads", new long[] { half, half, half, half }));
        var samples = new List<Value>();
        for (int i = 0; i < 9; i++)
        {
            Value corner = g.Integers(i / 3 * Radius, i % 3 * Radius);
            samples.Add(smooth.Slice(corner, gridSize + corner, 2, 3).Reshape(3, -1));
        }

        // As heavy as the pixels at a weight of 1.
        Value weight = (g.Floats([.. settings.Guidance]).Gather(level) * (Side * Side / 9f)).Apply("Sqrt");
        return (g.Concat(0, [.. samples]) * weight).Transpose(1, 0);
    }

    /// <summary>A weight for each target that falls with the distance of its centre from the hole's edge.</summary>
    private Value EdgeWeights()
    {
        Value[] eroded = g.Loop(g.Integers(settings.EdgeReach), [(hidden, DataType.Float, 4), (hidden, DataType.Float, 4)], (_, state) =>
        {
            Value open = g.Node("MaxPool", [1f - state[0]], ("kernel_shape", new long[] { 3, 3 }), ("pads", new long[] { 1, 1, 1, 1 }));
            return [1f - open, state[1] + (1f - open)];
        });
        Value centres = eroded[1].Slice(g.Integers(Radius, Radius), g.Integers(-Radius, -Radius), 2, 3).Reshape(-1);
        return (centres.Gather(targets) * -MathF.Log(settings.EdgeDecay)).Apply("Exp");
    }

    /// <summary>The coarser level's sources, doubled; where that is not a source, an arbitrary one.</summary>
    private Value Inherited(Value coarserOffsets)
    {
        Value doubled = (coarserOffsets.ResizeNearest(gridSize) * 2f).Reshape(2, -1).Gather(targets, 1).Integers();
        Value y = ((targets / gridWidth) + doubled.Slice(0, 1, 0).Reshape(-1)).Clamp(touches.Dims(2, 3));
        Value x = ((targets % gridWidth) + doubled.Slice(1, 2, 0).Reshape(-1)).Clamp(gridWidth);
        return search.SourceOr((y * gridWidth) + x);
    }

    private Value Offsets(Value nearest)
    {
        Value zero = g.Node("ConstantOfShape", [patchCount]), shape = g.Concat(0, g.Integers(1, 1), gridSize);
        Value Field(Value offset) => g.Node("ScatterElements", [zero, targets, offset.Floats()]).Reshape(shape);
        return g.Concat(1, Field((nearest / gridWidth) - (targets / gridWidth)), Field((nearest % gridWidth) - (targets % gridWidth)));
    }
}
