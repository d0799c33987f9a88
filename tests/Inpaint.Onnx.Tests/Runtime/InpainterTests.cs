using Inpaint.Scenes;
using Google.Protobuf;
using Inpaint.ClassicGraphs;
using Inpaint.Evaluation.Baselines;
using Inpaint.TestSupport;

namespace Inpaint.Onnx.Tests;

public sealed class InpainterTests
{
    public static TheoryData<MembraneContract> Contracts => [.. Enum.GetValues<MembraneContract>()];

    [Theory]
    [MemberData(nameof(Contracts))]
    public void Every_contract_gives_the_membrane_when_only_the_manifest_changes(MembraneContract contract)
    {
        ClassicGraph graph = ContractGraphs.Build(contract);
        using var inpainter = new Inpainter(Package(graph), new InpaintingOptions { Execution = new() { Device = "cpu", BatchSize = 3 } });
        int tolerance = contract.ToString().Contains("Half", StringComparison.Ordinal) || contract.ToString()
            .Contains("16", StringComparison.Ordinal) ? 2 : 1;
        List<PhotoRecord> scenes = [.. new SceneDataset(10).Read()];
        int rows = 0;
        foreach (InpaintingRow row in Complete(inpainter, scenes.Select(s => new InpaintingRow { Name = s.Id, Bytes = s.ReadBytes() })))
        {
            rows++;
            Photo truth = scenes.Single(s => s.Id == row.Name).Decode();
            row.ThrowIfFailed();
            Photo expected = truth.Clone();
            MembraneFill.Apply(expected, Hole.Default(64, 64));
            AssertClose(expected, row.Completed!, tolerance);
            AssertKnownPixelsKept(truth, row.Completed!, Hole.Default(64, 64));
        }

        Assert.Equal(10, rows);
    }

    [Fact]
    public void A_large_photo_keeps_every_pixel_outside_the_hole_and_the_membrane_follows_its_colours()
    {
        using var inpainter = new Inpainter(GraphPackage.Load("membrane"));
        var photo = new Photo(1501, 1127);
        for (int y = 0; y < photo.Height; y++)
        {
            for (int x = 0; x < photo.Width; x++)
            {
                // A linear gradient is harmonic: the membrane reproduces it except for rounding and resampling at the edge.
                int i = 4 * ((y * photo.Width) + x);
                photo.Pixels[i] = (byte)(20 + (x * 200 / photo.Width));
                photo.Pixels[i + 1] = (byte)(20 + (y * 200 / photo.Height));
                photo.Pixels[i + 2] = 77;
            }
        }

        Photo scribbled = photo.Clone();
        Hole hole = Hole.Default(photo.Width, photo.Height);
        for (int y = hole.Bounds.Y; y < hole.Bounds.Bottom; y++)
        {
            for (int x = hole.Bounds.X; x < hole.Bounds.Right; x++)
            {
                scribbled.Pixels.Slice(4 * ((y * photo.Width) + x), 3).Fill((byte)(x * 31));
            }
        }

        Photo completed = inpainter.Complete(scribbled);
        AssertKnownPixelsKept(photo, completed, hole);
        AssertClose(photo, completed, 4);
    }

    [Fact]
    public void Distant_parts_of_a_mask_have_separate_windows_and_only_masked_pixels_change()
    {
        using var inpainter = new Inpainter(GraphPackage.Load("membrane"));
        Photo photo = new SceneDataset(1, 400).Read().Single().Decode();
        var mask = new Mask(400, 400);
        foreach (PixelRect part in new[] { new PixelRect(60, 60, 20, 31), new PixelRect(300, 290, 40, 22) })
        {
            for (int y = part.Y; y < part.Bottom; y++)
            {
                mask.Row(y).Slice(part.X, part.Width).Fill(255);
            }
        }

        var hole = Hole.FromMask(mask);
        Assert.Equal(2, inpainter.Processor.Geometry.Place(hole, 400, 400, perComponent: true).Count);
        Photo completed = inpainter.Complete(photo, hole);
        AssertKnownPixelsKept(photo, completed, hole);
        Assert.NotEqual(photo.Pixels.ToArray(), completed.Pixels.ToArray());
    }

    [Fact]
    public void A_bad_row_has_the_reason_and_the_others_are_completed()
    {
        using var inpainter = new Inpainter(GraphPackage.Load("membrane"), new InpaintingOptions { Execution = new() { BatchSize = 4 } });
        byte[] good = new SceneDataset(1).Read().Single().ReadBytes();
        byte[][] sources = [good, [1, 2, 3], good[..(good.Length / 2)], good];
        List<InpaintingRow> rows = [.. Complete(inpainter,
            sources.Select((bytes, i) => new InpaintingRow { Name = $"photo {i}", Bytes = bytes }))];
        Assert.Equal([InpaintingStatus.Ok, InpaintingStatus.BadPhoto, InpaintingStatus.BadPhoto, InpaintingStatus.Ok],
            rows.Select(r => r.Status));
        Assert.Equal([true, false, false, true], rows.Select(r => r.Completed is not null));
        Assert.Contains("photo 1", rows[1].Error, StringComparison.Ordinal);
        Assert.Contains("truncated", rows[2].Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mask_of_another_size_is_a_bad_row_that_names_both_sizes()
    {
        using var inpainter = new Inpainter(GraphPackage.Load("membrane"));
        using InpaintingWorker worker = inpainter.CreateWorker();
        var row = new InpaintingRow { Name = "a.png", Photo = new Photo(64, 64), MaskPhoto = new Photo(32, 64) };
        worker.Run([row]);
        Assert.Equal(InpaintingStatus.BadMask, row.Status);
        Assert.Contains("64x64", row.Error, StringComparison.Ordinal);
        Assert.Contains("32x64", row.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mask_that_hides_every_pixel_is_a_bad_row()
    {
        using var inpainter = new Inpainter(GraphPackage.Load("pushpull"));
        using InpaintingWorker worker = inpainter.CreateWorker();
        var white = new Photo(8, 6);
        white.Pixels.Fill(255);
        Photo oneKnown = white.Clone();
        oneKnown.Pixels[..3].Clear();
        var all = new InpaintingRow { Name = "a.png", Photo = new Photo(8, 6), MaskPhoto = white };
        var allButOne = new InpaintingRow { Name = "b.png", Photo = new Photo(8, 6), MaskPhoto = oneKnown };
        worker.Run([all, allButOne]);
        Assert.Equal(InpaintingStatus.BadMask, all.Status);
        Assert.Contains("every pixel", all.Error, StringComparison.Ordinal);
        Assert.Null(all.Completed);
        Assert.Equal(InpaintingStatus.Ok, allButOne.Status);
    }

    [Fact]
    public void NaN_from_a_graph_is_an_error()
    {
        var builder = new GraphBuilder("nan");
        string image = builder.Input("image", DataType.Float, "N", 3, 64, 64);
        string zero = builder.Node("Sub", [image, image]);
        string nan = builder.Node("Div", [zero, zero]);
        builder.Output("fill", nan, DataType.Float, "N", 3, 64, 64);
        GraphManifest manifest = GraphPackage.Load("membrane").Manifest;
        manifest = manifest with { Output = manifest.Output with { Content = OutputContent.Photo } };
        using var inpainter = new Inpainter(Package(builder.Build().ToBytes(), manifest));
        var error = Assert.Throws<GraphException>(() => inpainter.Complete(new Photo(64, 64)));
        Assert.Contains("NaN", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_window_output_has_the_size_of_the_graph()
    {
        using var inpainter = new Inpainter(GraphPackage.Load("membrane"),
            new InpaintingOptions { Output = new() { Region = OutputRegion.Window } });
        Photo completed = inpainter.Complete(new SceneDataset(1, 300).Read().Single().Decode());
        Assert.Equal((64, 64), (completed.Width, completed.Height));
    }

    [Fact]
    public void A_graph_with_another_hash_than_in_its_manifest_is_rejected()
    {
        GraphPackage package = GraphPackage.Load("membrane");
        byte[] other = [.. package.Model, 0];
        var error = Assert.Throws<ManifestException>(() => GraphPackage.FromBytes(other, package.ManifestJson, "pair"));
        Assert.Contains("sha256", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_graph_is_an_error_with_a_suggestion()
    {
        var error = Assert.Throws<GraphException>(() => GraphPackage.Load("membrame"));
        Assert.Contains("'membrane'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_graph_gives_the_membrane_of_every_photo_of_the_test_split()
    {
        string zip = Places.SharedData("photos64/test.zip");
        using var inpainter = new Inpainter(GraphPackage.Load("membrane"));
        using IPhotoDataset dataset = DatasetFormats.Files.Open(zip);
        int photos = 0;
        foreach (InpaintingRow row in Complete(inpainter, dataset.Read()
            .Select(r => new InpaintingRow { Name = r.Id, Photo = r.Decode() })))
        {
            row.ThrowIfFailed();
            Photo expected = row.Photo!.Clone();
            MembraneFill.Apply(expected, Hole.Default(64, 64));
            AssertClose(expected, row.Completed!, 1);
            photos++;
        }

        Assert.Equal(800, photos);
    }

    internal static GraphPackage Package(ClassicGraph graph) => Package(graph.Bytes, graph.Manifest);

    internal static GraphPackage Package(byte[] model, GraphManifest manifest)
    {
        string sha = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(model));
        return GraphPackage.FromBytes(model, StrictJson.Write(manifest with { Graph = manifest.Graph with { Sha256 = sha } }),
            manifest.Name);
    }

    private static IEnumerable<InpaintingRow> Complete(Inpainter inpainter, IEnumerable<InpaintingRow> rows)
    {
        using InpaintingWorker worker = inpainter.CreateWorker();
        foreach (InpaintingRow[] batch in rows.Chunk(worker.BatchSize))
        {
            worker.Run(batch);
            foreach (InpaintingRow row in batch)
            {
                yield return row;
            }
        }
    }

    private static void AssertClose(Photo expected, Photo actual, int tolerance)
    {
        Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
        for (int i = 0; i < expected.Pixels.Length; i++)
        {
            int difference = Math.Abs(expected.Pixels[i] - actual.Pixels[i]);
            Assert.True(
                difference <= tolerance,
                $"byte {i} (x {i / 4 % expected.Width}, y {i / 4 / expected.Width}): expected {expected.Pixels[i]}, "
                + $"found {actual.Pixels[i]}");
        }
    }

    private static void AssertKnownPixelsKept(Photo before, Photo after, Hole hole)
    {
        for (int y = 0; y < before.Height; y++)
        {
            for (int x = 0; x < before.Width; x++)
            {
                int i = 4 * ((y * before.Width) + x);
                Assert.True(hole.IsHidden(x, y) || before.Pixels.Slice(i, 4).SequenceEqual(after.Pixels.Slice(i, 4)),
                    $"pixel {x}, {y} changed");
            }
        }
    }
}
