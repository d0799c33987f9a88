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

    private static Task<JsonElement> Info(RunningService service) => service.Client.GetFromJsonAsync<JsonElement>("/api/v1/graphs/red")!;

    private static async Task<string> Sha(RunningService service) => (await Info(service)).GetProperty("sha256").GetString()!;
}
