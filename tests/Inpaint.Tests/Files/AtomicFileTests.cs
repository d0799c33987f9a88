using Inpaint.TestSupport;

namespace Inpaint.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Exactly_one_of_many_writers_creates_a_file_and_its_content_is_complete()
    {
        for (int round = 0; round < 50; round++)
        {
            string path = _folder.File($"race/{round}");
            int winners = 0;
            Parallel.For(0, 8, i =>
            {
                if (AtomicFile.TryCreate(path, stream => stream.Write(Enumerable.Repeat((byte)i, 10_000).ToArray())))
                {
                    Interlocked.Increment(ref winners);
                }
            });
            Assert.Equal(1, winners);
            byte[] content = File.ReadAllBytes(path);
            Assert.Equal(10_000, content.Length);
            Assert.Single(content.Distinct());
        }

        Assert.Equal(50, Directory.EnumerateFiles(_folder.File("race")).Count());
    }

    [Fact]
    public void Readers_see_the_old_file_until_the_new_one_is_complete()
    {
        string path = _folder.File("new/folder/file");
        AtomicFile.Write(path, "old"u8);
        AtomicFile.Write(path, stream =>
        {
            stream.Write("new"u8);
            stream.Flush();
            Assert.Equal("old", File.ReadAllText(path));
        });
        Assert.Equal("new", File.ReadAllText(path));
        Assert.False(AtomicFile.TryCreate(path, stream => stream.Write("other"u8)));
        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal([path], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void A_writer_that_fails_leaves_the_old_file_and_nothing_else()
    {
        string path = _folder.File("file");
        AtomicFile.Write(path, "old"u8);
        void Fail(Stream stream)
        {
            stream.Write("half"u8);
            throw new InvalidOperationException("stopped");
        }

        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, Fail));
        Assert.Throws<InvalidOperationException>(() => AtomicFile.TryCreate(_folder.File("created"), Fail));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Leftovers_of_killed_writers_are_deleted_and_files_in_use_and_files_of_others_are_not()
    {
        const string tag = ".0123456789abcdef01234567.tmp";
        string[] left = [_folder.File(".a" + tag), _folder.File(".b" + tag), _folder.File("sub/.a" + tag)];
        string[] others = [_folder.File(".a.tmp"), _folder.File("a.tmp"), _folder.File(".gitignore")];
        Directory.CreateDirectory(_folder.File("sub"));
        Array.ForEach([.. left, .. others], file => File.WriteAllText(file, ""));
        string[] Left() => [.. Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Except(others)
            .Order(StringComparer.Ordinal)];

        AtomicFile.DeleteLeftovers(_folder.Path, "a");
        Assert.Equal([left[1], left[2]], Left());
        Assert.Throws<FileNotFoundException>(() => AtomicFile.Write(_folder.File("c"), _ =>
        {
            AtomicFile.DeleteLeftovers(_folder.Path, recursive: true);
            Assert.StartsWith(_folder.File(".c."), Assert.Single(Left()), StringComparison.Ordinal);
            // A program that must exit immediately deletes its own leftovers.
            AtomicFile.DeleteOwn(_folder.Path);
            Assert.Empty(Left());
        }));
    }

    [Fact]
    public void The_longest_name_is_written()
    {
        string path = _folder.File(new string('n', 255));
        AtomicFile.Write(path, "x"u8);
        Assert.Equal([path], Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_failed_fsync_is_an_error_and_a_name_that_is_a_folder_too()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no fsync on Windows.");
        using (var device = new FileStream("/dev/full", FileMode.Open, FileAccess.ReadWrite))
        {
            // The device has no fsync: the call fails, which FileStream.Flush(true) ignores.
            device.Flush(flushToDisk: true);
            Assert.Contains("fsync", Assert.Throws<IOException>(() => AtomicFile.Flush(device)).Message, StringComparison.Ordinal);
        }

        Directory.CreateDirectory(_folder.File("taken"));
        Assert.Contains("is a folder", Assert.Throws<IOException>(() => AtomicFile.TryCreate(_folder.File("taken"), _ => { })).Message,
            StringComparison.Ordinal);
        Assert.ThrowsAny<Exception>(() => AtomicFile.Write(_folder.File("taken"), "x"u8));
        Assert.Equal([_folder.File("taken")], Directory.EnumerateFileSystemEntries(_folder.Path));
    }
}
