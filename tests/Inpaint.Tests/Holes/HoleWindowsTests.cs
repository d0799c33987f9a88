namespace Inpaint.Tests;

public sealed class HoleWindowsTests
{
    [Theory]
    [InlineData(0, 0, 32, 32, -16, -16, 64)]
    [InlineData(100, 50, 31, 32, 84, 34, 64)]
    [InlineData(10, 10, 1, 1, 9, 9, 4)]   // half 2: covers 10..11, starts 1 to the left of it
    [InlineData(10, 10, 3, 1, 8, 7, 8)]   // half 4: rows 9..12 contain row 10
    [InlineData(100, 100, 10, 4, 95, 92, 20)] // half 10: starts 5 earlier; rows 97..106 leave 3 above, 3 below
    public void The_window_is_the_smallest_square_whose_centre_half_covers_the_bounds(
        int x, int y, int width, int height, int windowX, int windowY, int side) =>
        Assert.Equal(new PixelRect(windowX, windowY, side, side), HoleWindows.WindowAround(new PixelRect(x, y, width, height)));

    [Fact]
    public void Windows_cover_the_bounds_and_are_centred_and_minimal()
    {
        var random = new Random(3);
        for (int round = 0; round < 1000; round++)
        {
            var bounds = new PixelRect(random.Next(0, 500), random.Next(0, 500), random.Next(1, 300), random.Next(1, 300));
            PixelRect window = HoleWindows.WindowAround(bounds);
            var half = new PixelRect(window.X + (window.Width / 4), window.Y + (window.Width / 4), window.Width / 2, window.Width / 2);
            Assert.Equal(bounds, bounds.Intersect(half));
            Assert.Equal(window.Width, window.Height);
            Assert.Equal(0, window.Width % 4);
            Assert.True((window.Width - 4) / 2 < Math.Max(bounds.Width, bounds.Height));
            Assert.InRange((half.Right - bounds.Right) - (bounds.X - half.X), 0, 1);
            Assert.InRange((half.Bottom - bounds.Bottom) - (bounds.Y - half.Y), 0, 1);
        }
    }

    [Theory]
    [InlineData(65, 67)]
    [InlineData(64, 64)]
    [InlineData(3, 2)]
    [InlineData(4000, 3000)]
    public void The_default_hole_gets_the_centred_square_as_a_rectangle_and_as_a_mask(int width, int height)
    {
        var hole = Hole.Default(width, height);
        int side = Math.Min(width, height);
        var square = new PixelRect((width - side) / 2, (height - side) / 2, side, side);
        Assert.Equal(square, HoleWindows.DefaultWindow(width, height));
        Assert.Equal(square, Assert.Single(HoleWindows.Plan(hole, width, height)).Window);
        var asMask = Hole.FromMask(Mask.Rectangle(width, height, hole.Bounds));
        Assert.Equal(square, Assert.Single(HoleWindows.Plan(asMask, width, height)).Window);
    }

    [Fact]
    public void A_mask_without_one_pixel_of_the_default_hole_gets_its_own_window()
    {
        var mask = Mask.Rectangle(65, 65, new PixelRect(16, 16, 32, 32));
        mask.Pixels[(30 * 65) + 30] = 0;
        Assert.Equal(new PixelRect(0, 0, 64, 64), Assert.Single(HoleWindows.Plan(Hole.FromMask(mask), 65, 65)).Window);
    }

    [Fact]
    public void Distant_components_get_a_window_each_and_near_ones_share_one()
    {
        var far = Mask.Rectangle(100, 60, new PixelRect(20, 20, 4, 4));
        Fill(far, new PixelRect(60, 20, 8, 3));
        var plan = HoleWindows.Plan(Hole.FromMask(far), 100, 60);
        Assert.Equal([new PixelRect(18, 18, 8, 8), new PixelRect(56, 14, 16, 16)], plan.Select(p => p.Window));
        Assert.Equal([new PixelRect(20, 20, 4, 4), new PixelRect(60, 20, 8, 3)], plan.Select(p => p.Part.Bounds));
        Assert.Single(HoleWindows.Plan(Hole.FromMask(far), 100, 60, perComponent: false));

        // Windows of 8: the second starts where the first ends, then one column earlier.
        foreach ((int x, int windows) in new[] { (28, 2), (27, 1) })
        {
            var near = Mask.Rectangle(100, 60, new PixelRect(20, 20, 4, 4));
            Fill(near, new PixelRect(x, 20, 4, 4));
            Assert.Equal(windows, HoleWindows.Plan(Hole.FromMask(near), 100, 60).Count);
        }
    }

    [Fact]
    public void Components_are_8_connected()
    {
        var mask = new Mask(20, 20);
        Fill(mask, new PixelRect(5, 5, 3, 3));
        Fill(mask, new PixelRect(8, 8, 2, 2));
        Assert.Equal(new PixelRect(5, 5, 5, 5), Assert.Single(HoleWindows.Plan(Hole.FromMask(mask), 20, 20)).Part.Bounds);
        Assert.Equal([new PixelRect(5, 5, 5, 5)], MaskComponents.Bounds(Hole.FromMask(mask)));
    }

    [Fact]
    public void Components_match_a_flood_fill()
    {
        var random = new Random(11);
        for (int round = 0; round < 400; round++)
        {
            Mask mask = RandomMask(random, random.Next(1, 24), random.Next(1, 24), random.NextDouble());
            var expected = NaiveComponents.Bounds(mask);
            var found = MaskComponents.Bounds(Hole.FromMask(mask)).ToList();
            Assert.Equal(found.OrderBy(b => b.Bottom).Select(b => b.Bottom), found.Select(b => b.Bottom));
            Assert.Equal(Order(expected), Order(found));
        }
    }

    [Fact]
    public void The_plan_matches_a_pairwise_comparison_of_windows()
    {
        var random = new Random(12);
        int separate = 0, shared = 0;
        for (int round = 0; round < 3000; round++)
        {
            Mask mask = RandomRectangles(random, random.Next(8, 60), random.Next(8, 60));
            var hole = Hole.FromMask(mask);
            var components = NaiveComponents.Bounds(mask);
            PixelRect[] windows = [.. components.Select(HoleWindows.WindowAround)];
            bool apart = !windows.Where((w, i) => windows.Skip(i + 1).Any(v => !w.Intersect(v).IsEmpty)).Any();
            var plan = HoleWindows.Plan(hole, mask.Width, mask.Height);
            if (components.Count > 1 && apart)
            {
                separate++;
                Assert.Equal(Order(windows), Order(plan.Select(p => p.Window)));
                for (int y = 0; y < mask.Height; y++)
                {
                    for (int x = 0; x < mask.Width; x++)
                    {
                        Assert.Equal(hole.IsHidden(x, y) ? 1 : 0, plan.Count(p => p.Part.IsHidden(x, y)));
                    }
                }
            }
            else
            {
                shared++;
                Assert.Same(hole, Assert.Single(plan).Part);
            }
        }

        Assert.True(separate > 200 && shared > 200, $"{separate} plans with separate windows, {shared} with a shared one.");
    }

    [Fact]
    public void Planning_a_mask_of_a_hundred_megapixels_takes_the_memory_of_a_few_rows()
    {
        var mask = new Mask(10_000, 10_000);
        for (int y = 0; y < mask.Height; y += 2)
        {
            mask.Row(y).Fill(255); // a comb: connected only by its last column
        }

        for (int y = 0; y < mask.Height; y++)
        {
            mask.Row(y)[^1] = 255;
        }

        var hole = Hole.FromMask(mask);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Single(HoleWindows.Plan(hole, mask.Width, mask.Height));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
    }

    private static void Fill(Mask mask, PixelRect area) // adds to what is hidden
    {
        for (int y = area.Y; y < area.Bottom; y++)
        {
            mask.Row(y).Slice(area.X, area.Width).Fill(255);
        }
    }

    private static Mask RandomMask(Random random, int width, int height, double density)
    {
        var mask = new Mask(width, height);
        foreach (ref byte pixel in mask.Pixels)
        {
            pixel = random.NextDouble() < density ? (byte)255 : (byte)0;
        }

        return mask;
    }

    private static Mask RandomRectangles(Random random, int width, int height)
    {
        var mask = new Mask(width, height);
        for (int n = random.Next(1, 5); n > 0; n--)
        {
            int w = random.Next(1, 8), h = random.Next(1, 8);
            Fill(mask, new PixelRect(random.Next(0, width - w + 1), random.Next(0, height - h + 1), w, h));
        }

        return mask;
    }

    private static IEnumerable<PixelRect> Order(IEnumerable<PixelRect> areas) =>
        areas.OrderBy(a => a.Y).ThenBy(a => a.X).ThenBy(a => a.Width).ThenBy(a => a.Height);
}
