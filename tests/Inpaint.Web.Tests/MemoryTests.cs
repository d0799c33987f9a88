using System.Diagnostics;

namespace Inpaint.Web.Tests;

/// <summary>Memory of completed photos, and cancellation of abandoned work.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
[Collection(nameof(MemoryTests))]
public sealed class MemoryTests
{
    [Fact]
    public async Task Completed_photos_are_freed()
    {
        await using RunningService service = await RunningService.StartAsync();
        byte[] large = Photos.Png(0, 2048);
        await Fill(3);
        long before = UsedMemory();
        await Fill(40);
        long kept = (UsedMemory() - before) >> 20;
        // Forty photos of 2048 x 2048 pixels are 640 MiB.
        Assert.True(kept < 200, $"{kept} MiB more are in use than before.");

        async Task Fill(int photos)
        {
            for (int i = 0; i < photos; i++)
            {
                using HttpResponseMessage answer = await service.InpaintAsync(("image", large), ("hole", "10,10,64,64"));
                Assert.True(answer.IsSuccessStatusCode);
            }
        }
    }

    [Fact]
    public async Task A_cancelled_request_frees_the_graph_for_the_next_one()
    {
        await using RunningService service = await RunningService.StartAsync(
            o => o with { Execution = new() { Device = "cpu", Workers = 1 } });
        byte[] large = Photos.Png(0, 2048);
        (await service.InpaintAsync(("image", Photos.Png()), ("graph", "pushpull"))).Dispose();
        using (var hangUp = new CancellationTokenSource(300))
        {
            (string, object)[] fields = [("image", large), ("hole", "1,1,2000,2000"), ("feather", "4096"), ("graph", "pushpull")];
            Task[] requests = [.. Enumerable.Range(0, 30).Select(_ =>
                service.Client.PostAsync("/api/v1/inpaint", RunningService.Form(fields), hangUp.Token))];
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(requests));
        }

        var clock = Stopwatch.StartNew();
        using HttpResponseMessage next = await service.InpaintAsync(("image", Photos.Png()), ("graph", "pushpull"));
        Assert.True(next.IsSuccessStatusCode);
        // The cancelled requests would take about thirty seconds.
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"The next photo took {clock.Elapsed.TotalSeconds:0.0} s.");
        await service.WaitUntil(
            async () => (await service.Client.GetStringAsync("/metrics")).Split('\n').Any(
                l => l.StartsWith("inpaint_pending_photos", StringComparison.Ordinal) && l.EndsWith(" 0", StringComparison.Ordinal)),
            "no photo is pending");
    }

    [Fact]
    public async Task A_batch_above_the_pixel_limit_is_completed_sequentially()
    {
        await using RunningService service = await RunningService.StartAsync(o => o with { MaxPendingPixels = 140_000 });
        (string, object)[] images = [.. Enumerable.Range(0, 20).Select(i => ("image", (object)Photos.Png(i, 256)))];
        using HttpResponseMessage answer = await service.Client.PostAsync("/api/v1/inpaint/batch", RunningService.Form(images));
        string[] lines = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(20, lines.Length);
        Assert.All(lines, line => Assert.Equal("ok", JsonDocument.Parse(line).RootElement.GetProperty("status").GetString()));
    }

    [Theory]
    [InlineData(131_072, false, false, true)]
    [InlineData(131_071, false, false, false)]
    [InlineData(196_608, true, false, true)]
    [InlineData(196_607, true, false, false)]
    [InlineData(262_144, true, true, true)]
    [InlineData(262_143, true, true, false)]
    public async Task A_photo_that_fits_is_admitted_and_one_that_never_will_is_rejected(long limit, bool mask, bool truth, bool fits)
    {
        // 256x256 = 65,536 pixels: twice for the photo and its result, once for the mask and once for the truth.
        await using RunningService service = await RunningService.StartAsync(o => o with { MaxPendingPixels = limit });
        var white = new Photo(256, 256);
        white.Pixels[..400].Fill(255);
        (string, object)[] fields =
        [
            ("image", Photos.Png(1, 256)),
            ("truth", truth ? "true" : "false"),
            .. mask ? [("mask", (object)PhotoCodec.Encode(white))] : Array.Empty<(string, object)>(),
        ];
        using HttpResponseMessage answer = await service.InpaintAsync(fields);
        Assert.Equal(fits ? HttpStatusCode.OK : HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        if (!fits)
        {
            Assert.Contains("Send a smaller photo", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("2,2,20,20", HttpStatusCode.OK)] // a window of 86x86 pixels
    [InlineData("60,60,100,100", HttpStatusCode.UnprocessableEntity)] // all of 256x256
    public async Task A_hole_whose_window_never_fits_is_rejected(string hole, HttpStatusCode expected)
    {
        await using RunningService service = await RunningService.StartAsync(
            o => o with { Execution = new() { Device = "cpu", MemoryMiB = 1 } });
        using HttpResponseMessage answer = await service.InpaintAsync(("image", Photos.Png(1, 256)), ("hole", hole), ("graph", "pushpull"));
        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task A_photo_that_waits_for_memory_until_its_time_is_up_is_told_to_try_again()
    {
        using var admission = new Admission(new ServiceOptions { MaxPendingPixels = 2048 });
        IDisposable first = await admission.AcquirePixelsAsync(2048, CancellationToken.None);
        using var time = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        ServiceException busy = await Assert.ThrowsAsync<ServiceException>(() => admission.AcquirePixelsAsync(1024, time.Token));
        Assert.Equal((ErrorKind.Busy, 429), (busy.Kind, busy.Kind.Status));
        first.Dispose();
        first.Dispose();
        using IDisposable second = await admission.AcquirePixelsAsync(2048, CancellationToken.None);
    }

    private static long UsedMemory()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
