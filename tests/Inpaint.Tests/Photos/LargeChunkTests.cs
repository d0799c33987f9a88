namespace Inpaint.Tests.Photos;

/// <summary>PNG metadata chunks so large that the decoder would take minutes to assemble them.</summary>
public sealed class LargeChunkTests
{
    private static readonly byte[][] Rows = [[10, 20, 30, 40, 50, 60], [70, 80, 90, 100, 110, 120]];

    [Theory(Timeout = 60_000)]
    [InlineData("juNk", 30 << 20)]
    [InlineData("tEXt", 2 << 20)]
    [InlineData("iCCP", 24 << 20)]
    public async Task They_are_stripped_without_changing_the_pixels(string type, int length)
    {
        byte[] plain = TinyPng.Write(2, 2, TinyPng.Rgb, 8, Rows);
        byte[] large = TinyPng.Write(2, 2, TinyPng.Rgb, 8, Rows, (type, new byte[length]));
        (Photo expected, Photo found) = await Task.Run(
            () => (PhotoCodec.Decode(plain), PhotoCodec.Decode(large)), TestContext.Current.CancellationToken);
        Assert.Equal(expected.Pixels.ToArray(), found.Pixels.ToArray());
        Assert.Equal([10, 20, 30, 255], found.Pixels[..4].ToArray());
        Assert.Equal((2, 2), PhotoCodec.ReadSize(large));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_chunk_beyond_the_end_of_the_file_is_reported_as_truncation()
    {
        byte[] file = TinyPng.Write(2, 2, TinyPng.Rgb, 8, Rows, ("juNk", new byte[2 << 20]));
        byte[] truncated = file[..(1 << 21)];
        PhotoException e = await Task.Run(
            () => Assert.Throws<PhotoException>(() => PhotoCodec.Decode(truncated)), TestContext.Current.CancellationToken);
        Assert.Contains("truncated", e.Message, StringComparison.Ordinal);
    }
}
