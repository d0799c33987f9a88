using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json;
using Inpaint.TestSupport;

namespace Inpaint.Cli.Tests;

public sealed class BadPhotoTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Photos => _folder.File("photos");

    private string Out => _folder.File("done");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Bad_files_become_rows_with_errors_and_good_photos_are_completed()
    {
        WriteBadFiles();
        for (int i = 0; i < 20; i++)
        {
            _ = Pictures.Write(Path.Combine(Photos, $"good{i:D2}.png"), i);
        }

        CliResult result = CliProgram.Expect(3, "score", Photos, "--out", Out, "--json");
        Assert.Equal((20, 5), (result.Json.Number("completed"), result.Json.Number("bad")));
        List<JsonElement> rows = Pictures.Rows(Out);
        Assert.Equal(25, rows.Count);
        foreach ((string name, string message) in new[] { ("bomb.png", "900,000,000"), ("cut.jpg", "truncated"), ("empty.jpg", "empty"),
            ("gone.jpg", "link"), ("text.jpg", "not a picture") })
        {
            JsonElement row = Assert.Single(rows, r => r.Text("photo") == name);
            Assert.Equal("bad_photo", row.Text("status"));
            Assert.Contains(message, row.Text("error"), StringComparison.Ordinal);
            Assert.Contains(name, row.Text("error"), StringComparison.Ordinal);
            Assert.Contains(name, result.Error, StringComparison.Ordinal);
            Assert.Equal(JsonValueKind.Null, row.GetProperty("output").ValueKind);
            Assert.False(File.Exists(Path.Combine(Out, name + ".png")));
        }

        Assert.All(rows.Where(r => r.Text("photo").StartsWith("good", StringComparison.Ordinal)), r =>
            Pictures.AssertOnlyCentreChanged(Path.Combine(Photos, r.Text("photo")), Path.Combine(Out, r.Text("output"))));
    }

    [Fact]
    public void A_bad_photo_is_retried_by_the_next_run()
    {
        _ = Pictures.Write(Path.Combine(Photos, "good.png"), 1);
        string repaired = Path.Combine(Photos, "fixed.png");
        File.WriteAllText(repaired, "not yet");
        _ = CliProgram.Expect(3, "score", Photos, "--out", Out);
        _ = Pictures.Write(repaired, 2);
        CliResult result = CliProgram.Expect(0, "score", Photos, "--out", Out, "--json");
        Assert.Equal((1, 1, 0), (result.Json.Number("completed"), result.Json.Number("kept"), result.Json.Number("bad")));
        Assert.Equal(["ok", "ok"], Pictures.Rows(Out).Select(r => r.Text("status")));
    }

    [Fact]
    public void The_picture_of_a_photo_that_has_become_bad_is_deleted()
    {
        string photo = Pictures.Write(Path.Combine(Photos, "a.png"), 1);
        _ = CliProgram.Expect(0, "score", Photos, "--out", Out);
        File.WriteAllText(photo, "no more");
        _ = CliProgram.Expect(3, "score", Photos, "--out", Out);
        Assert.False(File.Exists(Path.Combine(Out, "a.png.png")));
        Assert.Equal("bad_photo", Assert.Single(Pictures.Rows(Out)).Text("status"));
    }

    [Fact]
    public void On_error_fail_stops_at_the_first_bad_photo_and_names_it()
    {
        _ = Pictures.Write(Path.Combine(Photos, "a.png"), 1);
        File.WriteAllText(Path.Combine(Photos, "b.jpg"), "text");
        for (int i = 0; i < 200; i++)
        {
            _ = Pictures.Write(Path.Combine(Photos, $"c{i:D3}.png"), i, 32);
        }

        CliResult result = CliProgram.Expect(1, "score", Photos, "--out", Out, "--on-error", "fail");
        Assert.Contains("error:", result.Error, StringComparison.Ordinal);
        Assert.Contains("b.jpg", result.Error, StringComparison.Ordinal);
        Assert.Equal(["a.png", "b.jpg"], Pictures.Rows(Out).Select(r => r.Text("photo")));
    }

    [Fact]
    public void Bad_zip_entries_are_named()
    {
        string zip = _folder.File("photos.zip");
        using (ZipArchive archive = ZipFile.Open(zip, ZipArchiveMode.Create))
        {
            using Stream bad = archive.CreateEntry("sub/bad.png").Open();
            bad.Write("not a picture at all"u8);
        }

        CliResult result = CliProgram.Expect(3, "score", zip, "--out", Out);
        Assert.Contains("sub/bad.png", Pictures.Rows(Out)[0].Text("error"), StringComparison.Ordinal);
        Assert.Contains("sub/bad.png", result.Error, StringComparison.Ordinal);
    }

    private void WriteBadFiles()
    {
        string cut = Pictures.Write(Path.Combine(Photos, "cut.jpg"), 7, 200, PhotoFormat.Jpeg);
        byte[] whole = File.ReadAllBytes(cut);
        File.WriteAllBytes(cut, whole[..(whole.Length / 2)]);
        File.WriteAllText(Path.Combine(Photos, "text.jpg"), "This is text, not a picture.");
        File.WriteAllBytes(Path.Combine(Photos, "empty.jpg"), []);
        File.WriteAllBytes(Path.Combine(Photos, "bomb.png"), MakeBlackPng(30_000));
        _ = File.CreateSymbolicLink(Path.Combine(Photos, "gone.jpg"), Path.Combine(_folder.Path, "nowhere.jpg"));
    }

    /// <summary>A square black PNG: 900 megapixels in about a hundred kilobytes, at one bit per pixel.</summary>
    private static byte[] MakeBlackPng(int side)
    {
        using var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, side);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), side);
        header[8] = 1;
        Chunk(png, "IHDR"u8, header);
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Optimal, leaveOpen: true))
        {
            byte[] row = new byte[1 + ((side + 7) / 8)];
            for (int y = 0; y < side; y++)
            {
                zlib.Write(row);
            }
        }

        Chunk(png, "IDAT"u8, data.ToArray());
        Chunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static void Chunk(MemoryStream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(type);
        png.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc([.. type, .. data]));
        png.Write(number);
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }

        return ~crc;
    }
}
