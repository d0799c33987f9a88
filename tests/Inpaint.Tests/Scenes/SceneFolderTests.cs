using Inpaint.Scenes;
using Inpaint.TestSupport;

namespace Inpaint.Tests.Scenes;

public sealed class SceneFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_written_folder_is_read_as_the_same_scenes()
    {
        Assert.Equal(12, SceneFolder.Write(_folder.Path, 12, 32, 5));
        using IPhotoDataset written = DatasetFormats.Files.Open(_folder.Path), drawn = new SceneDataset(12, 32, 5);
        PhotoRecord[] expected = [.. drawn.Read()], found = [.. written.Read()];
        Assert.Equal(12, found.Length);
        for (int i = 0; i < found.Length; i++)
        {
            Assert.Equal(expected[i].Id, found[i].Id);
            Assert.Equal(expected[i].Captions, found[i].Captions);
            Assert.Equal(expected[i].Box, found[i].Box);
            Assert.Equal(expected[i].Decode().Array, found[i].Decode().Array);
        }
    }

    [Fact]
    public void A_second_run_draws_only_missing_pictures()
    {
        SceneFolder.Write(_folder.Path, 8, 32);
        byte[] kept = File.ReadAllBytes(_folder.File("scene-00000002.png"));
        DateTime time = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(_folder.File("scene-00000002.png"), time);
        File.Delete(_folder.File("scene-00000005.png"));
        File.Delete(_folder.File("captions.jsonl"));

        Assert.Equal(1, SceneFolder.Write(_folder.Path, 8, 32));
        Assert.True(File.Exists(_folder.File("scene-00000005.png")));
        Assert.Equal(8, File.ReadAllLines(_folder.File("captions.jsonl")).Length);
        Assert.Equal(kept, File.ReadAllBytes(_folder.File("scene-00000002.png")));
        Assert.Equal(time, File.GetLastWriteTimeUtc(_folder.File("scene-00000002.png")));
        Assert.DoesNotContain(Directory.EnumerateFiles(_folder.Path), file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public void A_larger_count_adds_to_the_folder()
    {
        SceneFolder.Write(_folder.Path, 3, 16);
        Assert.Equal(2, SceneFolder.Write(_folder.Path, 5, 16));
        Assert.Equal(5, File.ReadAllLines(_folder.File("captions.jsonl")).Length);
    }

    [Theory]
    [InlineData(4, 32, 1)]
    [InlineData(4, 16, 2)]
    [InlineData(3, 16, 1)]
    public void A_folder_with_other_scenes_is_rejected(int count, int size, int seed)
    {
        SceneFolder.Write(_folder.Path, 4, 16);
        var error = Assert.Throws<DatasetException>(() => SceneFolder.Write(_folder.Path, count, size, (ulong)seed));
        Assert.Contains("4 scenes of 16 pixels with seed 1", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{count} scenes of {size} pixels with seed {seed}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Existing_captions_are_not_overwritten()
    {
        File.WriteAllText(_folder.File("captions.jsonl"), "mine");
        Assert.Throws<DatasetException>(() => SceneFolder.Write(_folder.Path, 2, 16));
        Assert.Equal("mine", File.ReadAllText(_folder.File("captions.jsonl")));
    }

    [Fact]
    public void An_interrupted_run_leaves_complete_pictures_and_can_be_resumed()
    {
        using var stop = new CancellationTokenSource();
        var progress = new StopAfter(10, stop);
        Assert.Throws<OperationCanceledException>(() => SceneFolder.Write(_folder.Path, 400, 32, 1, progress, stop.Token));
        string[] pictures = Directory.GetFiles(_folder.Path, "scene-*.png");
        Assert.InRange(pictures.Length, 10, 399);
        Assert.All(pictures, picture => Assert.Equal(32, PhotoCodec.Decode(picture).Width));

        Assert.Equal(400 - pictures.Length, SceneFolder.Write(_folder.Path, 400, 32));
        Assert.Equal(400, File.ReadAllLines(_folder.File("captions.jsonl")).Length);
    }

    private sealed class StopAfter(int count, CancellationTokenSource stop) : IProgress<int>
    {
        public void Report(int value)
        {
            if (value >= count)
            {
                stop.Cancel();
            }
        }
    }
}
