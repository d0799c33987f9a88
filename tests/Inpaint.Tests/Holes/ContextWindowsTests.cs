namespace Inpaint.Tests;

public sealed class ContextWindowsTests
{
    public static TheoryData<string, PixelRect, int, int, double, PixelRect> ByHand => new()
    {
        { "a hole twice as wide as high", new(1000, 900, 200, 100), 3000, 2000, 1, new(800, 700, 600, 500) },
        { "half of the longer side", new(1000, 900, 200, 100), 3000, 2000, 0.5, new(900, 800, 400, 300) },
        { "a small hole: 64 pixels", new(500, 500, 10, 20), 1000, 1000, 1, new(436, 436, 138, 148) },
        { "no context: 64 pixels", new(500, 500, 300, 20), 1000, 1000, 0, new(436, 436, 428, 148) },
        { "the fraction of a pixel is rounded up", new(500, 500, 101, 1), 1000, 1000, 0.75, new(424, 424, 253, 153) },
        { "the left border", new(0, 500, 100, 100), 1000, 1000, 1, new(0, 400, 200, 300) },
        { "the right border", new(900, 500, 100, 100), 1000, 1000, 1, new(800, 400, 200, 300) },
        { "the upper border", new(500, 0, 100, 100), 1000, 1000, 1, new(400, 0, 300, 200) },
        { "the lower border", new(500, 900, 100, 100), 1000, 1000, 1, new(400, 800, 300, 200) },
        { "a corner", new(960, 960, 40, 40), 1000, 1000, 1, new(896, 896, 104, 104) },
        { "the centre of 64x64: the whole photo", new(16, 16, 32, 32), 64, 64, 1, new(0, 0, 64, 64) },
        { "a photo of one pixel", new(0, 0, 1, 1), 1, 1, 1, new(0, 0, 1, 1) },
        { "a column of pixels", new(0, 100, 1, 2), 1, 300, 1, new(0, 36, 1, 130) },
        { "a panorama", new(3000, 100, 300, 200), 6000, 400, 1, new(2700, 0, 900, 400) },
        { "a line across the photo", new(0, 300, 1000, 3), 1000, 800, 1, new(0, 0, 1000, 800) },
        { "a margin beyond 32 bits", new(0, 0, 60_000, 1), 60_000, 60_000, 64, new(0, 0, 60_000, 60_000) },
    };

    [Theory]
    [MemberData(nameof(ByHand))]
    public void The_window_is_the_hole_with_its_margin(
        string what, PixelRect bounds, int width, int height, double context, PixelRect expected)
    {
        Assert.NotEmpty(what);
        var hole = Hole.Rectangle(bounds);
        (PixelRect window, Hole part) = Assert.Single(ContextWindows.Plan(hole, width, height, context));
        Assert.Equal(expected, window);
        Assert.Equal(bounds, part.Bounds);
        if ((long)width * height < 10_000_000)
        {
            var asMask = Hole.FromMask(Mask.Rectangle(width, height, bounds));
            Assert.Equal(expected, Assert.Single(ContextWindows.Plan(asMask, width, height, context)).Window);
        }
    }

    [Fact]
    public void Components_share_a_window_if_their_windows_overlap()
    {
        // Two squares of 10 pixels have windows of 138: they touch at a gap of 128 pixels and overlap at 127.
        foreach ((int gap, int windows) in ((int, int)[])[(128, 2), (127, 1)])
        {
            Mask mask = Mask.Rectangle(1000, 400, new PixelRect(200, 200, 10, 10));
            Add(mask, new PixelRect(210 + gap, 200, 10, 10));
            var hole = Hole.FromMask(mask);
            Assert.Equal(windows, ContextWindows.Plan(hole, 1000, 400, 1).Count);
            Assert.Single(ContextWindows.Plan(hole, 1000, 400, 1, perComponent: false));
        }
    }

    [Fact]
    public void A_shared_window_can_reach_a_third_component()
    {
        // Each pair is too far apart for the margin of 64; the first two together have a margin of 210, which reaches the third.
        Mask mask = Mask.Rectangle(1000, 400, new PixelRect(200, 200, 10, 10));
        Add(mask, new PixelRect(300, 200, 110, 10));
        Add(mask, new PixelRect(600, 200, 10, 10));
        Assert.Equal(
            (new PixelRect(0, 0, 1000, 400), new PixelRect(200, 200, 410, 10)),
            Assert.Single(ContextWindows.Plan(Hole.FromMask(mask), 1000, 400, 1).Select(p => (p.Window, p.Part.Bounds))));
    }

    [Fact]
    public void The_plan_is_the_pairwise_merging_of_flood_filled_components()
    {
        var random = new Random(21);
        int several = 0, merged = 0;
        for (int round = 0; round < 150; round++)
        {
            int width = random.Next(1, 900), height = random.Next(1, 900);
            var mask = new Mask(width, height);
            int largest = random.Next(1, 60);
            for (int count = random.Next(1, 12); count > 0; count--)
            {
                Add(mask, new PixelRect(random.Next(width), random.Next(height), random.Next(1, largest + 1), random.Next(1, largest + 1)));
            }

            double context = random.Next(0, 5) / 2.0;
            var hole = Hole.FromMask(mask);
            var plan = ContextWindows.Plan(hole, width, height, context);
            List<PixelRect> components = NaiveComponents.Bounds(mask), expected = Merge(components, width, height, context, random);
            Assert.Equal(Order(expected), Order(plan.Select(p => p.Part.Bounds)));
            Assert.Equal(Order(expected.Select(b => Window(b, width, height, context))), Order(plan.Select(p => p.Window)));
            several += plan.Count > 1 ? 1 : 0;
            merged += plan.Count < components.Count ? 1 : 0;
        }

        Assert.True(several > 20 && merged > 20, $"{several} plans with several windows, {merged} with merged components.");
    }

    [Fact]
    public void An_empty_mask_has_no_window() => Assert.Empty(ContextWindows.Plan(Hole.FromMask(new Mask(7, 5)), 7, 5, 1));

    [Fact]
    public void Ten_million_components_are_planned_in_little_memory()
    {
        var mask = new Mask(6400, 6400);
        for (int y = 0; y < mask.Height; y += 2)
        {
            for (int x = 0; x < mask.Width; x += 2)
            {
                mask.Row(y)[x] = 255;
            }
        }

        var hole = Hole.FromMask(mask);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(new PixelRect(0, 0, 6400, 6400), Assert.Single(ContextWindows.Plan(hole, mask.Width, mask.Height, 1)).Window);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
    }

    /// <summary>Merges any two boxes whose windows overlap, in random order, until there are none.</summary>
    private static List<PixelRect> Merge(List<PixelRect> boxes, int width, int height, double context, Random random)
    {
        while (true)
        {
            PixelRect[] shuffled = [.. boxes];
            random.Shuffle(shuffled);
            (PixelRect A, PixelRect B)? pair = shuffled
                .SelectMany((a, i) => shuffled.Skip(i + 1).Select(b => ((PixelRect A, PixelRect B)?)(a, b)))
                .FirstOrDefault(p => Window(p!.Value.A, width, height, context).Intersect(Window(p.Value.B, width, height, context)) is
                {
                    IsEmpty: false,
                });
            if (pair is not var (first, second))
            {
                return boxes;
            }

            int left = Math.Min(first.X, second.X), top = Math.Min(first.Y, second.Y);
            boxes = [.. boxes.Where(b => b != first && b != second), new PixelRect(
                left, top, Math.Max(first.Right, second.Right) - left, Math.Max(first.Bottom, second.Bottom) - top)];
        }
    }

    private static PixelRect Window(PixelRect box, int width, int height, double context)
    {
        int margin = Math.Max(64, (int)Math.Ceiling(context * Math.Max(box.Width, box.Height)));
        int left = Math.Max(0, box.X - margin), top = Math.Max(0, box.Y - margin);
        return new PixelRect(
            left, top, Math.Min(width, box.Right + margin) - left, Math.Min(height, box.Bottom + margin) - top);
    }

    private static IEnumerable<PixelRect> Order(IEnumerable<PixelRect> boxes) => boxes.OrderBy(b => (b.Y, b.X));

    private static void Add(Mask mask, PixelRect area)
    {
        PixelRect inside = area.Intersect(new PixelRect(0, 0, mask.Width, mask.Height));
        for (int y = inside.Y; y < inside.Bottom && !inside.IsEmpty; y++)
        {
            mask.Row(y).Slice(inside.X, inside.Width).Fill(255);
        }
    }
}
