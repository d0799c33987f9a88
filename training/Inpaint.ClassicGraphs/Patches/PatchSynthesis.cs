using Inpaint.ClassicGraphs.Expressions;
using Inpaint.Onnx;

namespace Inpaint.ClassicGraphs.Patches;

/// <summary>
/// Fills a hole with patches of the photo itself, from coarse to fine: every patch that touches the hole takes its nearest known patch,
/// and every hidden pixel the weighted mean of what the patches over it propose, several times a level (Wexler, Shechtman and Irani,
/// Space-Time Completion of Video, PAMI 2007). Fine levels search like PatchMatch (Barnes et al., SIGGRAPH 2009), all targets at once.
/// </summary>
/// <param name="g">The graph.</param>
/// <param name="settings">The settings.</param>
/// <param name="structure">
/// The first guess: from a picture [1,3,h,w], 0 in the hole, and its mask [1,1,h,w] to a completed picture of any size.
/// </param>
/// <param name="smoothFill">A smooth completion of a picture and its mask, at their size.</param>
internal sealed class PatchSynthesis(
    GraphScript g, PatchSettings settings, Func<Value, Value, Value> structure, Func<Value, Value, Value> smoothFill)
{
    /// <summary>Photo shown around the hole's bounding box, as a multiple of its longer side, and at least this many pixels.</summary>
    private const int Context = 1, LeastContext = 64;

    /// <summary>The smaller side of the coarsest level is not reduced below this.</summary>
    private const int CoarsestSmallerSide = 16;

    /// <summary>
    /// A pixel of a reduced picture is known if this share of the pixels below it is. If that leaves less than a tenth of the picture
    /// known, as between thin lines or dots, any share counts.
    /// </summary>
    private const float KnownShare = 0.99f, AnyShare = 1e-6f, MostlyHidden = 0.9f;

    private static readonly long[] Powers = [1, 2, 4, 8, 16, 32];

    /// <summary>Completes a photo. Only the window around the hole is processed.</summary>
    /// <param name="image">Float [1,3,H,W], 0..1.</param>
    /// <param name="mask">Float [1,1,H,W], above 0.5 in the hole.</param>
    /// <returns>Float [1,3,H,W], known pixels unchanged.</returns>
    public Value Complete(Value image, Value mask)
    {
        Value hidden = mask > 0.5f;
        Value rows = Occupied(hidden, 0, 1, 3), columns = Occupied(hidden, 0, 1, 2);
        return g.If(rows.Dims(0, 1) > 0, DataType.Float, 4, () =>
        {
            Value first = g.Concat(0, rows.Reduce("Min", keep: true, 0), columns.Reduce("Min", keep: true, 0));
            Value end = g.Concat(0, rows.Reduce("Max", keep: true, 0), columns.Reduce("Max", keep: true, 0)) + 1;
            Value margin = ((end - first).Reduce("Max", keep: true, 0) * Context).AtLeast(LeastContext), size = image.Dims(2, 4);
            Value windowStart = (first - margin).AtLeast(0), windowEnd = (end + margin).AtMost(size);
            Value windowHidden = hidden.Slice(windowStart, windowEnd, 2, 3);
            Value visible = g.Where(windowHidden, g.Floats(0), image.Slice(windowStart, windowEnd, 2, 3));
            Value window = CompleteWindow(visible, windowHidden.Floats());
            Value none = g.Integers(0, 0);
            return g.Where(hidden, g.Node("Pad", [window, g.Concat(0, none, windowStart, none, size - windowEnd)]), image);
        }, () => image.Apply("Identity"));
    }

    // The indices along the remaining axis at which anything is hidden.
    private static Value Occupied(Value hidden, params ReadOnlySpan<long> axes) =>
        hidden.Floats().Reduce("Max", keep: false, axes).Positions();

    // A picture, 0 in the hole, and its mask, to the completed picture.
    private Value CompleteWindow(Value window, Value mask)
    {
        // Pixels that are added to reach the size of a patch are neither known nor returned.
        Value size = window.Dims(2, 4);
        Value pads = g.Concat(0, g.Integers(0, 0, 0, 0, 0, 0), ((PatchLevel.Side + 1) - size).AtLeast(0));
        Value known = g.Node("Pad", [1f - mask, pads]);
        Value premultiplied = g.Concat(1, g.Node("Pad", [window, pads]), known);
        Value longest = premultiplied.Dims(2, 4).Reduce("Max", keep: true, 0).AtLeast(settings.WorkingSide);
        Value workingSize = (((premultiplied.Dims(2, 4) * settings.WorkingSide) + (longest / 2)) / longest).AtLeast(PatchLevel.Side + 1);
        Value working = premultiplied.ResizeLinear(workingSize);
        (Value colours, Value hidden) = Split(working);
        Value guess = structure(colours, hidden);

        // A picture of which less is known than hidden has the structure only; of thin holes, nothing may be left.
        Value share = hidden.Reduce("Mean", keep: false, 0, 1, 2, 3).Reshape(1);
        Value largeEnough = workingSize.Reduce("Max", keep: true, 0) > (settings.SmallestSide - 1L);
        Value enough = ((share < 0.5f) & (share > 0f) & largeEnough).Integers();
        Value halvings = Halvings(workingSize);
        Value[] last = g.Loop(
            (halvings + 1) * enough,
            [(guess, DataType.Float, 4), (g.Zeros(1, 2, 1, 1), DataType.Float, 4)],
            (level, coarser) =>
            {
                Value scale = g.Integers(Powers).Gather(halvings - level);
                (Value levelColours, Value levelHidden) = Split(working.ResizeLinear((workingSize + scale - 1) / scale));
                var patches = new PatchLevel(g, settings, levelColours, levelHidden, level, isLast: level > (halvings - 1), guess);
                return patches.Complete(coarser[0], coarser[1]);
            });
        Value picture = g.Where(hidden > 0.5f, last[0].ResizeLinear(workingSize), colours);
        picture = g.If(
            enough > 0, DataType.Float, 4, () => WithoutSeam(picture, colours, hidden, last[1]), () => picture.Apply("Identity"));
        Value result = g.If(longest > settings.WorkingSide, DataType.Float, 4,
            () => Detail(premultiplied, picture, last[1]), () => picture.Apply("Identity"));
        return result.Slice(g.Integers(0, 0), size, 2, 3);
    }

    /// <summary>
    /// The completed picture less the step at the hole's edge: the difference of the known pixels around the hole from their sources is
    /// continued smoothly into the hole (after Pérez et al., Poisson Image Editing, SIGGRAPH 2003).
    /// </summary>
    private Value WithoutSeam(Value picture, Value colours, Value hidden, Value offsets)
    {
        Value near = g.Node("MaxPool", [hidden], ("kernel_shape", new long[] { 5, 5 }), ("pads", new long[] { 2, 2, 2, 2 }));
        Value ring = (near - hidden).Reshape(-1).Positions(), width = hidden.Dims(3, 4), height = hidden.Dims(2, 3);
        Value steps = PixelOffsets(offsets).Reshape(2, -1).Gather(ring, 1).Integers();
        Value y = ((ring / width) + steps.Slice(0, 1, 0).Reshape(-1)).Clamp(height);
        Value x = ((ring % width) + steps.Slice(1, 2, 0).Reshape(-1)).Clamp(width);
        Value pixels = colours.Reshape(3, -1).Transpose(1, 0);
        Value difference = pixels.Gather(ring) - pixels.Gather((y * width) + x);
        Value field = g.Node("ScatterND", [pixels * 0f, ring.Reshape(-1, 1), difference]).Transpose(1, 0);
        Value unknown = 1f - (near - hidden);
        Value smooth = smoothFill(field.Reshape(g.Concat(0, g.Integers(1, 3), hidden.Dims(2, 4))), unknown);
        return (picture + (smooth * hidden)).AtLeast(0f).AtMost(1f);
    }

    // A pixel's offset is that of the patch around it.
    private Value PixelOffsets(Value offsets)
    {
        Value pads = g.Integers(0, 0, PatchLevel.Radius, PatchLevel.Radius, 0, 0, PatchLevel.Radius, PatchLevel.Radius);
        return g.Node("Pad", [offsets, pads], ("mode", "edge"));
    }

    /// <summary>Colours, 0 in the hole, and the mask of a reduced picture.</summary>
    /// <param name="premultiplied">[1,4,h,w]: colours times the known share of the pixels below, and that share.</param>
    public static (Value Colours, Value Hidden) Split(Value premultiplied)
    {
        GraphScript g = premultiplied.Script;
        Value share = premultiplied.Slice(3, 4, 1);
        Value mostlyHidden = (share < KnownShare).Floats().Reduce("Mean", keep: true, 0, 1, 2, 3) > MostlyHidden;
        Value hidden = (share < g.Where(mostlyHidden, g.Floats(AnyShare), g.Floats(KnownShare))).Floats();
        return ((premultiplied.Slice(0, 3, 1) / share.AtLeast(AnyShare)) * (1f - hidden), hidden);
    }

    private Value Halvings(Value size)
    {
        Value larger = size.Reduce("Max", keep: true, 0), smaller = size.Reduce("Min", keep: true, 0);
        Value halved = (larger > g.Integers([.. Powers[..^1].Select(p => p * settings.CoarsestSide)]))
            & (smaller > g.Integers([.. Powers[..^1].Select(p => (2 * p * CoarsestSmallerSide) - 1)]));
        return halved.Integers().Reduce("Sum", keep: true, 0);
    }

    /// <summary>
    /// The working picture enlarged, with the detail that each pixel's source has at full size (after contextual residual aggregation, Yi
    /// et al., CVPR 2020).
    /// </summary>
    private Value Detail(Value full, Value picture, Value offsets)
    {
        Value size = full.Dims(2, 4), known = full.Slice(3, 4, 1).Reshape(-1), hidden = (known < 0.5f).Positions();
        Value smooth = picture.ResizeLinear(size).Reshape(3, -1);
        Value detail = (full.Slice(0, 3, 1).Reshape(3, -1) - smooth) * known;

        Value field = PixelOffsets(offsets).ResizeNearest(size).Reshape(2, -1).Gather(hidden, 1);
        Value steps = (field * (size.Floats() / picture.Dims(2, 4).Floats()).Reshape(2, 1)).Apply("Round").Integers();
        Value height = full.Dims(2, 3), width = full.Dims(3, 4);
        Value y = ((hidden / width) + steps.Slice(0, 1, 0).Reshape(-1)).Clamp(height);
        Value x = ((hidden % width) + steps.Slice(1, 2, 0).Reshape(-1)).Clamp(width);
        Value filled = smooth.Gather(hidden, 1) + detail.Gather((y * width) + x, 1);
        Value pixels = g.Node("ScatterND", [smooth.Transpose(1, 0), hidden.Reshape(-1, 1), filled.Transpose(1, 0)]);
        return pixels.Transpose(1, 0).Reshape(g.Concat(0, g.Integers(1, 3), size)).AtLeast(0f).AtMost(1f);
    }
}
