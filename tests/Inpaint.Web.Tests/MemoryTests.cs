using System.Diagnostics;

namespace Inpaint.Web.Tests;

/// <summary>What a photo took is free when it is done, and when nobody waits for it any more the work ends.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
[Collection(nameof(MemoryTests))]
public sealed class MemoryTests
{
    [Fact]
    public async Task Photos_that_are_done_are_let_go_of()
    {
        await using RunningService service = await RunningService.StartAsync();
        byte[] large = Photos.Png(0, 2048);
        await Fill(3);
        long before = Held();
        await Fill(40);
        long kept = (Held() - before) >> 20;
        // Forty photos of 2048 x 2048 pixels are 640 MiB.
        Assert.True(kept < 200, $"{kept} MiB more are held than before.");

        async Task Fill(int photos)
        {
            for (int i = 0; i < photos; i++)
            {
                using HttpResponseMessage answer = await service.Inpaint(("image", large), ("hole", "10,10,64,64"));
                Assert.True(answer.IsSuccessStatusCode);
            }
        }
    }

    [Fact]
    public async Task A_request_that_is_given_up_stops_and_the_graph_is_free_for_the_next_one()
    {
        await using RunningService service = await RunningService.StartAsync(o => o with { Workers = 1 });
        byte[] large = Photos.Png(0, 2048);
        (await service.Inpaint(("image", Photos.Png()), ("graph", "pushpull"))).Dispose();
        using (var hangUp = new CancellationTokenSource(300))
        {
            Task[] asked = [.. Enumerable.Range(0, 30).Select(_ => service.Client.PostAsync("/api/v1/inpaint", RunningService.Form(("image", large), ("hole", "1,1,2000,2000"), ("feather", "4096"), ("graph", "pushpull")), hangUp.Token))];
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(asked));
        }

        var clock = Stopwatch.StartNew();
        using HttpResponseMessage next = await service.Inpaint(("image", Photos.Png()), ("graph", "pushpull"));
        Assert.True(next.IsSuccessStatusCode);
        // Thirty of them are some thirty seconds of work.
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"The next photo took {clock.Elapsed.TotalSeconds:0.0} s.");
        await service.Until(async () => (await service.Client.GetStringAsync("/metrics")).Split('\n').Any(l => l.StartsWith("inpaint_pending_photos", StringComparison.Ordinal) && l.EndsWith(" 0", StringComparison.Ordinal)), "nothing is under way");
    }

    [Fact]
    public async Task A_batch_of_more_pixels_than_may_be_under_way_is_done_one_after_the_other()
    {
        await using RunningService service = await RunningService.StartAsync(o => o with { MaxPendingPixels = 100_000 });
        (string, object)[] images = [.. Enumerable.Range(0, 20).Select(i => ("image", (object)Photos.Png(i, 256)))];
        using HttpResponseMessage answer = await service.Client.PostAsync("/api/v1/inpaint/batch", RunningService.Form(images));
        string[] lines = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(20, lines.Length);
        Assert.All(lines, line => Assert.Equal("ok", JsonDocument.Parse(line).RootElement.GetProperty("status").GetString()));
    }

    private static long Held()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
