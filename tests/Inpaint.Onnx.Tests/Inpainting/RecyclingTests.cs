using Inpaint.Scenes;

namespace Inpaint.Onnx.Tests;

public sealed class RecyclingTests
{
    [Theory]
    [InlineData(OutputRegion.Photo)]
    [InlineData(OutputRegion.Window)]
    public void Rows_with_reused_memory_give_the_same_photos(OutputRegion extent)
    {
        using var inpainter = new Inpainter(GraphPackage.Load("onnx/membrane"),
            new InpaintingOptions { Execution = new() { Device = "cpu", BatchSize = 2 }, Output = new() { Region = extent } });
        using InpaintingWorker fresh = inpainter.CreateWorker(), again = inpainter.CreateWorker();
        var recycled = new InpaintingRow { RecyclesCompleted = true };
        Photo handedIn = SceneGenerator.Draw(9, 80).Photo, handedInBefore = handedIn.Clone();
        int[] sizes = [80, 80, 64, 0, 80, 80, 96, 96];
        for (int i = 0; i < sizes.Length; i++)
        {
            var plain = new InpaintingRow();
            foreach (InpaintingRow row in (InpaintingRow[])[plain, recycled])
            {
                row.Clear();
                row.Name = $"scene {i}";
                row.Bytes = sizes[i] == 0 ? "no picture"u8.ToArray() : PhotoCodec.Encode(SceneGenerator.Draw(i, sizes[i]).Photo);
                if (i == 4)
                {
                    (row.Photo, row.Bytes) = (handedIn, default);
                }
            }

            fresh.Run([plain]);
            again.Run([recycled]);
            Assert.Equal(plain.Status, recycled.Status);
            Assert.Equal(plain.Completed?.Pixels.ToArray(), recycled.Completed?.Pixels.ToArray());
            Assert.Equal(sizes[i] == 0, recycled.Completed is null);
        }

        Assert.Equal(handedInBefore.Pixels.ToArray(), handedIn.Pixels.ToArray());
    }

    [Fact]
    public void The_reader_owns_a_completed_photo_unless_the_row_reuses_it()
    {
        using var inpainter = new Inpainter(GraphPackage.Load("onnx/membrane"),
            new InpaintingOptions { Execution = new() { Device = "cpu" } });
        using InpaintingWorker worker = inpainter.CreateWorker();
        var row = new InpaintingRow { Bytes = PhotoCodec.Encode(SceneGenerator.Draw(1).Photo) };
        worker.Run([row]);
        Photo kept = row.Completed!;
        byte[] pixels = kept.Pixels.ToArray();
        row.Bytes = PhotoCodec.Encode(SceneGenerator.Draw(2).Photo);
        worker.Run([row]);
        Assert.NotSame(kept, row.Completed);
        Assert.Equal(pixels, kept.Pixels.ToArray());
    }
}
