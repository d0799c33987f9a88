using Inpaint.TestSupport;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Inpaint.Scenes;

namespace Inpaint.Web.Tests;

/// <summary>Graphs that are replaced while they are in use.</summary>
public sealed class ReloadTests
{
    [Fact]
    public async Task A_graph_is_replaced_without_failed_or_mixed_responses()
    {
        await using RunningService service = await RunningService.StartAsync();
        string folder = Path.Combine(service.GraphsFolder, "red");
        (string Sha, (byte, byte, byte) Color)[] versions =
        [
            (RunningService.RedGraph().Manifest.Graph.Sha256, RunningService.Red),
            (RunningService.GreenGraph().Manifest.Graph.Sha256, RunningService.Green),
        ];
        var seen = new HashSet<string>();
        using var stop = new CancellationTokenSource();
        Task<int>[] clients = [.. Enumerable.Range(0, 6).Select(async client =>
        {
            int answers = 0;
            while (!stop.IsCancellationRequested)
            {
                using HttpResponseMessage response = await service.InpaintAsync(("image", Photos.Png(client)), ("graph", "red"));
                Photo picture = await Photos.Picture(response);
                string sha = response.Headers.GetValues("X-Inpaint-Graph-Sha256").Single();
                lock (seen)
                {
                    seen.Add(sha);
                }

                Photos.AssertFilled(Photos.Scene(client), picture, Photos.InCenter, versions.Single(v => v.Sha == sha).Color);
                answers++;
            }

            return answers;
        })];
        for (int i = 0; i < 6; i++)
        {
            GraphPackage next = i % 2 == 0 ? RunningService.GreenGraph() : RunningService.RedGraph();
            GraphOnDisk.Write(next, folder);
            await service.WaitUntil(async () => await Sha(service) == next.Manifest.Graph.Sha256, $"version {i} is in use");
        }

        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(clients), answers => Assert.True(answers > 0));
        Assert.Equal(2, seen.Count);
        // Only current graphs stay in memory.
        await service.WaitUntil(() => Task.FromResult(LoadedGraphs.Count <= 4), "replaced graphs are freed");
    }

    [Fact]
    public async Task A_damaged_or_incomplete_pair_is_rejected_and_the_old_graph_stays()
    {
        await using RunningService service = await RunningService.StartAsync();
        string folder = Path.Combine(service.GraphsFolder, "red"), before = await Sha(service);

        // An incomplete pair: the graph without its manifest, then an explicit reload.
        File.WriteAllBytes(Path.Combine(folder, "model.onnx"), RunningService.GreenGraph().Model);
        using HttpResponseMessage half = await service.Client.PostAsync("/api/v1/graphs/red/reload", null);
        Assert.Equal(HttpStatusCode.Conflict, half.StatusCode);
        Assert.Contains(
            "sha256", (await half.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), StringComparison.Ordinal);
        await AssertUnchanged();

        // An invalid manifest, found by the watcher.
        File.WriteAllText(Path.Combine(folder, GraphManifest.FileName), "{ \"version\": 1, ");
        await service.WaitUntil(async () => (await Info(service)).TryGetProperty("refused", out _), "the reason is reported");
        await AssertUnchanged();

        // A consistent pair.
        GraphOnDisk.Write(RunningService.GreenGraph(), folder);
        await service.WaitUntil(
            async () => await Sha(service) == RunningService.GreenGraph().Manifest.Graph.Sha256, "the new graph is in use");
        Assert.False((await Info(service)).TryGetProperty("refused", out _));

        async Task AssertUnchanged()
        {
            using HttpResponseMessage answer = await service.InpaintAsync(("image", Photos.Png()));
            Photos.AssertFilled(Photos.Scene(), await Photos.Picture(answer), Photos.InCenter, RunningService.Red);
            Assert.Equal(before, answer.Headers.GetValues("X-Inpaint-Graph-Sha256").Single());
        }
    }

    [Fact]
    public async Task A_new_graph_is_served_and_an_unloadable_one_is_reported()
    {
        await using RunningService service = await RunningService.StartAsync();
        GraphOnDisk.Write(RunningService.GreenGraph(), Path.Combine(service.GraphsFolder, "new"));
        using HttpResponseMessage answer = await service.InpaintAsync(("image", Photos.Png()), ("graph", "new"));
        Photos.AssertFilled(Photos.Scene(), await Photos.Picture(answer), Photos.InCenter, RunningService.Green);

        GraphOnDisk.Write(RunningService.GreenGraph(), Path.Combine(service.GraphsFolder, "broken"));
        File.Delete(Path.Combine(service.GraphsFolder, "broken", "model.onnx"));
        using HttpResponseMessage refused = await service.InpaintAsync(("image", Photos.Png()), ("graph", "broken"));
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        string text = await refused.Content.ReadAsStringAsync();
        Assert.Contains("model.onnx", text, StringComparison.Ordinal);
        Assert.DoesNotContain(service.GraphsFolder, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Randomly_damaged_graphs_are_rejected_and_the_old_graph_stays()
    {
        await using RunningService service = await RunningService.StartAsync();
        byte[] whole = File.ReadAllBytes(Path.Combine(service.GraphsFolder, "pushpull", "model.onnx"));
        (await service.InpaintAsync(("image", Photos.Png()), ("graph", "pushpull"))).Dispose();
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

        Assert.True(refused >= 20, $"{refused} of 40 were rejected.");
        Assert.True((await service.InpaintAsync(("image", Photos.Png()), ("graph", "pushpull"))).IsSuccessStatusCode);
        Assert.True((await service.InpaintAsync(("image", Photos.Png()))).IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_damaged_graph_is_ignored_and_a_deleted_one_is_unloaded()
    {
        await using RunningService service = await RunningService.StartAsync();
        string folder = Path.Combine(service.GraphsFolder, "green");
        (await service.InpaintAsync(("image", Photos.Png()), ("graph", "green"))).Dispose();
        Replace(folder, File.ReadAllBytes(Path.Combine(folder, "model.onnx"))[..20]);
        await service.WaitUntil(
            async () => (await service.Client.GetFromJsonAsync<JsonElement>("/api/v1/graphs/green")).TryGetProperty("refused", out _),
            "the reason is reported");
        Photos.AssertFilled(
            Photos.Scene(),
            await Photos.Picture(await service.InpaintAsync(("image", Photos.Png()), ("graph", "green"))),
            Photos.InCenter,
            RunningService.Green);

        Directory.Delete(folder, recursive: true);
        await service.WaitUntil(
            async () => (await service.InpaintAsync(("image", Photos.Png()), ("graph", "green"))).StatusCode == HttpStatusCode.NotFound,
            "it is unloaded");
        Assert.True((await service.InpaintAsync(("image", Photos.Png()))).IsSuccessStatusCode);
    }

    [Fact]
    public async Task Rejected_files_are_not_retried_before_they_change()
    {
        await using RunningService service = await RunningService.StartAsync();
        string folder = Path.Combine(service.GraphsFolder, "green");
        byte[] whole = File.ReadAllBytes(Path.Combine(folder, "model.onnx"));
        Replace(folder, whole[..20]);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.Conflict, (await service.InpaintAsync(("image", Photos.Png()), ("graph", "green"))).StatusCode);
        }

        string metrics = await service.Client.GetStringAsync("/metrics");
        Assert.Matches("inpaint_graph_loads_total\\{[^}]*refused[^}]*\\} 1", metrics);
        Replace(folder, whole);
        await service.WaitUntil(
            async () => (await service.InpaintAsync(("image", Photos.Png()), ("graph", "green"))).IsSuccessStatusCode,
            "the new files are loaded");
    }

    /// <summary>Replaces the graph file, and updates the hash in the manifest.</summary>
    private static void Replace(string folder, byte[] model)
    {
        string manifest = Path.Combine(folder, GraphManifest.FileName);
        JsonNode json = JsonNode.Parse(File.ReadAllText(manifest))!;
        json["graph"]!["sha256"] = Convert.ToHexStringLower(SHA256.HashData(model));
        File.WriteAllBytes(Path.Combine(folder, "model.onnx"), model);
        File.WriteAllText(manifest, json.ToJsonString());
        // Within the resolution of the clock, the manifest would look unchanged.
        File.SetLastWriteTimeUtc(manifest, DateTime.UtcNow.AddSeconds(Interlocked.Increment(ref s_written)));
    }

    private static int s_written;

    private static Task<JsonElement> Info(RunningService service) => service.Client.GetFromJsonAsync<JsonElement>("/api/v1/graphs/red")!;

    private static async Task<string> Sha(RunningService service) => (await Info(service)).GetProperty("sha256").GetString()!;
}
