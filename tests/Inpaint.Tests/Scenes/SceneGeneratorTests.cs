using Inpaint.Scenes;

namespace Inpaint.Tests.Scenes;

public sealed class SceneGeneratorTests
{
    private const int Looked = 600;

    [Fact]
    public void SplitMix64_gives_the_published_sequence()
    {
        var random = new SplitMix64(1234567);
        ulong[] published = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821];
        Assert.All(published, expected => Assert.Equal(expected, random.Next()));
    }

    [Fact]
    public void A_scene_has_the_same_pixels_every_time_and_on_every_thread()
    {
        byte[][] first = [.. Enumerable.Range(0, 60).Select(i => SceneGenerator.Draw(i).Photo.Array)];
        Parallel.For(0, 60, i => Assert.Equal(first[59 - i], SceneGenerator.Draw(59 - i).Photo.Array));
    }

    [Fact]
    public void Index_and_seed_determine_the_scene()
    {
        byte[] scene = SceneGenerator.Draw(5, 32, 1).Photo.Array;
        Assert.NotEqual(scene, SceneGenerator.Draw(6, 32, 1).Photo.Array);
        Assert.NotEqual(scene, SceneGenerator.Draw(5, 32, 2).Photo.Array);
    }

    [Fact]
    public void A_large_scene_scaled_down_matches_the_small_one()
    {
        for (int index = 0; index < 25; index++)
        {
            Photo small = SceneGenerator.Draw(index, 32).Photo, large = SceneGenerator.Draw(index, 128).Photo;
            double sum = 0;
            for (int i = 0; i < small.Pixels.Length; i++)
            {
                (int pixel, int channel) = (i / 4, i % 4);
                int x = pixel % 32, y = pixel / 32, mean = 0;
                for (int j = 0; j < 16; j++)
                {
                    mean += large.Pixels[(4 * ((((4 * y) + (j / 4)) * 128) + (4 * x) + (j % 4))) + channel];
                }

                sum += Math.Abs(small.Pixels[i] - (mean / 16.0));
            }

            double difference = sum / (3 * 32 * 32);
            Assert.True(difference < 8, $"scene {index}: {difference:F2} grey levels");
        }
    }

    [Fact]
    public void Without_the_subject_a_scene_differs_only_around_its_box()
    {
        for (int index = 0; index < 60; index++)
        {
            Scene scene = SceneGenerator.Draw(index, 96);
            Photo without = SceneGenerator.DrawWithoutSubject(index, 96);
            // The shadow lies at most 0.7 widths from the box's middle; the reflection is at most as high as the box.
            int side = (scene.Box.Width / 4) + 2;
            var around = new PixelRect(
                scene.Box.X - side, scene.Box.Y - 1, scene.Box.Width + (2 * side), (2 * scene.Box.Height) + 2);
            int inBox = 0;
            for (int i = 0; i < 96 * 96; i++)
            {
                (int x, int y) = (i % 96, i / 96);
                bool differs = !scene.Photo.Pixels.Slice(4 * i, 4).SequenceEqual(without.Pixels.Slice(4 * i, 4));
                Assert.True(!differs || around.Contains(x, y), $"scene {index}: ({x}, {y}) differs.");
                inBox += differs && scene.Box.Contains(x, y) ? 1 : 0;
            }

            Assert.True(inBox > scene.Box.Width * scene.Box.Height / 8, $"scene {index}: {inBox} pixels of the subject.");
        }
    }

    [Fact]
    public void Objects_are_mostly_in_the_centre_half()
    {
        for (int index = 0; index < Looked; index++)
        {
            PixelRect box = SceneGenerator.Describe(index, 256).Box;
            PixelRect inside = box.Intersect(new PixelRect(64, 64, 128, 128));
            double share = (double)inside.Width * inside.Height / (box.Width * box.Height);
            Assert.True(share > 0.75, $"scene {index}: {share:P0} of {box}");
        }
    }

    [Fact]
    public void The_box_matches_the_position_in_the_caption()
    {
        for (int index = 0; index < Looked; index++)
        {
            (string caption, PixelRect box) = SceneGenerator.Describe(index, 256);
            double centre = box.X + (box.Width / 2.0);
            string side = centre < 112 ? "on the left of" : centre > 144 ? "on the right of" : "in the middle of";
            Assert.Contains(side, caption, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void Captions_are_varied_and_well_formed()
    {
        var captions = new HashSet<string>();
        for (int index = 0; index < Looked; index++)
        {
            string caption = SceneGenerator.Describe(index).Caption;
            captions.Add(caption);
            Assert.Matches("^[A-Z][a-z, ]+\\.$", caption);
            Assert.DoesNotMatch("\\b[Aa] [aeiou]|\\b[Aa]n [^aeiou]|  |\\*", caption);
        }

        Assert.True(captions.Count > Looked / 2, $"{captions.Count} different captions");
        string all = string.Join(' ', captions).ToUpperInvariant();
        string[] words = [
            "BOAT", "HOUSE", "CAR", "BUS", "TREE", "BALL", "BALLOON", "KITE", "HORSE", "FLOWER", "UMBRELLA", "LAMP", "PERSON", "CHAIR",
            "CUP", "TENT"];
        Assert.All(words, word => Assert.Contains(word, all, StringComparison.Ordinal));
    }

    [Fact]
    public void The_object_has_the_colour_of_the_caption()
    {
        int looked = 0, right = 0;
        for (int index = 0; index < Looked / 2; index++)
        {
            Scene scene = SceneGenerator.Draw(index);
            if (SceneColourReader.ColourOf(scene.Caption) is { } colour)
            {
                looked++;
                right += SceneColourReader.MostDistinct(scene) == colour ? 1 : 0;
            }
        }

        Assert.True(looked > 150, $"{looked} scenes with a colour of the rainbow");
        Assert.True(right > 0.9 * looked, $"{right} of {looked}");
    }

    [Theory]
    [InlineData(-1, 64)]
    [InlineData(0, 15)]
    [InlineData(0, 4097)]
    public void Indices_and_sizes_out_of_range_are_rejected(int index, int size) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SceneGenerator.Draw(index, size));
}
