using SkiaSharp;

namespace Inpaint.Onnx.Tests;

/// <summary>Photos of unusual sizes with masks of many kinds, completed by the graphs for any mask and any size.</summary>
public sealed class OddPhotosTests
{
    private static readonly string[] Graphs = ["onnx/patches", "onnx/fill"];

    private static readonly (int Width, int Height)[] SmallSizes =
        [(1, 1), (1, 40), (7, 7), (8, 8), (31, 33), (64, 64), (90, 5), (120, 70), (3, 130)];

    private static readonly (int Width, int Height)[] Sizes =
        [(1, 1), (1, 300), (7, 7), (8, 8), (31, 33), (64, 64), (513, 511), (2000, 1500), (6000, 400), (400, 6000)];

    /// <summary>A mask's luma at column x and row y of w columns and h rows; 128 and more is the hole.</summary>
    private delegate int MaskLuma(int x, int y, int w, int h);

    private static readonly (string Name, MaskLuma Luma)[] Masks =
    [
        ("nothing", (_, _, _, _) => 0),
        ("everything", (_, _, _, _) => 255),
        ("one pixel", (x, y, w, h) => White(x == w / 2 && y == h / 2)),
        ("all but one pixel", (x, y, w, h) => White(x != w / 3 || y != h / 3)),
        ("row", (_, y, _, h) => White(y == h / 2)),
        ("column", (x, _, w, _) => White(x == w / 2)),
        ("diagonal", (x, y, w, h) => White((long)x * h / w == y || (long)y * w / h == x)),
        ("frame", (x, y, w, h) => White(FromBorder(x, y, w, h) == 0)),
        ("all but a frame", (x, y, w, h) => White(FromBorder(x, y, w, h) > 0)),
        ("corners", (x, y, w, h) => White(Math.Min(x, w - 1 - x) < (w + 7) / 8 && Math.Min(y, h - 1 - y) < (h + 7) / 8)),
        ("checkerboard", (x, y, _, _) => White((x + y) % 2 == 0)),
        ("stripes", (x, _, _, _) => White(x / 3 % 2 == 0)),
        ("grid", (x, y, _, _) => White(x % 6 == 2 || y % 6 == 2)),
        ("even dots", (x, y, _, _) => White(x % 5 == 2 && y % 5 == 2)),
        ("scattered dots", (x, y, _, _) => White(((x * 7919L) + (y * 104729L)) % 257 < 3)),
        ("ellipse", (x, y, w, h) => White(FromCentre(x, y, w, h) < 0.7)),
        ("left half", (x, _, w, _) => White(x < w / 2)),
        ("box at the right", (x, y, w, h) => White(x >= w - ((w + 3) / 4) && y > h / 3 && y < 2 * h / 3)),
        ("box at the top", (x, y, w, h) => White(y < (h + 3) / 4 && x > w / 3 && x < 2 * w / 3)),
        ("box at the bottom", (x, y, w, h) => White(y >= h - ((h + 3) / 4) && x > w / 3 && x < 2 * w / 3)),
        ("two far boxes", (x, y, w, h) => White((x < w / 9 && y < h / 9) || (x > w - 1 - (w / 9) && y > h - 1 - (h / 9)))),
        ("grey ramp", (x, _, w, _) => x * 255 / w),
        ("soft edge", (x, y, w, h) => (int)Math.Clamp(400 * (1 - FromCentre(x, y, w, h)), 0, 255)),
    ];

    private static readonly (string Name, Func<int, int, int, byte> Value)[] Photos =
    [
        ("constant", (_, _, c) => (byte)(60 + (70 * c))),
        ("noise", (x, y, c) => (byte)(unchecked((x * 73856093) ^ (y * 19349663) ^ (c * 83492791)) * 2654435761L >> 16)),
        ("ramp", (x, y, c) => (byte)(((c == 0 ? x : y) / 4) + (40 * c))),
        ("texture", (x, y, c) => (byte)(((x % 9) * 20) + ((y % 7) * 10) + c)),
    ];

    // The network's picture is not exact. It fills small photos, and holes with few whole patches of known pixels around them.
    private static int ColourTolerance(string graph, Case c) =>
        graph == "onnx/patches" ? 1 : Math.Max(c.Size.Width, c.Size.Height) <= 64 ? 24 : 17;

    public static TheoryData<string> GraphNames => [.. Graphs];

    [Theory]
    [MemberData(nameof(GraphNames))]
    public void Small_photos_with_any_mask_keep_their_known_pixels(string graph)
    {
        // Every mask with two sizes; the kinds of photo in turn.
        IEnumerable<Case> cases = Masks.SelectMany((m, i) => new[] { i, i + 4 }.Select(
            n => new Case(SmallSizes[n % SmallSizes.Length], Photos[(i + n) % Photos.Length], m)));
        Check(graph, cases);
    }

    [Theory, Trait("Category", "Long")]
    [MemberData(nameof(GraphNames))]
    public void Photos_of_any_size_with_any_mask_keep_their_known_pixels(string graph) =>
        Check(graph, Sizes.SelectMany((s, i) => Masks.Select((m, j) => new Case(s, Photos[(i + j) % Photos.Length], m))));

    [Theory]
    [MemberData(nameof(GraphNames))]
    public void Holes_in_one_colour_get_that_colour(string graph) =>
        Check(graph, Masks.Select(m => new Case((80, 60), Photos[0], m)));

    [Theory]
    [MemberData(nameof(GraphNames))]
    public void Far_single_pixels_in_one_window_are_filled(string graph)
    {
        // At the coarsest level, the window has no hidden pixels.
        using var inpainter = new Inpainter(GraphPackage.Load(graph), new InpaintingOptions
        {
            Execution = new() { Device = "cpu" },
            Fill = new() { WindowPerComponent = false },
        });
        var photo = new Photo(1100, 600);
        var mask = new Mask(1100, 600);
        (mask.Pixels[0], mask.Pixels[^1]) = (255, 255);
        photo.Pixels.Fill(255);
        Photo hidden = photo.Clone();
        (hidden.Pixels[1], hidden.Pixels[^3]) = (0, 0);

        Assert.Equal(photo.Pixels, inpainter.Complete(hidden, Hole.FromMask(mask)).Pixels);
    }

    [Theory]
    [MemberData(nameof(GraphNames))]
    public void Two_threads_give_the_same_picture(string graph)
    {
        Photo photo = new Case((120, 70), Photos[1], Masks[0]).Draw(Photos[1].Value);
        Hole hole = Hole.Rectangle(new PixelRect(40, 20, 37, 29));
        byte[][] pictures = [.. new[] { 1, 2 }.Select(threads =>
        {
            using var inpainter = new Inpainter(
                GraphPackage.Load(graph), new InpaintingOptions { Execution = new() { Device = "cpu", IntraOpThreads = threads } });
            return inpainter.Complete(photo, hole).Pixels.ToArray();
        })];

        Assert.Equal(pictures[0], pictures[1]);
    }

    [Theory]
    [MemberData(nameof(GraphNames))]
    public void Transparent_pixels_are_white_before_and_after(string graph)
    {
        using var bitmap = new SKBitmap(40, 30, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        bitmap.Erase(new SKColor(10, 20, 30, 0));
        using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        using var inpainter = new Inpainter(GraphPackage.Load(graph), new InpaintingOptions { Execution = new() { Device = "cpu" } });
        var row = new InpaintingRow { Name = "clear", Bytes = png.ToArray(), Hole = Hole.Rectangle(new PixelRect(12, 9, 3, 3)) };
        using InpaintingWorker worker = inpainter.CreateWorker(1);
        worker.Run([row]);

        row.ThrowIfFailed();
        for (int i = 0; i < 40 * 30; i++)
        {
            bool hidden = i % 40 is >= 12 and < 15 && i / 40 is >= 9 and < 12;
            Assert.All(row.Completed!.Pixels.Slice(4 * i, 4).ToArray(), v => Assert.InRange(v, hidden ? 230 : 255, 255));
        }
    }

    private static void Check(string graph, IEnumerable<Case> cases)
    {
        using var inpainter = new Inpainter(
            GraphPackage.Load(graph), new InpaintingOptions { Execution = new() { Device = "cpu", DeadlineSeconds = 3600 } });
        using InpaintingWorker worker = inpainter.CreateWorker(1);
        var failures = new List<string>();
        foreach (Case c in cases)
        {
            failures.AddRange(c.Failures(worker, ColourTolerance(graph, c)).Select(f => $"{c.Name}: {f}"));
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    private static int White(bool hidden) => hidden ? 255 : 0;

    private static int FromBorder(int x, int y, int w, int h) => Math.Min(Math.Min(x, w - 1 - x), Math.Min(y, h - 1 - y));

    // 0 in the centre, 1 at the middle of each border.
    private static double FromCentre(int x, int y, int w, int h) => Math.Sqrt(Square((2 * x) + 1 - w, w) + Square((2 * y) + 1 - h, h));

    private static double Square(int doubled, int side) => (double)doubled * doubled / ((double)side * side);

    private sealed record Case(
        (int Width, int Height) Size, (string Name, Func<int, int, int, byte> Value) Photo, (string Name, MaskLuma Luma) Mask)
    {
        private const int MaxSide = 4096;

        public string Name => $"{Photo.Name} {Size.Width}x{Size.Height}, {Mask.Name}";

        /// <summary>What is wrong with the completed photo.</summary>
        public IEnumerable<string> Failures(InpaintingWorker worker, int tolerance)
        {
            Photo original = Draw(Photo.Value);
            Photo mask = Draw((x, y, _) => (byte)Mask.Luma(x, y, Size.Width, Size.Height));
            bool[] hidden = [.. Enumerable.Range(0, Size.Width * Size.Height).Select(i => mask.Pixels[4 * i] >= 128)];
            var row = new InpaintingRow { Name = Name, Photo = original.Clone(), MaskPhoto = mask };
            worker.Run([row]);
            if (!hidden.Contains(false))
            {
                return row.Status == InpaintingStatus.BadMask
                    && row.Error!.StartsWith($"{Name}: the hole hides every pixel", StringComparison.Ordinal)
                    ? [] : [$"{row.Status} {row.Error}; expected an error, since everything is hidden"];
            }

            if (row.Status != InpaintingStatus.Ok)
            {
                // A window that has to be scaled down may lose its last known pixels.
                bool tooFew = row.Status == InpaintingStatus.BadMask && Math.Max(Size.Width, Size.Height) > MaxSide
                    && row.Error!.StartsWith($"{Name}: too few pixels around the hole are known", StringComparison.Ordinal);
                return tooFew ? [] : [$"{row.Status} {row.Error}"];
            }

            return Differences(original, row.Completed!, hidden, tolerance)
                .Concat(Repeated(worker, original, row.Completed!, mask, hidden));
        }

        private IEnumerable<string> Differences(Photo original, Photo completed, bool[] hidden, int tolerance)
        {
            int changed = 0, farthest = 0;
            for (int i = 0; i < hidden.Length; i++)
            {
                ReadOnlySpan<byte> before = original.Pixels.Slice(4 * i, 4), after = completed.Pixels.Slice(4 * i, 4);
                changed += !hidden[i] && !before.SequenceEqual(after) ? 1 : 0;
                for (int c = 0; c < 4; c++)
                {
                    farthest = Math.Max(farthest, Math.Abs(before[c] - after[c]));
                }
            }

            if (changed > 0)
            {
                yield return $"{changed} known pixels changed";
            }

            if (Photo.Name == "constant" && farthest > tolerance)
            {
                yield return $"the colour differs by {farthest}";
            }
        }

        /// <summary>The same photo once more, with other colours in the hole.</summary>
        private IEnumerable<string> Repeated(InpaintingWorker worker, Photo original, Photo completed, Photo mask, bool[] hidden)
        {
            Photo scribbled = original.Clone();
            for (int i = 0; i < hidden.Length; i++)
            {
                if (hidden[i])
                {
                    scribbled.Pixels.Slice(4 * i, 3).Fill((byte)(31 * i));
                }
            }

            var again = new InpaintingRow { Name = Name, Photo = scribbled, MaskPhoto = mask };
            worker.Run([again]);
            if (again.Completed is null || !again.Completed.Pixels.SequenceEqual(completed.Pixels))
            {
                yield return "a second run gives another picture";
            }
        }

        public Photo Draw(Func<int, int, int, byte> value)
        {
            var photo = new Photo(Size.Width, Size.Height);
            for (int i = 0; i < Size.Width * Size.Height; i++)
            {
                for (int c = 0; c < 3; c++)
                {
                    photo.Pixels[(4 * i) + c] = value(i % Size.Width, i / Size.Width, c);
                }
            }

            return photo;
        }
    }
}
