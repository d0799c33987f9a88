using System.Diagnostics;
using Inpaint.Holes;
using Inpaint.Photos;
using Inpaint.TestSupport;

namespace Inpaint.Tests;

public sealed class PhotoFileTests
{
    [Fact]
    public void A_text_file_named_jpg_is_no_picture()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("notes.jpg"), "Not a picture at all.");
        AssertRefused(folder.File("notes.jpg"), "not a picture", "JPEG, PNG");
    }

    [Fact]
    public void An_empty_file_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("empty.png"), []);
        AssertRefused(folder.File("empty.png"), "empty (0 bytes)");
        Assert.Contains("0 bytes", Assert.Throws<PhotoException>(() => PhotoCodec.Decode(ReadOnlySpan<byte>.Empty)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_or_folder_is_named()
    {
        using var folder = new TemporaryFolder();
        AssertRefused(folder.File("none.png"), "does not exist");
        AssertRefused(folder.File("none/none.png"), "does not exist");
    }

    [Fact]
    public void A_folder_given_as_a_file_is_refused()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("photos.jpg"));
        Directory.CreateSymbolicLink(folder.File("link.jpg"), folder.File("photos.jpg"));
        AssertRefused(folder.File("photos.jpg"), "is a folder");
        AssertRefused(folder.File("link.jpg"), "is a folder");
    }

    [Fact]
    public void Links_are_followed_and_dangling_ones_refused_with_their_target()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("real.png"), PhotoCodec.Encode(new Photo(3, 2)));
        File.CreateSymbolicLink(folder.File("one.png"), "real.png");
        File.CreateSymbolicLink(folder.File("two.png"), folder.File("one.png"));
        Assert.Equal(3, PhotoCodec.Decode(folder.File("two.png")).Width);
        File.Delete(folder.File("real.png"));
        AssertRefused(folder.File("one.png"), "link to real.png", "does not exist");
        File.CreateSymbolicLink(folder.File("real.png"), folder.File("two.png"));
        AssertRefused(folder.File("real.png"), "real.png"); // a link to itself, by way of two others
    }

    [Fact]
    public async Task A_pipe_or_a_device_is_refused_and_never_waited_for()
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "This system has no /dev/zero.");
        using var folder = new TemporaryFolder();
        string pipe = folder.File("pipe.png");
        using (var mkfifo = Process.Start("mkfifo", [pipe]))
        {
            await mkfifo.WaitForExitAsync();
            Assert.Equal(0, mkfifo.ExitCode);
        }

        File.CreateSymbolicLink(folder.File("link.png"), "/dev/zero");
        foreach (string path in new[] { pipe, "/dev/zero", folder.File("link.png") })
        {
            await Task.Run(() => AssertRefused(path, "no regular file")).WaitAsync(TimeSpan.FromSeconds(20));
        }
    }

    [Fact]
    public void A_file_above_the_limit_is_refused_before_it_is_read()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("huge.png");
        using (FileStream file = File.Create(path))
        {
            file.SetLength(3L << 30); // sparse
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        AssertRefused(path, "3,221,225,472 bytes", "536,870,912");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);

        byte[] png = PhotoCodec.Encode(new Photo(3, 2));
        File.WriteAllBytes(folder.File("small.png"), png);
        Assert.Equal(png, PhotoCodec.ReadFile(folder.File("small.png"), new PhotoDecodingOptions { MaxBytes = png.Length }));
        var tighter = new PhotoDecodingOptions { MaxBytes = png.Length - 1 };
        Assert.Throws<PhotoException>(() => PhotoCodec.ReadFile(folder.File("small.png"), tighter));
        Assert.Throws<PhotoException>(() => PhotoCodec.Decode(folder.File("small.png"), tighter));
    }

    [Fact]
    public void A_small_file_that_unpacks_to_900_megapixels_is_refused_without_allocating_them()
    {
        byte[] row = new byte[30_000 / 8];
        byte[] bomb = TinyPng.Write(30_000, 30_000, TinyPng.Grey, 1, Enumerable.Repeat(row, 30_000));
        Assert.InRange(bomb.Length, 1000, 500_000);
        using var process = Process.GetCurrentProcess();
        long peak = process.PeakWorkingSet64, before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<PhotoException>(() => PhotoCodec.Decode(bomb, null, "bomb.png"));
        Assert.Contains("bomb.png has 30000x30000 = 900,000,000 pixels; the limit is 100,000,000", error.Message, StringComparison.Ordinal);
        Assert.Throws<PhotoException>(() => PhotoCodec.Decode(bomb, new PhotoDecodingOptions { MaxPixels = long.MaxValue })); // above what an array holds
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        process.Refresh();
        Assert.InRange(process.PeakWorkingSet64 - peak, 0, 800_000_000); // other tests run beside this one; the pixels would be 3.6 GB
    }

    [Fact]
    public void The_pixel_limit_counts_what_the_file_holds()
    {
        byte[] png = PhotoCodec.Encode(new Photo(20, 10));
        Assert.Equal(20, PhotoCodec.Decode(png, new PhotoDecodingOptions { MaxPixels = 200 }).Width);
        Assert.Throws<PhotoException>(() => PhotoCodec.Decode(png, new PhotoDecodingOptions { MaxPixels = 199 }));
    }

    [Fact]
    public void A_reused_buffer_leaves_nothing_of_the_file_before()
    {
        using var folder = new TemporaryFolder();
        byte[] large = PhotoCodec.Encode(NaiveSampler.Noise(new Random(4), 90, 90)), small = PhotoCodec.Encode(new Photo(90, 90));
        File.WriteAllBytes(folder.File("a.png"), large);
        PhotoCodec.Decode(folder.File("a.png"));
        File.WriteAllBytes(folder.File("a.png"), small[..(small.Length / 2)]);
        AssertRefused(folder.File("a.png"), "cut off");
    }

    [Fact]
    public void Every_shared_photograph_is_decoded_and_reduced()
    {
        string folder = Places.SharedData("coco-mini/val2017");
        int count = 0;
        double sumOfMeans = 0;
        foreach (string path in Directory.EnumerateFiles(folder))
        {
            Photo whole = PhotoCodec.Decode(path), reduced = PhotoCodec.Decode(path, new PhotoDecodingOptions { ShorterSide = 64 });
            Assert.InRange(Math.Min(reduced.Width, reduced.Height), 64, 127);
            Photo expected = WindowSampler.Resize(whole, reduced.Width, reduced.Height);
            double absolute = 0, signed = 0;
            for (int i = 0; i < expected.Array.Length; i++)
            {
                int difference = reduced.Array[i] - expected.Array[i];
                absolute += Math.Abs(difference);
                signed += difference;
            }

            // A JPEG is reduced by leaving out high frequencies, not by averaging areas: fine textures differ, the mean brightness does not.
            Assert.InRange(signed / expected.Array.Length, -2, 2);
            sumOfMeans += absolute / expected.Array.Length;
            count++;
        }

        Assert.Equal(190, count);
        Assert.InRange(sumOfMeans / count, 0, 3);
    }

    private static void AssertRefused(string path, params string[] words)
    {
        var error = Assert.Throws<PhotoException>(() => PhotoCodec.Decode(path));
        Assert.All([path, .. words], word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
    }
}
