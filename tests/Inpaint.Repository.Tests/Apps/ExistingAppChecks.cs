using Inpaint.Onnx.TorchSharp;

namespace Inpaint.Repository.Tests.Apps;

/// <summary>Checks the output of ExistingApp.</summary>
internal static class ExistingAppChecks
{
    private const int Pictures = 12, Side = 96;

    /// <summary>Checks the output of a first run and the resulting album.</summary>
    public static void Check(Launched run, string album)
    {
        Assert.True(run.ExitCode == 0, run.All);
        Assert.Contains($"with ApplyOnnxModel in the middle: {Pictures} pictures, every pixel the same", run.Output);
        Assert.Contains("Loaded ", run.Output);
        Assert.Equal(Pictures, run.Output.Split("  group ").Length - 1);
        Photo first = PhotoCodec.Decode(Path.Combine(album, "first.png"));
        Assert.Equal((Side, Side), (first.Width, first.Height));
        CheckPictures(album, Path.Combine(album, "completed"));
    }

    /// <summary>Checks that every picture is completed: its centre half has changed, the rest has not.</summary>
    public static void CheckPictures(string album, string completed)
    {
        string[] files = Directory.GetFiles(Path.Combine(album, "photos"), "*.png");
        Assert.Equal(Pictures, files.Length);
        foreach (string file in files)
        {
            Photo before = PhotoCodec.Decode(file), after = PhotoCodec.Decode(Path.Combine(completed, Path.GetFileName(file)));
            Assert.Equal((Side, Side), (after.Width, after.Height));
            int changed = 0;
            for (int i = 0; i < Side * Side; i++)
            {
                bool same = before.Pixels.Slice(4 * i, 4).SequenceEqual(after.Pixels.Slice(4 * i, 4));
                bool inside = i % Side is >= Side / 4 and < 3 * Side / 4 && i / Side is >= Side / 4 and < 3 * Side / 4;
                Assert.True(same || inside, $"{file}: pixel {i % Side}, {i / Side} is outside the hole, but has changed.");
                changed += same ? 0 : 1;
            }

            Assert.True(
                changed > Side * Side / 8, $"{file}: {changed} pixels have changed; expected most of the {Side * Side / 4} hidden pixels.");
        }
    }
}
