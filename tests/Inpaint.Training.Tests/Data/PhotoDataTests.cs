using Inpaint.CommandLine;
using Inpaint.Evaluation;
using Inpaint.ML.Rows;
using Inpaint.Onnx.TorchSharp;
using Inpaint.Scenes;
using Inpaint.TestSupport;
using Inpaint.Training.Configuration;
using Inpaint.Training.Data;
using Inpaint.Training.Export;
using Inpaint.Training.Loop;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.Training.Tests.Data;

/// <summary>Photos on their way into batches.</summary>
public sealed class PhotoDataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Unreadable_photos_are_counted_and_the_others_used()
    {
        SceneFolder.Write(_folder.File("photos"), 24);
        File.WriteAllText(Path.Combine(_folder.File("photos"), "bad.png"), "not a picture");
        byte[] whole = File.ReadAllBytes(Directory.EnumerateFiles(_folder.File("photos"), "*.png", SearchOption.AllDirectories).First(f =>
            !f.EndsWith("bad.png", StringComparison.Ordinal)));
        File.WriteAllBytes(Path.Combine(_folder.File("photos"), "cut.png"), whole[..(whole.Length / 2)]);
        PhotoPool pool = PhotoPool.Load([_folder.File("photos")], new PictureConfig(), null, null, null, default);
        Assert.Equal(24, pool.Count);
        Assert.Equal(2, pool.Unreadable.Count);
        Assert.Contains(pool.Unreadable, b => b.Contains("bad.png", StringComparison.Ordinal));
        Assert.Contains(pool.Unreadable, b => b.Contains("cut.png", StringComparison.Ordinal));

        TrainingState state = Trainings.Train(Trainings.Tiny, _folder.File("run"), _folder.File("photos"), settings: "max_steps=2");
        Assert.Equal(2, state.Step);
    }

    [Fact]
    public void A_folder_without_readable_photos_is_an_error_that_explains_why()
    {
        Directory.CreateDirectory(_folder.File("photos"));
        File.WriteAllText(_folder.File("photos/bad.png"), "not a picture");
        string message = Assert.Throws<FailedException>(() => PhotoPool.Load([_folder.File("photos")], new PictureConfig(), null, null,
            null, default)).Message;
        Assert.Contains("bad.png", message, StringComparison.Ordinal);
        Assert.EndsWith("BMP.", message, StringComparison.Ordinal);
        Assert.DoesNotContain("..", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_cache_returns_the_same_photos_and_keeps_every_complete_record()
    {
        SceneFolder.Write(_folder.File("photos"), 6, size: 100);
        var cache = new PhotoCache(_folder.File("cache"));
        PhotoPool first = Load(cache);
        string file = Directory.EnumerateFiles(_folder.File("cache"), "*.rgb").Single();
        long record = 16 + 64 * 64 * 3;
        Assert.Equal(6 * record, new FileInfo(file).Length);

        // Half a record at the end is truncated, and the photo is read again.
        using (FileStream cut = File.OpenWrite(file))
        {
            cut.SetLength(4 * record + record / 2);
        }

        PhotoPool second = Load(cache);
        Assert.Equal(6 * record, new FileInfo(file).Length);
        for (int i = 0; i < 6; i++)
        {
            Assert.True(first.Pixels(i).SequenceEqual(second.Pixels(i)));
        }

        // A kept photo is taken from the cache: changed there, it is changed in the pool.
        using (FileStream change = File.OpenWrite(file))
        {
            change.Position = 16;
            change.WriteByte((byte)(first.Pixels(0)[0] ^ 0xFF));
        }

        Assert.NotEqual(first.Pixels(0)[0], Load(cache).Pixels(0)[0]);
    }

    [Fact]
    public void Concurrent_readers_do_not_truncate_each_other_s_records()
    {
        SceneFolder.Write(_folder.File("photos"), 12, size: 100);
        var cache = new PhotoCache(_folder.File("cache"));
        using IPhotoDataset photos = DatasetFormats.Files.Open(_folder.File("photos"));
        PhotoRecord[] records = [.. photos.Read()];
        byte[] rgb = new byte[64 * 64 * 3];
        new Random(1).NextBytes(rgb);
        using (CachedPhotos first = cache.For(_folder.File("photos"), 64)!)
        {
            foreach (PhotoRecord record in records)
            {
                // Now and then, the file ends with half a record.
                first.Add(record, rgb);
                cache.For(_folder.File("photos"), 64)!.Dispose();
            }
        }

        using CachedPhotos again = cache.For(_folder.File("photos"), 64)!, beside = cache.For(_folder.File("photos"), 64)!;
        Assert.All(records, r => Assert.Equal(rgb, again.Find(r)));
        Assert.All(records, r => Assert.Equal(rgb, beside.Find(r)));
    }

    [Fact]
    public void Mirroring_swaps_left_and_right_and_nothing_else()
    {
        byte[] rgb = new byte[4 * 4 * 3];
        new Random(1).NextBytes(rgb);
        var augmentation = new Augmentation(new AugmentationConfig { Crop = 1, Brightness = 0, Contrast = 0, Saturation = 0 }, 4);
        bool mirrored = false, plain = false;
        float[] values = new float[rgb.Length];
        for (ulong seed = 0; seed < 16; seed++)
        {
            var random = new SplitMix64(seed);
            augmentation.Apply(rgb, values, ref random);
            bool Equal(Func<int, int> column) => Enumerable.Range(0, 16).All(p => Enumerable.Range(0, 3).All(c =>
                Math.Abs(values[p * 3 + c] - rgb[(p / 4 * 4 + column(p % 4)) * 3 + c] / 255f) < 1e-6));
            bool isPlain = Equal(x => x), isMirrored = Equal(x => 3 - x);
            Assert.True(isPlain ^ isMirrored);
            plain |= isPlain;
            mirrored |= isMirrored;
        }

        Assert.True(plain && mirrored);
    }

    [Fact]
    public void A_rotation_by_180_degrees_is_exact_and_smaller_ones_keep_a_gradient_linear()
    {
        // A slope along x: turned by an angle a, values grow by cos(a) along x and by -sin(a) along y, per step of the crop.
        const int Side = 64;
        byte[] slope = new byte[Side * Side * 3];
        for (int i = 0; i < slope.Length; i++)
        {
            slope[i] = (byte)(i / 3 % Side * 3);
        }

        var augmentation = new Augmentation(new AugmentationConfig { Flip = false, Crop = 0.5, Aspect = 0.5, Rotation = 180, Brightness = 0,
            Contrast = 0, Saturation = 0 }, Side);
        float[] values = new float[slope.Length];
        bool backwards = false, steep = false;
        for (ulong seed = 0; seed < 32; seed++)
        {
            var random = new SplitMix64(seed);
            augmentation.Apply(slope, values, ref random);
            float Value(int x, int y) => values[(y * Side + x) * 3];
            float across = (Value(63, 32) - Value(0, 32)) / 63, down = (Value(32, 63) - Value(32, 0)) / 63;
            for (int y = 0; y < Side; y += 7)
            {
                for (int x = 0; x < Side; x += 7)
                {
                    Assert.Equal(Value(32, 32) + (x - 32) * across + (y - 32) * down, Value(x, y), 4e-3);
                }
            }

            backwards |= across < -0.5 * 3 / 255 / 2;
            steep |= Math.Abs(down) > Math.Abs(across);
        }

        Assert.True(backwards && steep);
    }

    [Fact]
    public void Rotated_hues_keep_greys_and_the_mean_of_channels_only()
    {
        byte[] rgb = [90, 90, 90, 130, 100, 70, 90, 110, 100, 120, 120, 60];
        var augmentation = new Augmentation(new AugmentationConfig { Flip = false, Crop = 1, Hue = 60, Brightness = 0, Contrast = 0,
            Saturation = 0 }, 2);
        float[] values = new float[rgb.Length];
        float change = 0;
        for (ulong seed = 0; seed < 8; seed++)
        {
            var random = new SplitMix64(seed);
            augmentation.Apply(rgb, values, ref random);
            for (int p = 0; p < rgb.Length; p += 3)
            {
                Assert.Equal((rgb[p] + rgb[p + 1] + rgb[p + 2]) / 765f, (values[p] + values[p + 1] + values[p + 2]) / 3, 1e-5);
                change = Math.Max(change, Math.Abs(values[p] - rgb[p] / 255f));
            }

            Assert.Equal(90 / 255f, values[0], 1e-5);
        }

        Assert.InRange(change, 0.05f, 0.3f);
    }

    [Fact]
    public void Augmented_photos_stay_in_range_and_follow_from_seed_epoch_and_photo_alone()
    {
        PhotoPool scenes = Trainings.Scenes(8);
        TrainingConfig config = Trainings.Parse(Trainings.Tiny, "augmentation.brightness=0.5", "augmentation.contrast=0.9");
        var one = new BatchSource(scenes, null, config);
        var two = new BatchSource(scenes, null, config);
        float[] first = one.Take(0).Values, second = one.Take(1).Values, third = one.Take(2).Values;
        Assert.All(first, v => Assert.InRange(v, 0, 1));
        Assert.Equal(third, two.Take(2).Values);
        Assert.Equal(second, two.Take(1).Values);
        Assert.NotEqual(first, third);
    }

    [Fact]
    public void Every_photo_occurs_once_per_epoch()
    {
        PhotoPool scenes = Trainings.Scenes(8);
        TrainingConfig config = Trainings.Parse(Trainings.Tiny, "augmentation.flip=false", "augmentation.crop=1",
            "augmentation.brightness=0", "augmentation.contrast=0", "augmentation.saturation=0");
        var source = new BatchSource(scenes, null, config);
        float[][] taken = [.. Enumerable.Range(2, 2).SelectMany(step => source.Take(step).Values.Chunk(64 * 64 * 3))];
        float[] plain = new float[64 * 64 * 3];
        for (int i = 0; i < 8; i++)
        {
            Augmentation.Plain(scenes.Pixels(i), plain);
            Assert.Single(taken, t => t.AsSpan().SequenceEqual(plain));
        }
    }

    [Fact]
    public void A_caption_gives_the_vector_that_FeaturizeCaptions_gives()
    {
        string[] captions = ["A red boat on the sea.", "Two dogs, a Café table & the sea"];
        var pool = new PhotoPool(64);
        foreach (string caption in captions)
        {
            pool.Add(caption, new byte[64 * 64 * 3], [caption]);
        }

        Vocabulary vocabulary = Vocabulary.Fit(captions, new VocabularyOptions { MinimumCount = 1 });
        var table = new WordTable(pool, new CaptionEncoder(vocabulary));
        var ml = new MLContext(1);
        IDataView rows = ml.Data.LoadFromEnumerable(captions.Select(c => new CaptionRow { Caption = c }));
        float[][] expected = [.. ml.Transforms.FeaturizeCaptions("Words", "Caption",
            new VocabularyOptions { MinimumCount = 1 }).Fit(rows).Transform(rows).GetColumn<float[]>("Words")];
        float[] vector = new float[vocabulary.Count];
        for (int i = 0; i < captions.Length; i++)
        {
            table.Write(i, vector);
            Assert.Equal(expected[i], vector);
            Assert.Contains(1f, vector);
        }
    }

    [Fact]
    public void Batches_of_other_sizes_have_masks_and_as_many_pixels_and_do_not_depend_on_the_steps_before()
    {
        TrainingConfig config = Trainings.Parse(Trainings.AnyMask, "batch_size=8", "masks.sizes=[32,64]");
        PhotoPool photos = PhotoPool.Load(["scenes:8:128:3"], config.Picture, null, null, null, default);
        PhotoPool large = PhotoPool.LoadLarge(["scenes:4:128:3"], config, null, null, null, default)!;
        var source = new BatchSource(photos, null, config, large);
        PhotoBatch[] batches = [.. Enumerable.Range(0, 12).Select(i => source.Take(i))];
        Assert.Equal([(2, 64), (8, 32)], batches.Select(b => (b.Count, b.Size)).Distinct().Order());
        Assert.All(batches, b => Assert.Equal(b.Count * b.Size * b.Size, b.Masks!.Count(m => m is 0 or 1)));
        Assert.All(batches, b => Assert.InRange(b.Masks!.Average(), 0.01f, 0.5f));
        PhotoBatch again = new BatchSource(photos, null, config, large).Take(11);
        Assert.Equal(batches[11].Values, again.Values);
        Assert.Equal(batches[11].Masks, again.Masks);
    }

    [Fact]
    public void Crops_of_larger_photos_cover_twice_the_size_at_most()
    {
        const int Side = 40, Size = 8;
        byte[] ramp = new byte[Side * Side * 3];
        for (int p = 0; p < Side * Side; p++)
        {
            ramp.AsSpan(p * 3, 3).Fill((byte)(p % Side * 5));
        }

        var augmentation = new Augmentation(
            new AugmentationConfig { Flip = false, Crop = 1, Brightness = 0, Contrast = 0, Saturation = 0 }, Size, Side);
        float[] values = new float[Size * Size * 3];
        var random = new SplitMix64(4);
        augmentation.Apply(ramp, values, ref random);
        Assert.All(Enumerable.Range(1, Size - 1), x => Assert.Equal(2 * 5 / 255f, values[x * 3] - values[(x - 1) * 3], 5));
    }

    [Fact]
    public void The_scorer_of_training_agrees_with_evaluate()
    {
        TrainingState state = Trainings.Train(Trainings.Tiny, _folder.File("run"));
        Assert.NotNull(state.Best);
        ExportedRun exported = RunExport.Make(new ExportRequest(RunFolder.At(_folder.File("run")), "scenes:4:64:5", false, null),
            new Terminal(false), default);
        Assert.Equal(state.Best!.Value, exported.Evaluation!.Graphs["tiny"].Scores["hole_mse"]!.Value, 4);
        Assert.Equal(exported.Manifest.Scores!["test"]["hole_mse"], exported.Evaluation.Graphs["tiny"].Scores["hole_mse"]!.Value, 5);
    }

    public void Dispose() => _folder.Dispose();

    private PhotoPool Load(PhotoCache cache) => PhotoPool.Load([_folder.File("photos")], new PictureConfig(), null, cache, null, default);

    private sealed class CaptionRow
    {
        public string Caption { get; set; } = "";
    }
}
