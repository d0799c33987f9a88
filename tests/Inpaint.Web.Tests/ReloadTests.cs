using Inpaint.TestSupport;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Inpaint.Graphs;
using Inpaint.Onnx.Inpainting;
using Inpaint.Onnx.Runtime;
using Inpaint.Photos;
using Inpaint.Scenes;

namespace Inpaint.Web.Tests;

/// <summary>Graphs that are replaced while they serve.</summary>
public sealed class ReloadTests
{
    [Fact]
    public async Task A_new_pair_on_disk_serves_without_a_dropped_or_mixed_answer()
    {
        await using RunningService service = await RunningService.StartAsync();
        string folder = Path.Combine(service.GraphsFolder, "red");
        (string Sha, (byte, byte, byte) Colour)[] versions = [(RunningService.RedGraph().Manifest.Graph.Sha256, RunningService.Red), (RunningService.GreenGraph().Manifest.Graph.Sha256, RunningService.Green)];
        var seen = new HashSet<string>();
        using var stop = new CancellationTokenSource();
        Task<int>[] clients = [.. Enumerable.Range(0, 6).Select(async client =>
        {
            int answers = 0;
            while (!stop.IsCancellationRequested)
            {
                using HttpResponseMessage response = await service.Inpaint(("image", Photos.Png(client)), ("graph", "red"));
                Photo picture = await Photos.Picture(response);
                string sha = response.Headers.GetValues("X-Inpaint-Graph-Sha256").Single();
                lock (seen)
                {
                    seen.Add(sha);
                }

                Photos.AssertFilled(Photos.Scene(client), picture, Photos.InCentre, versions.Single(v => v.Sha == sha).Colour);
                answers++;
            }

            return answers;
        })];
        for (int i = 0; i < 6; i++)
        {
            GraphPackage next = i % 2 == 0 ? RunningService.GreenGraph() : RunningService.RedGraph();
            GraphOnDisk.Write(next, folder);
            await service.Until(async () => await Sha(service) == next.Manifest.Graph.Sha256, $"version {i} serves");
        }

        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(clients), answers => Assert.True(answers > 0));
        Assert.Equal(2, seen.Count);
        // Only what is asked for stays in memory.
        await service.Until(() => Task.FromResult(GraphSession.LoadedCount <= 4), "replaced graphs are freed");
    }

    [Fact]
    public async Task A_bad_or_half_written_pair_is_refused_with_its_reason_and_the_old_one_goes_on()
    {
        await using RunningService service = await RunningService.StartAsync();
        string folder = Path.Combine(service.GraphsFolder, "red"), before = await Sha(service);

        // Half of it: the graph without its manifest, then a reload on request.
        File.WriteAllBytes(Path.Combine(folder, "model.onnx"), RunningService.GreenGraph().Model);
        using HttpResponseMessage half = await service.Client.PostAsync("/api/v1/graphs/red/reload", null);
        Assert.Equal(HttpStatusCode.Conflict, half.StatusCode);
        Assert.Contains("sha256", (await half.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), StringComparison.Ordinal);
        await StillServes();

        // A manifest that is none: seen by the watcher.
        File.WriteAllText(Path.Combine(folder, GraphManifest.FileName), "{ \"version\": 1, ");
        await service.Until(async () => (await Info(service)).TryGetProperty("refused", out _), "the reason is shown");
        await StillServes();

        // Whole again.
        GraphOnDisk.Write(RunningService.GreenGraph(), folder);
        await service.Until(async () => await Sha(service) == RunningService.GreenGraph().Manifest.Graph.Sha256, "the new one serves");
        Assert.False((await Info(service)).TryGetProperty("refused", out _));

        async Task StillServes()
        {
            using HttpResponseMessage answer = await service.Inpaint(("image", Photos.Png()));
            Photos.AssertFilled(Photos.Scene(), await Photos.Picture(answer), Photos.InCentre, RunningService.Red);
            Assert.Equal(before, answer.Headers.GetValues("X-Inpaint-Graph-Sha256").Single());
        }
    }

    [Fact]
    public async Task A_graph_that_appears_is_there_and_one_that_cannot_load_says_why()
    {
        await using RunningService service = await RunningService.StartAsync();
        GraphOnDisk.Write(RunningService.GreenGraph(), Path.Combine(service.GraphsFolder, "new"));
        using HttpResponseMessage answer = await service.Inpaint(("image", Photos.Png()), ("graph", "new"));
        Photos.AssertFilled(Photos.Scene(), await Photos.Picture(answer), Photos.InCentre, RunningService.Green);

        GraphOnDisk.Write(RunningService.GreenGraph(), Path.Combine(service.GraphsFolder, "broken"));
        File.Delete(Path.Combine(service.GraphsFolder, "broken", "model.onnx"));
        using HttpResponseMessage refused = await service.Inpaint(("image", Photos.Png()), ("graph", "broken"));
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        string text = await refused.Content.ReadAsStringAsync();
        Assert.Contains("model.onnx", text, StringComparison.Ordinal);
        Assert.DoesNotContain(service.GraphsFolder, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damaged_graphs_with_the_right_hash_are_refused_whatever_the_damage_and_the_old_one_goes_on()
    {
        await using RunningService service = await RunningService.StartAsync();
        byte[] whole = File.ReadAllBytes(Path.Combine(service.GraphsFolder, "pushpull", "model.onnx"));
        (await service.Inpaint(("image", Photos.Png()), ("graph", "pushpull"))).Dispose();
        var random = new Random(1);
        int refused = 0;
        for (int i = 0; i < 40; i++)
        {
            byte[] damaged = [.. whole];
            if (i % 2 == 0)
            {
                damaged = damaged[..random.Next(damaged.Length)];
            }
            else
            {
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            }

            Replace(Path.Combine(service.GraphsFolder, "pushpull"), damaged);
            using HttpResponseMessage answer = await service.Client.PostAsync("/api/v1/graphs/pushpull/reload", null);
            string text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Conflict, $"{i}: {text}");
            Assert.DoesNotContain(service.GraphsFolder, text, StringComparison.Ordinal);
            refused += answer.StatusCode == HttpStatusCode.Conflict ? 1 : 0;
        }

        Assert.True(refused >= 20, $"{refused} of 40 were refused.");
        Assert.True((await service.Inpaint(("image", Photos.Png()), ("graph", "pushpull"))).IsSuccessStatusCode);
        Assert.True((await service.Inpaint(("image", Photos.Png()))).IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_damaged_graph_that_the_watcher_finds_stops_nothing_and_one_whose_files_go_serves_no_more()
    {
        await using RunningService service = await RunningService.StartAsync();
        string folder = Path.Combine(service.GraphsFolder, "green");
        (await service.Inpaint(("image", Photos.Png()), ("graph", "green"))).Dispose();
        Replace(folder, File.ReadAllBytes(Path.Combine(folder, "model.onnx"))[..20]);
        await service.Until(async () => (await service.Client.GetFromJsonAsync<JsonElement>("/api/v1/graphs/green")).TryGetProperty("refused", out _), "the reason is shown");
        Photos.AssertFilled(Photos.Scene(), await Photos.Picture(await service.Inpaint(("image", Photos.Png()), ("graph", "green"))), Photos.InCentre, RunningService.Green);

        Directory.Delete(folder, recursive: true);
        await service.Until(async () => (await service.Inpaint(("image", Photos.Png()), ("graph", "green"))).StatusCode == HttpStatusCode.NotFound, "it is gone");
        Assert.True((await service.Inpaint(("image", Photos.Png()))).IsSuccessStatusCode);
    }

    [Fact]
    public async Task Files_that_were_refused_are_not_tried_again_before_they_change()
    {
        await using RunningService service = await RunningService.StartAsync();
        string folder = Path.Combine(service.GraphsFolder, "green");
        byte[] whole = File.ReadAllBytes(Path.Combine(folder, "model.onnx"));
        Replace(folder, whole[..20]);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.Conflict, (await service.Inpaint(("image", Photos.Png()), ("graph", "green"))).StatusCode);
        }

        string metrics = await service.Client.GetStringAsync("/metrics");
        Assert.Contains(metrics.Split('\n'), line => line.StartsWith("inpaint_graph_loads_total", StringComparison.Ordinal) && line.Contains("refused", StringComparison.Ordinal) && line.Contains("} 1", StringComparison.Ordinal));
        Replace(folder, whole);
        await service.Until(async () => (await service.Inpaint(("image", Photos.Png()), ("graph", "green"))).IsSuccessStatusCode, "the new files are taken");
    }

    /// <summary>Another graph file, and a manifest with its hash.</summary>
    private static void Replace(string folder, byte[] model)
    {
        string manifest = Path.Combine(folder, GraphManifest.FileName);
        JsonNode json = JsonNode.Parse(File.ReadAllText(manifest))!;
        json["graph"]!["sha256"] = Convert.ToHexStringLower(SHA256.HashData(model));
        File.WriteAllBytes(Path.Combine(folder, "model.onnx"), model);
        File.WriteAllText(manifest, json.ToJsonString());
        // Written within one tick of the clock, it would look like the one before.
        File.SetLastWriteTimeUtc(manifest, DateTime.UtcNow.AddSeconds(Interlocked.Increment(ref s_written)));
    }

    private static int s_written;

    private static Task<JsonElement> Info(RunningService service) => service.Client.GetFromJsonAsync<JsonElement>("/api/v1/graphs/red")!;

    private static async Task<string> Sha(RunningService service) => (await Info(service)).GetProperty("sha256").GetString()!;
}
