using Inpaint.Scenes;

namespace Inpaint.Onnx.Tests;

/// <summary>Photos of any size with any mask, completed by a graph of any size.</summary>
public sealed class FreeHoleTests : IDisposable
{
    private readonly Inpainter _inpainter = new(GraphPackage.Load("onnx/pushpull"), new InpaintingOptions
    {
        Execution = new() { Device = "cpu" },
    });

    public void Dispose() => _inpainter.Dispose();

    [Theory]
    [InlineData(1, 300)]
    [InlineData(300, 1)]
    [InlineData(2, 2)]
    [InlineData(400, 300)]
    [InlineData(6000, 400)]
    public void Known_pixels_are_kept_and_hidden_ones_filled(int width, int height)
    {
        Photo photo = Noise(width, height, seed: 1), original = photo.Clone();
        int dot = Math.Max(1, Math.Min(width, height) / 4), right = width - dot, bottom = height - dot;
        PixelRect[][] masks =
        [
            [new(0, 0, dot, dot)], [new(right, bottom, dot, dot)], [new(width / 2, 0, dot, dot)], [new(0, height / 2, dot, dot)],
            [new(0, height / 2, width - 1, 1)], [new(width / 2, 0, 1, height - 1)],
            [new(0, 0, 1, 1), new(right, bottom, dot, dot)], [new(0, 0, width, height - 1)], [new(0, 0, width - 1, height)],
        ];
        foreach (PixelRect[] areas in masks.Where(m => m.All(a => !a.IsEmpty)))
        {
            Mask mask = MaskOf(width, height, areas);
            Photo completed = _inpainter.Complete(photo, Hole.FromMask(mask));
            Assert.Equal(original.Pixels, photo.Pixels);
            Assert.Equal(-1, FirstChanged(original, completed, mask));
            // The hidden content is not used: another content gives the same picture.
            Assert.Equal(completed.Pixels, _inpainter.Complete(Scribble(photo, mask), Hole.FromMask(mask)).Pixels);
        }
    }

    [Fact]
    public void A_window_is_filled_as_if_it_were_the_whole_photo()
    {
        Photo photo = SceneGenerator.Draw(3, 500).Photo;
        Hole hole = Hole.Rectangle(new PixelRect(300, 20, 80, 50));
        Photo completed = _inpainter.Complete(photo, hole);
        // The margin is the longer side, 80 pixels, and ends at the upper border.
        var window = new PixelRect(220, 0, 240, 150);
        Photo alone = _inpainter.Complete(photo.Crop(window), Hole.Rectangle(new PixelRect(80, 20, 80, 50)));
        Assert.Equal(alone.Pixels, completed.Crop(window).Pixels);
        Assert.False(photo.Crop(window).Pixels.SequenceEqual(alone.Pixels));
    }

    [Fact]
    public void Each_of_several_holes_is_filled_as_if_the_others_were_only_hidden()
    {
        Photo photo = SceneGenerator.Draw(4, 600).Photo;
        PixelRect[] areas = [new(40, 40, 30, 30), new(480, 60, 50, 40), new(90, 500, 60, 60), new(500, 500, 30, 30)];
        Mask mask = MaskOf(600, 600, areas);
        Photo completed = _inpainter.Complete(photo, Hole.FromMask(mask));
        foreach (PixelRect area in areas)
        {
            Photo alone = _inpainter.Complete(photo, Hole.Rectangle(area));
            Assert.Equal(alone.Crop(area).Pixels, completed.Crop(area).Pixels);
        }

        foreach (int batch in (int[])[1, 3])
        {
            using InpaintingWorker worker = _inpainter.CreateWorker(batch);
            InpaintingRow[] rows = [.. Enumerable.Range(0, 3).Select(_ =>
                new InpaintingRow { Bytes = PhotoCodec.Encode(photo), Hole = Hole.FromMask(mask) })];
            worker.Run(rows);
            Assert.All(rows, row => Assert.Equal(completed.Pixels, row.Completed!.Pixels));
        }
    }

    [Fact]
    public void A_hole_without_known_pixels_is_an_error_of_its_row()
    {
        Photo photo = Noise(40, 30, seed: 2);
        var all = new PixelRect(0, 0, 40, 30);
        Hole[] holes = [Hole.Rectangle(all), Hole.FromMask(MaskOf(40, 30, all)), Hole.Rectangle(new PixelRect(3, 3, 5, 5))];
        InpaintingRow[] rows = [.. holes.Select((hole, i) => new InpaintingRow { Name = $"photo {i}", Photo = photo, Hole = hole })];
        using InpaintingWorker worker = _inpainter.CreateWorker();
        worker.Run(rows);
        Assert.Equal([InpaintingStatus.BadMask, InpaintingStatus.BadMask, InpaintingStatus.Ok], rows.Select(r => r.Status));
        Assert.Contains("photo 0: the hole hides every pixel", rows[0].Error, StringComparison.Ordinal);
        Assert.DoesNotContain("MaskPolarity", rows[0].Error, StringComparison.Ordinal);
        Assert.Contains("MaskPolarity", rows[1].Error, StringComparison.Ordinal);
        Assert.All(rows[..2], row => Assert.Null(row.Completed));
    }

    [Fact]
    public void A_window_that_has_no_known_pixel_at_the_largest_size_is_an_error_of_its_row()
    {
        GraphPackage pushpull = GraphPackage.Load("onnx/pushpull");
        using var small = new Inpainter(InpainterTests.Package(pushpull.Model, pushpull.Manifest with { Size = new() { MaxSide = 50 } }));
        Hole hole = Hole.Rectangle(new PixelRect(1, 1, 498, 498));
        var row = new InpaintingRow { Name = "frame", Photo = Noise(500, 500, seed: 3), Hole = hole };
        using InpaintingWorker worker = small.CreateWorker();
        worker.Run([row]);
        Assert.Equal(InpaintingStatus.BadMask, row.Status);
        Assert.Contains("500x500 pixels is scaled to 50x50", row.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(OutputRegion.Photo)]
    [InlineData(OutputRegion.Window)]
    public void A_photo_without_a_hole_stays_as_it_is(OutputRegion region)
    {
        Photo photo = Noise(37, 23, seed: 4);
        foreach (string graph in (string[])["onnx/pushpull", "onnx/membrane"])
        {
            using var inpainter = new Inpainter(GraphPackage.Load(graph), new InpaintingOptions
            {
                Execution = new() { Device = "cpu" },
                Output = new() { Region = region, Format = PhotoFormat.Png },
            });
            using InpaintingWorker worker = inpainter.CreateWorker();
            InpaintingRow[] rows = [.. Enumerable.Range(0, 2).Select(_ =>
                new InpaintingRow { Bytes = PhotoCodec.Encode(photo), Hole = Hole.FromMask(new Mask(37, 23)) })];
            worker.Run(rows);
            Assert.All(rows, row => Assert.Equal(photo.Pixels, PhotoCodec.Decode(row.Encoded!).Pixels));
            Assert.NotSame(rows[0].Completed, rows[1].Completed);
        }
    }

    private static Photo Noise(int width, int height, int seed)
    {
        byte[] pixels = new byte[4 * width * height];
        new Random(seed).NextBytes(pixels);
        for (int i = 3; i < pixels.Length; i += 4)
        {
            pixels[i] = 255;
        }

        return new Photo(width, height, pixels);
    }

    private static Photo Scribble(Photo photo, Mask mask)
    {
        Photo scribbled = photo.Clone();
        for (int i = 0; i < mask.Pixels.Length; i++)
        {
            if (mask.Pixels[i] != 0)
            {
                scribbled.Pixels.Slice(4 * i, 3).Fill((byte)(31 * i));
            }
        }

        return scribbled;
    }

    private static Mask MaskOf(int width, int height, params PixelRect[] areas)
    {
        var mask = new Mask(width, height);
        foreach (PixelRect area in areas)
        {
            for (int y = area.Y; y < area.Bottom; y++)
            {
                mask.Row(y).Slice(area.X, area.Width).Fill(255);
            }
        }

        return mask;
    }

    /// <summary>The first known pixel that differs; -1 if none does.</summary>
    private static int FirstChanged(Photo before, Photo after, Mask mask)
    {
        for (int i = 0; i < mask.Pixels.Length; i++)
        {
            if (mask.Pixels[i] == 0 && !before.Pixels.Slice(4 * i, 4).SequenceEqual(after.Pixels.Slice(4 * i, 4)))
            {
                return i;
            }
        }

        return -1;
    }
}
