using System.Diagnostics;
using Inpaint.TestSupport;

namespace Inpaint.Tests;

public sealed class PhotoFileTests
{
    [Fact]
    public void A_text_file_named_jpg_is_not_a_picture()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("notes.jpg"), "Not a picture at all.");
        AssertRejected(folder.File("notes.jpg"), "not a picture", "JPEG, PNG");
    }

    [Fact]
    public void An_empty_file_is_rejected()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("empty.png"), []);
        AssertRejected(folder.File("empty.png"), "empty (0 bytes)");
        var error = Assert.Throws<PhotoException>(() => PhotoCodec.Decode(ReadOnlySpan<byte>.Empty));
        Assert.Contains("0 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_or_folder_is_named_in_the_error()
    {
        using var folder = new TemporaryFolder();
        AssertRejected(folder.File("none.png"), "does not exist");
        AssertRejected(folder.File("none/none.png"), "does not exist");
    }

    [Fact]
    public void A_folder_is_rejected()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("photos.jpg"));
        Directory.CreateSymbolicLink(folder.File("link.jpg"), folder.File("photos.jpg"));
        AssertRejected(folder.File("photos.jpg"), "is a folder");
        AssertRejected(folder.File("link.jpg"), "is a folder");
    }

    [Fact]
    public void Links_are_followed_and_dangling_links_rejected_with_their_target()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("real.png"), PhotoCodec.Encode(new Photo(3, 2)));
        File.CreateSymbolicLink(folder.File("one.png"), "real.png");
        File.CreateSymbolicLink(folder.File("two.png"), folder.File("one.png"));
        Assert.Equal(3, PhotoCodec.Decode(folder.File("two.png")).Width);
        File.Delete(folder.File("real.png"));
        AssertRejected(folder.File("one.png"), "link to real.png", "does not exist");
        File.CreateSymbolicLink(folder.File("real.png"), folder.File("two.png"));
        AssertRejected(folder.File("real.png"), "real.png"); // a cycle of three links
    }

    [Fact]
    public async Task A_pipe_or_a_device_is_rejected_without_blocking()
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
            await Task.Run(() => AssertRejected(path, "not a regular file")).WaitAsync(TimeSpan.FromSeconds(20));
        }
    }

    [Fact]
    public void A_file_above_the_limit_is_rejected_before_it_is_read()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("huge.png");
        using (FileStream file = File.Create(path))
        {
            file.SetLength(3L << 30); // sparse
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        AssertRejected(path, "3,221,225,472 bytes", "536,870,912");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);

        byte[] png = PhotoCodec.Encode(new Photo(3, 2));
        File.WriteAllBytes(folder.File("small.png"), png);
        Assert.Equal(png, PhotoCodec.ReadFile(folder.File("small.png"), new PhotoDecodingOptions { MaxBytes = png.Length }));
        var tighter = new PhotoDecodingOptions { MaxBytes = png.Length - 1 };
        Assert.Throws<PhotoException>(() => PhotoCodec.ReadFile(folder.File("small.png"), tighter));
        Assert.Throws<PhotoException>(() => PhotoCodec.Decode(folder.File("small.png"), tighter));
    }

    [Fact]
    public void A_small_file_that_decompresses_to_900_megapixels_is_rejected_without_allocating_them()
    {
        byte[] row = new byte[30_000 / 8];
        byte[] bomb = TinyPng.Write(30_000, 30_000, TinyPng.Grey, 1, Enumerable.Repeat(row, 30_000));
        Assert.InRange(bomb.Length, 1000, 500_000);
        using var process = Process.GetCurrentProcess();
        long peak = process.PeakWorkingSet64, before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<PhotoException>(() => PhotoCodec.Decode(bomb, null, "bomb.png"));
        Assert.Contains("bomb.png has 30000x30000 = 900,000,000 pixels; the limit is 100,000,000", error.Message, StringComparison.Ordinal);
        var unlimited = new PhotoDecodingOptions { MaxPixels = long.MaxValue }; // the pixels still exceed the array limit
        Assert.Throws<PhotoException>(() => PhotoCodec.Decode(bomb, unlimited));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        process.Refresh();
        Assert.InRange(process.PeakWorkingSet64 - peak, 0, 800_000_000); // other tests run in parallel; the pixels would take 3.6 GB
    }

    [Fact]
    public void The_pixel_limit_is_inclusive()
    {
        byte[] png = PhotoCodec.Encode(new Photo(20, 10));
        Assert.Equal(20, PhotoCodec.Decode(png, new PhotoDecodingOptions { MaxPixels = 200 }).Width);
        Assert.Throws<PhotoException>(() => PhotoCodec.Decode(png, new PhotoDecodingOptions { MaxPixels = 199 }));
    }

    [Fact]
    public void A_reused_buffer_contains_nothing_of_the_previous_file()
    {
        using var folder = new TemporaryFolder();
        byte[] large = PhotoCodec.Encode(NaiveSampler.Noise(new Random(4), 90, 90)), small = PhotoCodec.Encode(new Photo(90, 90));
        File.WriteAllBytes(folder.File("a.png"), large);
        PhotoCodec.Decode(folder.File("a.png"));
        File.WriteAllBytes(folder.File("a.png"), small[..(small.Length / 2)]);
        AssertRejected(folder.File("a.png"), "truncated");
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

            // Reducing a JPEG drops high frequencies instead of averaging areas: fine textures differ, the mean brightness does not.
            Assert.InRange(signed / expected.Array.Length, -2, 2);
            sumOfMeans += absolute / expected.Array.Length;
            count++;
        }

        Assert.Equal(190, count);
        Assert.InRange(sumOfMeans / count, 0, 3);
    }

    private static void AssertRejected(string path, params string[] parts)
    {
        var error = Assert.Throws<PhotoException>(() => PhotoCodec.Decode(path));
        Assert.All([path, .. parts], part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }
}
