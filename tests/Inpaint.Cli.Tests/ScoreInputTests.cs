using System.IO.Compression;
using System.Text.Json;
using Inpaint.CommandLine;
using Inpaint.Scenes;
using Inpaint.TestSupport;
using Parquet;
using Parquet.Schema;

namespace Inpaint.Cli.Tests;

public sealed class ScoreInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Out => _folder.File("done");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_inputs_the_objects_of_12_scenes_are_removed()
    {
        CliResult result = CliProgram.RunIn(_folder.Path, "score", "--out", "completed");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal("", result.Out);
        Assert.Contains("12 photos completed", result.Error, StringComparison.Ordinal);
        Assert.Contains(Path.Combine("completed", "sheet.html"), result.Error, StringComparison.Ordinal);
        List<JsonElement> rows = Pictures.Rows(_folder.File("completed"));
        Assert.Equal(12, rows.Count);
        for (int i = 0; i < rows.Count; i++)
        {
            Photo completed = PhotoCodec.Decode(Path.Combine(_folder.File("completed"), rows[i].Text("output")));
            AssertObjectIsRemoved(i, 512, completed);
        }

        // The picture in the README is this one; fills may change a little.
        Photo shown = PhotoCodec.Decode(Path.Combine(Places.Repository, "onnx", "fill", "sheet.jpg"));
        Photo made = PhotoCodec.Decode(Path.Combine(_folder.File("completed"), "sheet.jpg"));
        Assert.Equal((shown.Width, shown.Height), (made.Width, made.Height));
        Assert.InRange(Difference(shown, made), 0, 3);
    }

    [Fact]
    public void The_mask_object_hides_the_objects_of_scenes_for_any_graph()
    {
        _ = CliProgram.Expect(0, "score", "scenes:3:128", "--out", Out, "--mask", "object", "--mask-polarity", "black", "-g", "unet");
        for (int i = 0; i < 3; i++)
        {
            AssertObjectIsRemoved(i, 128, PhotoCodec.Decode(Path.Combine(Out, SceneDataset.IdOf(i) + ".png")));
        }
    }

    [Fact]
    public void Photos_without_known_objects_have_no_mask_object()
    {
        _ = Pictures.Write(_folder.File("photos/a.png"), 1);
        CliResult result = CliProgram.Expect(2, "score", "scenes:2", _folder.File("photos"), "--out", Out, "--mask", "object");
        Assert.Contains("the photos of 'photos' cannot be drawn without an object", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Relative_paths_and_known_pixels_of_a_folder_are_preserved()
    {
        string[] photos = ["a.png", "sub/b.png", "sub/deep/c.jpg"];
        for (int i = 0; i < photos.Length; i++)
        {
            _ = Pictures.Write(_folder.File("photos/" + photos[i]), i, 100 + i, photos[i].EndsWith(".jpg", StringComparison.Ordinal)
                ? PhotoFormat.Jpeg : PhotoFormat.Png);
        }

        _ = CliProgram.Expect(0, "score", _folder.File("photos"), "--out", Out);
        Assert.Equal(photos.Select(p => p + ".png"), Pictures.Rows(Out).Select(r => r.Text("output")));
        Assert.All(photos, p => Pictures.AssertOnlyCentreChanged(_folder.File("photos/" + p), Path.Combine(Out, p + ".png")));
    }

    [Theory]
    [InlineData("photos.parquet")]
    [InlineData("parts")]
    public async Task A_Parquet_file_or_a_folder_of_them_is_scored_row_by_row(string input)
    {
        byte[] photo = PhotoCodec.Encode(SceneGenerator.Draw(4, 80).Photo);
        var id = new DataField<string>("id");
        var image = new DataField<byte[]>("image");
        string file = input == "parts" ? _folder.File("parts/0.parquet") : _folder.File(input);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await using (FileStream stream = File.Create(file))
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(id, image), stream))
        {
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            await group.WriteAsync(id, new[] { "first", "second" });
            await group.WriteAsync(image, new[] { photo, photo[..100] });
        }

        _ = CliProgram.Expect(3, "score", _folder.File(input), "--out", Out, "--graph", "membrane");
        List<JsonElement> rows = Pictures.Rows(Out);
        Assert.Equal(["first", "second"], rows.Select(r => r.Text("photo")));
        Assert.Equal(["ok", "bad_photo"], rows.Select(r => r.Text("status")));
        File.WriteAllBytes(_folder.File("photo.png"), photo);
        Pictures.AssertOnlyCentreChanged(_folder.File("photo.png"), Path.Combine(Out, "first.png"));
    }

    [Fact]
    public void Rows_contain_input_output_status_error_time_and_graph()
    {
        string photo = Pictures.Write(_folder.File("one.png"), 3);
        _ = CliProgram.Expect(0, "score", photo, "--out", Out, "--graph", "pushpull");
        JsonElement row = Assert.Single(Pictures.Rows(Out));
        Assert.Equal(photo, row.Text("input"));
        Assert.Equal("one.png.png", row.Text("output"));
        Assert.Equal("ok", row.Text("status"));
        Assert.Equal(JsonValueKind.Null, row.GetProperty("error").ValueKind);
        Assert.True(row.GetProperty("milliseconds").GetDouble() > 0);
        Assert.Equal("pushpull", row.Text("graph"));
        string sha = Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData(
            File.ReadAllBytes(Path.Combine(Places.Repository, "onnx", "pushpull", "model.onnx"))));
        Assert.Equal(sha, row.Text("graph_sha256"));
        Assert.Equal(new FileInfo(Path.Combine(Out, "one.png.png")).Length, row.Number("bytes"));
    }

    [Fact]
    public void A_zip_is_scored_and_an_entry_that_escapes_the_folder_is_a_bad_row()
    {
        string zip = _folder.File("photos.zip");
        using (ZipArchive archive = ZipFile.Open(zip, ZipArchiveMode.Create))
        {
            foreach ((string name, int scene) in new[] { ("x/a.png", 1), ("../evil.png", 2), ("b.png", 3) })
            {
                using Stream entry = archive.CreateEntry(name).Open();
                entry.Write(PhotoCodec.Encode(SceneGenerator.Draw(scene).Photo));
            }
        }

        CliResult result = CliProgram.Expect(3, "score", zip, "--out", Out);
        Assert.Contains("../evil.png", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("evil.png.png")));
        Assert.Equal(["x/a.png.png", "b.png.png"], Pictures.Rows(Out).Where(r => r.Text("status") == "ok").Select(r => r.Text("output")));
        Assert.Equal(["b.png.png", "x/a.png.png"], PicturesIn(Out));
        Photo truth = SceneGenerator.Draw(1).Photo, completed = PhotoCodec.Decode(Path.Combine(Out, "x/a.png.png"));
        Pictures.AssertOnlyChangedWhere(truth, completed, (x, y) => x is >= 16 and < 48 && y is >= 16 and < 48, "x/a.png");
    }

    [Fact]
    public void The_MSCOCO_layout_is_scored_with_its_captions()
    {
        _ = Pictures.Write(_folder.File("coco/val2017/000000000001.jpg"), 5, 120, PhotoFormat.Jpeg);
        Directory.CreateDirectory(_folder.File("coco/annotations"));
        File.WriteAllText(_folder.File("coco/annotations/captions_val2017.json"), """
            {"images": [{"id": 1, "file_name": "000000000001.jpg"}],
             "annotations": [{"id": 9, "image_id": 1, "caption": "A kite over the bay."}]}
            """);
        _ = CliProgram.Expect(0, "score", _folder.File("coco"), "--out", Out);
        Pictures.AssertOnlyCentreChanged(_folder.File("coco/val2017/000000000001.jpg"), Path.Combine(Out, "val2017/000000000001.jpg.png"));
        Assert.Contains("A kite over the bay.", File.ReadAllText(Path.Combine(Out, "sheet.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void All_190_photos_of_coco_mini_keep_every_known_pixel()
    {
        string coco = Places.SharedData("coco-mini");
        CliResult result = CliProgram.Expect(0, "score", coco, "--out", Out, "--graph", "unet", "--json");
        Assert.Equal(190, result.Json.Number("completed"));
        string[] photos = Directory.GetFiles(Path.Combine(coco, "val2017"));
        Assert.Equal(190, photos.Length);
        Parallel.ForEach(photos, photo =>
            Pictures.AssertOnlyCentreChanged(photo, Path.Combine(Out, "val2017", Path.GetFileName(photo) + ".png")));
    }

    [Fact]
    public void Equal_relative_paths_of_two_inputs_are_prefixed_with_the_inputs()
    {
        _ = Pictures.Write(_folder.File("first/a.png"), 1);
        _ = Pictures.Write(_folder.File("second/a.png"), 2);
        _ = Pictures.Write(_folder.File("third/b.png"), 3);
        _ = CliProgram.Expect(0, "score", _folder.File("first"), _folder.File("second"), _folder.File("third"), "--out", Out);
        Assert.Equal(["b.png.png", "first/a.png.png", "second/a.png.png"], PicturesIn(Out));
        Pictures.AssertOnlyCentreChanged(_folder.File("second/a.png"), Path.Combine(Out, "second/a.png.png"));
    }

    [Fact]
    public void Single_files_keep_their_names_and_duplicates_are_scored_once()
    {
        string a = Pictures.Write(_folder.File("p/a.png"), 1), b = Pictures.Write(_folder.File("q/b.png"), 2);
        _ = CliProgram.Expect(0, "score", a, b, a, "--out", Out);
        Assert.Equal(["a.png.png", "b.png.png"], PicturesIn(Out));
    }

    [Fact]
    public void Files_zips_and_scenes_can_be_combined_in_one_run()
    {
        string a = Pictures.Write(_folder.File("a.png"), 1);
        CliResult result = CliProgram.Expect(0, "score", "scenes:3:32", a, "--out", Out, "--json");
        Assert.Equal(4, result.Json.Number("completed"));
        Assert.Equal(4, PicturesIn(Out).Count);
    }

    [Fact]
    public void Outputs_inside_the_input_folder_are_not_inputs_of_the_next_run()
    {
        _ = Pictures.Write(_folder.File("photos/a.png"), 1);
        _ = Pictures.Write(_folder.File("photos/b.png"), 2);
        string inside = _folder.File("photos/done");
        for (int run = 0; run < 2; run++)
        {
            CliResult result = CliProgram.Expect(0, "score", _folder.File("photos"), "--out", inside, "--json");
            Assert.Equal(2, result.Json.Number("photos"));
        }

        Assert.Equal(["a.png.png", "b.png.png"], PicturesIn(inside));
    }

    [Theory]
    [InlineData("jpeg", "FFD8FF")]
    [InlineData("webp", "52494646")]
    public void Other_formats_have_their_own_extensions(string format, string magic)
    {
        _ = CliProgram.Expect(0, "score", "scenes:2:64", "--out", Out, "--format", format);
        byte[] bytes = File.ReadAllBytes(Path.Combine(Out, $"scene-00000001.png.{format}"));
        Assert.StartsWith(magic, Convert.ToHexString(bytes), StringComparison.Ordinal);
    }

    /// <summary>
    /// Pixels have changed only near the object, its shadow and its reflection, and the picture resembles the scene drawn without them.
    /// </summary>
    private static void AssertObjectIsRemoved(int index, int size, Photo completed)
    {
        Photo scene = SceneGenerator.Draw(index, size).Photo, without = SceneGenerator.DrawWithoutSubject(index, size);
        bool[] differs = [.. Enumerable.Range(0, size * size)
            .Select(i => !scene.Pixels.Slice(4 * i, 4).SequenceEqual(without.Pixels.Slice(4 * i, 4)))];
        int reach = size / 50;
        Pictures.AssertOnlyChangedWhere(scene, completed, (x, y) =>
            Enumerable.Range(Math.Max(0, y - reach), (2 * reach) + 1).Any(row => row < size
                && differs.AsSpan((row * size) + Math.Max(0, x - reach), Math.Min(size - 1, x + reach) - Math.Max(0, x - reach) + 1)
                    .Contains(true)), $"scene {index}");
        double before = Difference(scene, without), after = Difference(completed, without);
        Assert.True(after < 0.75 * before, $"scene {index}: the scene without its object differs by {after:F2}, with it by {before:F2}.");
    }

    private static double Difference(Photo a, Photo b) =>
        Enumerable.Range(0, a.Pixels.Length).Average(i => Math.Abs(a.Pixels[i] - b.Pixels[i]));

    private static List<string> PicturesIn(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*.png", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/'))
            .Where(f => !f.StartsWith(".sheet/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];
}
