namespace Inpaint.Onnx.Tests;

public sealed class GraphGeometryTests
{
    private static readonly GraphManifest PushPull = GraphPackage.Load("onnx/pushpull").Manifest;

    public static TheoryData<string, SizeContract, PixelRect, int, int, PixelRect, int, int> ByHand => new()
    {
        { "the window itself", new(), new(500, 500, 10, 20), 1000, 1000, new(436, 436, 138, 148), 138, 148 },
        { "enlarged to multiples of 32", new() { MultipleOf = 32 }, new(500, 500, 10, 20), 1000, 1000, new(425, 430, 160, 160), 160, 160 },
        { "at the right border", new() { MultipleOf = 32 }, new(990, 500, 10, 20), 1000, 1000, new(904, 430, 96, 160), 96, 160 },
        { "at the upper border", new() { MultipleOf = 32 }, new(500, 0, 10, 20), 1000, 1000, new(425, 0, 160, 96), 160, 96 },
        { "padded: the photo is too small", new() { MultipleOf = 32 }, new(50, 50, 10, 10), 100, 90, new(0, 0, 128, 96), 128, 96 },
        { "a photo of one pixel", new() { MultipleOf = 8 }, new(0, 0, 1, 1), 1, 1, new(0, 0, 8, 8), 8, 8 },
        { "scaled down to half", new() { MaxSide = 512 }, new(1000, 600, 400, 200), 3000, 2000, new(600, 200, 1200, 1000), 512, 427 },
        { "as long as allowed", new() { MaxSide = 1200 }, new(1000, 600, 400, 200), 3000, 2000, new(600, 200, 1200, 1000), 1200, 1000 },
        {
            "scaled to a multiple below the limit", new() { MaxSide = 511, MultipleOf = 100 },
            new(1000, 600, 400, 200), 3000, 2000, new(600, 100, 1200, 1200), 500, 500
        },
    };

    [Theory]
    [MemberData(nameof(ByHand))]
    public void A_window_fits_the_size_of_the_graph(
        string what, SizeContract size, PixelRect hole, int width, int height, PixelRect window, int pictureWidth, int pictureHeight)
    {
        Assert.NotEmpty(what);
        GraphWindow placed = Assert.Single(Place(PushPull with { Size = size }, Hole.Rectangle(hole), width, height));
        Assert.Equal((window, pictureWidth, pictureHeight), (placed.Window, placed.PictureWidth, placed.PictureHeight));
        Assert.Equal(hole, placed.Part.Bounds);
    }

    [Fact]
    public void Any_window_covers_its_hole_and_leaves_the_photo_only_where_it_is_too_small()
    {
        var random = new Random(5);
        for (int round = 0; round < 5000; round++)
        {
            int width = random.Next(1, 3000), height = random.Next(1, 3000), x = random.Next(width), y = random.Next(height);
            var hole = Hole.Rectangle(new PixelRect(x, y, random.Next(1, width - x + 1), random.Next(1, height - y + 1)));
            int multiple = 1 << random.Next(6);
            var size = new SizeContract { MultipleOf = multiple, MaxSide = multiple + random.Next(1500) };
            PixelRect window = Assert.Single(ContextWindows.Plan(hole, width, height, 1)).Window;
            GraphWindow placed = Assert.Single(Place(PushPull with { Size = size }, hole, width, height));
            Assert.Equal(window, placed.Window.Intersect(window));
            Assert.True(placed.Window.X >= 0 && placed.Window.Right <= Math.Max(width, placed.Window.Width), $"{placed} of {width}");
            Assert.True(placed.Window.Y >= 0 && placed.Window.Bottom <= Math.Max(height, placed.Window.Height), $"{placed} of {height}");
            Assert.Equal((0, 0), (placed.PictureWidth % multiple, placed.PictureHeight % multiple));
            Assert.InRange(Math.Max(placed.PictureWidth, placed.PictureHeight), multiple, size.MaxSide);
            bool fits = Math.Max(window.Width, window.Height) <= size.MaxSide / multiple * multiple;
            Assert.Equal(fits, (placed.Window.Width, placed.Window.Height) == (placed.PictureWidth, placed.PictureHeight));
        }
    }

    [Fact]
    public void The_margin_is_that_of_the_options_or_else_of_the_manifest()
    {
        GraphManifest half = PushPull with { Hole = PushPull.Hole with { Context = 0.5 } };
        Hole hole = Hole.Rectangle(new PixelRect(1000, 1000, 400, 400));
        Assert.Equal(new PixelRect(800, 800, 800, 800), Assert.Single(Place(half, hole, 3000, 3000)).Window);
        Assert.Equal(new PixelRect(200, 200, 2000, 2000), Assert.Single(Place(half, hole, 3000, 3000, context: 2)).Window);
    }

    [Theory]
    [InlineData(1_440_000, 600, 1200)] // as without a limit
    [InlineData(1_439_999, 800, 800)]
    [InlineData(639_999, 900, 600)]
    [InlineData(300_000, 936, 528)] // at least 64 pixels
    [InlineData(1, 936, 528)]
    public void The_margin_shrinks_where_a_window_is_too_large(long mostPixels, int start, int side)
    {
        Hole hole = Hole.Rectangle(new PixelRect(1000, 1000, 400, 400));
        GraphWindow window = Assert.Single(Place(PushPull, hole, 3000, 3000, mostPixels: mostPixels));
        Assert.Equal((new PixelRect(start, start, side, side), hole.Bounds), (window.Window, window.Part.Bounds));
    }

    [Fact]
    public void Parts_of_a_mask_get_windows_of_their_own_where_one_is_too_large()
    {
        // A window around both has a margin of 700 pixels; with half the context, the windows with 200 and with 64 pixels do not overlap.
        Mask mask = Mask.Rectangle(3000, 2000, new PixelRect(1300, 700, 400, 400));
        mask.Row(800).Slice(1000, 30).Fill(255);
        IReadOnlyList<GraphWindow> windows = Place(PushPull, Hole.FromMask(mask), 3000, 2000, mostPixels: 700_000);
        Assert.Equal([new PixelRect(1100, 500, 800, 800), new PixelRect(936, 736, 158, 129)], windows.Select(w => w.Window));
        Assert.Equal(mask.Array, Union(windows, 3000, 2000));
    }

    private static byte[] Union(IEnumerable<GraphWindow> windows, int width, int height)
    {
        var mask = new Mask(width, height);
        foreach (GraphWindow window in windows)
        {
            for (int i = 0; i < width * height; i++)
            {
                if (window.Part.IsHidden(i % width, i / width))
                {
                    mask.Pixels[i] = 255;
                }
            }
        }

        return mask.Array;
    }

    private static IReadOnlyList<GraphWindow> Place(
        GraphManifest manifest, Hole hole, int width, int height, double? context = null, long mostPixels = long.MaxValue) =>
        new GraphGeometry(manifest).Place(hole, width, height, perComponent: true, context, mostPixels);
}
