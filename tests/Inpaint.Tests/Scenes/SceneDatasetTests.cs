using Inpaint.Scenes;

namespace Inpaint.Tests.Scenes;

public sealed class SceneDatasetTests
{
    [Fact]
    public void A_million_scenes_are_counted_without_reading_and_streamed()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        using IPhotoDataset dataset = new SceneDataset(1000000);
        Assert.Equal(1_000_000, dataset.Count);
        PhotoRecord[] rows = [.. dataset.Read().Take(3)];
        Assert.Equal(["scene-00000000.png", "scene-00000001.png", "scene-00000002.png"], rows.Select(row => row.Id));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Size_and_seed_default_to_64_and_1()
    {
        using IPhotoDataset plain = new SceneDataset(2), full = new SceneDataset(2, 64, 1), other = new SceneDataset(2, 32, 7);
        Assert.Equal(plain.Read().Last().ReadBytes(), full.Read().Last().ReadBytes());
        PhotoRecord row = other.Read().Last();
        Assert.Equal(32, row.Decode().Width);
        Assert.Equal($"scene:32:7:1:{SceneGenerator.Version}", row.Stamp);
        Assert.NotEqual(plain.Read().Last().Captions, row.Captions);
    }

    [Fact]
    public void Drawing_a_row_equals_decoding_its_png()
    {
        using var dataset = new SceneDataset(30, 48, 3);
        foreach (PhotoRecord row in dataset.Read())
        {
            byte[] png = row.ReadBytes();
            Assert.Equal([0x89, 0x50, 0x4E, 0x47], png[..4]);
            Assert.Equal(PhotoCodec.Decode(png).Array, row.Decode().Array);
        }
    }

    [Fact]
    public void A_row_has_the_caption_and_box_of_its_scene()
    {
        using var dataset = new SceneDataset(20, 64, 9);
        int index = 0;
        foreach (PhotoRecord row in dataset.Read())
        {
            Scene scene = SceneGenerator.Draw(index++, 64, 9);
            Assert.Equal([scene.Caption], row.Captions);
            Assert.Equal(scene.Box, row.Box);
        }
    }

    [Fact]
    public void The_pixel_limit_applies_to_scenes()
    {
        using var dataset = new SceneDataset(1, 128);
        var error = Assert.Throws<PhotoException>(() => dataset.Read().Single().Decode(new PhotoDecodingOptions { MaxPixels = 10_000 }));
        Assert.Contains("scene-00000000.png", error.Message, StringComparison.Ordinal);
    }
}
