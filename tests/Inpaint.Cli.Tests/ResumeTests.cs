using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Inpaint.CommandLine;
using Inpaint.ML.Rows;
using Inpaint.TestSupport;

namespace Inpaint.Cli.Tests;

public sealed class ResumeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Out => _folder.File("done");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_second_run_completes_only_changed_photos()
    {
        string photos = WritePhotos(3);
        _ = Score(photos);
        Dictionary<string, DateTime> before = WriteTimes();
        File.SetLastWriteTimeUtc(Path.Combine(photos, "1.png"), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        JsonElement summary = Score(photos);
        Assert.Equal((1, 2), (summary.Number("completed"), summary.Number("kept")));
        Dictionary<string, DateTime> after = WriteTimes();
        Assert.Equal(["1.png.png"], after.Keys.Where(f => after[f] != before[f]));
        AssertOneRowEach(["0.png", "1.png", "2.png"]);
    }

    [Fact]
    public void A_deleted_or_truncated_picture_is_created_again()
    {
        string photos = WritePhotos(3);
        _ = Score(photos);
        byte[] whole = File.ReadAllBytes(Path.Combine(Out, "2.png.png"));
        File.Delete(Path.Combine(Out, "0.png.png"));
        File.WriteAllBytes(Path.Combine(Out, "2.png.png"), whole[..^1]);
        Assert.Equal(2, Score(photos).Number("completed"));
        Assert.Equal(whole, File.ReadAllBytes(Path.Combine(Out, "2.png.png")));
        AssertOneRowEach(["0.png", "1.png", "2.png"]);
    }

    [Fact]
    public void With_another_graph_or_setting_all_photos_are_completed_again()
    {
        string photos = WritePhotos(2);
        Assert.Equal(2, Score(photos).Number("completed"));
        Assert.Equal(2, Score(photos, "--graph", "pushpull").Number("completed"));
        Assert.Equal(2, Score(photos, "--graph", "pushpull", "--feather", "3").Number("completed"));
        Assert.Equal(0, Score(photos, "--graph", "pushpull", "--feather", "3", "--batch", "1", "--workers", "1").Number("completed"));
        AssertOneRowEach(["0.png", "1.png"]);
    }

    [Fact]
    public void A_truncated_row_is_removed_and_its_photo_completed_again()
    {
        string photos = WritePhotos(3);
        _ = Score(photos);
        string results = Path.Combine(Out, "results.jsonl");
        byte[] rows = File.ReadAllBytes(results);
        File.WriteAllBytes(results, rows[..^20]);
        JsonElement summary = Score(photos);
        Assert.Equal((1, 2), (summary.Number("completed"), summary.Number("kept")));
        AssertOneRowEach(["0.png", "1.png", "2.png"]);
    }

    [Fact]
    public void A_foreign_results_file_is_rejected_and_unchanged()
    {
        string photos = WritePhotos(1);
        Directory.CreateDirectory(Out);
        byte[] other = Encoding.UTF8.GetBytes("{\"accuracy\": 0.7}\n");
        File.WriteAllBytes(Path.Combine(Out, "results.jsonl"), other);
        CliResult result = CliProgram.Expect(1, "score", photos, "--out", Out);
        Assert.Contains("Choose another --out", result.Error, StringComparison.Ordinal);
        Assert.Equal(other, File.ReadAllBytes(Path.Combine(Out, "results.jsonl")));
    }

    [Fact]
    public void Photos_of_an_earlier_run_keep_their_rows_while_their_pictures_exist()
    {
        string first = Pictures.Write(_folder.File("p/first.png"), 1), second = Pictures.Write(_folder.File("q/second.png"), 2);
        _ = Score(first);
        _ = Score(second);
        AssertOneRowEach(["first.png", "second.png"]);
        File.Delete(Path.Combine(Out, "first.png.png"));
        _ = Score(second);
        AssertOneRowEach(["second.png"]);
    }

    [Fact]
    public void A_killed_run_is_completed_by_a_second_run() => KillAndResume(400, killAt: 40);

    [Fact]
    [Trait("Category", "Long")]
    public void Ten_thousand_scenes_survive_a_kill_in_the_middle() => KillAndResume(10_000, killAt: 4_000);

    [Fact]
    public void Sigterm_ends_with_130_and_completed_photos_are_kept()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        using Process process = StartAndWaitForRows("scenes:3000", 40);
        using (Process kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            kill.WaitForExit();
        }

        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(130, process.ExitCode);
        Assert.Contains("Interrupted", error, StringComparison.Ordinal);
        List<JsonElement> rows = Pictures.Rows(Out);
        Assert.InRange(rows.Count, 40, 2999);
        Assert.Equal(rows.Count, rows.Select(r => r.Text("photo")).Distinct().Count());
        Assert.All(rows, r => Assert.Equal(r.Number("bytes"), new FileInfo(Path.Combine(Out, r.Text("output"))).Length));
    }

    [Fact]
    public void A_second_run_into_a_folder_in_use_is_rejected()
    {
        using Process process = StartAndWaitForRows("scenes:3000", 8);
        try
        {
            CliResult result = CliProgram.Expect(1, "score", "scenes:2", "--out", Out);
            Assert.Contains("another run", result.Error, StringComparison.Ordinal);
        }
        finally
        {
            process.Kill();
            process.WaitForExit();
        }
    }

    private void KillAndResume(int count, int killAt)
    {
        using (Process process = StartAndWaitForRows($"scenes:{count}", killAt))
        {
            process.Kill();
            process.WaitForExit();
        }

        Dictionary<string, DateTime> before = WriteTimes();
        CliResult result = CliProgram.Expect(0, "score", $"scenes:{count}", "--out", Out, "--json");
        long kept = result.Json.Number("kept");
        Assert.InRange(kept, killAt, count - 1);
        Assert.Equal(count, kept + result.Json.Number("completed"));
        AssertOneRowEach([.. Enumerable.Range(0, count).Select(i => $"scene-{i:D8}.png")]);
        Dictionary<string, DateTime> after = WriteTimes();
        Assert.Equal(count, after.Count);
        Assert.InRange(before.Count(f => after[f.Key] == f.Value), kept, before.Count);
        Parallel.ForEach(after.Keys, name => Assert.Equal(64, PhotoCodec.Decode(Path.Combine(Out, name)).Width));
        Assert.DoesNotContain(Directory.EnumerateFiles(Out), f => f.EndsWith(".tmp", StringComparison.Ordinal));
    }

    private Process StartAndWaitForRows(string input, int rows)
    {
        Process process = CliProgram.StartIn(null, "score", input, "--out", Out);
        string results = Path.Combine(Out, "results.jsonl");
        const int LongestRow = 400;
        for (var clock = Stopwatch.StartNew(); !File.Exists(results) || new FileInfo(results).Length < LongestRow * rows; Thread.Sleep(5))
        {
            Assert.False(process.HasExited, "The run ended before it was stopped.");
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(10), "Too few rows within ten minutes.");
        }

        return process;
    }

    private string WritePhotos(int count)
    {
        string photos = _folder.File("photos");
        for (int i = 0; i < count; i++)
        {
            _ = Pictures.Write(Path.Combine(photos, $"{i}.png"), i);
        }

        return photos;
    }

    private JsonElement Score(string input, params string[] more) => CliProgram.Expect(0, ["score", input, "--out", Out, "--json", .. more])
        .Json;

    private Dictionary<string, DateTime> WriteTimes() =>
        Directory.EnumerateFiles(Out, "*.png").ToDictionary(f => Path.GetFileName(f), File.GetLastWriteTimeUtc);

    private void AssertOneRowEach(string[] photos)
    {
        List<JsonElement> rows = Pictures.Rows(Out);
        Assert.Equal(photos, rows.Select(r => r.Text("photo")).Order(StringComparer.Ordinal));
        Assert.All(rows, row => Assert.Equal("ok", row.Text("status")));
    }
}
