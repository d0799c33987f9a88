using Inpaint.Onnx.Runtime;
using Inpaint.Scenes;
using Microsoft.ML.OnnxRuntime;

namespace Inpaint.Onnx.Tests;

/// <summary>The memory of a process is shared by all tests that run graphs, so these run alone.</summary>
[CollectionDefinition(nameof(RunMemoryTests), DisableParallelization = true)]
[Collection(nameof(RunMemoryTests))]
public sealed class RunMemoryTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20), NotYet = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task A_run_waits_until_its_memory_is_free()
    {
        IDisposable first = Acquire(60), second = Acquire(40);
        Task<IDisposable> third = Task.Run(() => Acquire(50), TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<TimeoutException>(() => third.WaitAsync(NotYet, TestContext.Current.CancellationToken));
        second.Dispose();
        await Assert.ThrowsAsync<TimeoutException>(() => third.WaitAsync(NotYet, TestContext.Current.CancellationToken));
        first.Dispose();
        first.Dispose(); // counts once
        (await third.WaitAsync(Soon, TestContext.Current.CancellationToken)).Dispose();
    }

    [Fact]
    public async Task A_run_above_the_limit_waits_until_it_is_alone_and_later_ones_wait_behind_it()
    {
        IDisposable first = Acquire(10);
        Task<IDisposable> large = Task.Run(() => Acquire(1000), TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<TimeoutException>(() => large.WaitAsync(NotYet, TestContext.Current.CancellationToken));
        Task<IDisposable> small = Task.Run(() => Acquire(10), TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<TimeoutException>(() => small.WaitAsync(NotYet, TestContext.Current.CancellationToken));
        first.Dispose();
        IDisposable alone = await large.WaitAsync(Soon, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<TimeoutException>(() => small.WaitAsync(NotYet, TestContext.Current.CancellationToken));
        alone.Dispose();
        (await small.WaitAsync(Soon, TestContext.Current.CancellationToken)).Dispose();
    }

    [Fact]
    public async Task A_cancelled_wait_ends_and_lets_the_next_one_pass()
    {
        using IDisposable first = Acquire(60);
        using var cancelled = new CancellationTokenSource();
        Task<IDisposable> waiting = Task.Run(() => RunMemory.Acquire(50, 100, cancelled.Token), TestContext.Current.CancellationToken);
        Task<IDisposable> next = Task.Run(() => Acquire(40), TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<TimeoutException>(() => waiting.WaitAsync(NotYet, TestContext.Current.CancellationToken));
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Soon, TestContext.Current.CancellationToken));
        (await next.WaitAsync(Soon, TestContext.Current.CancellationToken)).Dispose();
    }

    [Theory]
    [InlineData("onnx/pushpull", null, false)]
    [InlineData("onnx/pushpull", 64, true)]
    [InlineData("onnx/membrane", null, true)]
    public void Only_sessions_for_one_size_keep_a_plan_of_their_memory(string graph, int? side, bool keeps)
    {
        bool? found = null;
        using var inpainter = new Inpainter(GraphPackage.Load(graph), new InpaintingOptions
        {
            Execution = new() { Device = "cpu", ConfigureSession = native => found = native.EnableMemoryPattern },
            Fill = new() { PictureSide = side },
        });
        Assert.Equal(keeps, found);
    }

    [Fact]
    public void A_window_that_needs_more_memory_than_allowed_is_an_error_of_its_row()
    {
        GraphPackage pushpull = GraphPackage.Load("onnx/pushpull");
        GraphManifest Stating(int? bytes) => pushpull.Manifest with { Size = pushpull.Manifest.Size with { BytesPerPixel = bytes } };
        Photo photo = SceneGenerator.Draw(1, 400).Photo;
        // Windows of 148x148 and, with the smallest margin, 328x328 pixels of 100 bytes: 2.1 and 10.3 MiB.
        Hole small = Hole.Rectangle(new PixelRect(190, 190, 20, 20)), large = Hole.Rectangle(new PixelRect(100, 100, 200, 200));
        foreach ((int? bytes, InpaintingStatus expected) in
            ((int?, InpaintingStatus)[])[(100, InpaintingStatus.BadMask), (null, InpaintingStatus.Ok)])
        {
            using var inpainter = new Inpainter(InpainterTests.Package(pushpull.Model, Stating(bytes)), new InpaintingOptions
            {
                Execution = new() { Device = "cpu", MemoryMiB = 3 },
            });
            InpaintingRow[] rows = [.. ((Hole[])[large, small]).Select((hole, i) =>
                new InpaintingRow { Name = $"photo {i}", Photo = photo, Hole = hole })];
            using InpaintingWorker worker = inpainter.CreateWorker();
            worker.Run(rows);
            Assert.Equal([expected, InpaintingStatus.Ok], rows.Select(r => r.Status));
            if (expected != InpaintingStatus.Ok)
            {
                Assert.Contains(
                    "photo 0: the hole is too large: its window of 328x328 pixels needs 10 MiB", rows[0].Error, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_window_has_a_smaller_margin_where_the_memory_does_not_suffice()
    {
        GraphPackage pushpull = GraphPackage.Load("onnx/pushpull");
        Photo photo = SceneGenerator.Draw(1, 600).Photo;
        Hole hole = Hole.Rectangle(new PixelRect(200, 200, 200, 200));
        // The whole photo needs 34 MiB, and 400x400 pixels need 15.
        GraphManifest stating = pushpull.Manifest with { Size = pushpull.Manifest.Size with { BytesPerPixel = 100 } };
        Photo Complete(int memory, double? context)
        {
            using var inpainter = new Inpainter(InpainterTests.Package(pushpull.Model, stating), new InpaintingOptions
            {
                Execution = new() { Device = "cpu", MemoryMiB = memory },
                Fill = new() { Context = context },
            });
            return inpainter.Complete(photo, hole);
        }

        Assert.Equal(Complete(100, context: 0.5).Pixels, Complete(16, context: null).Pixels);
        Assert.NotEqual(Complete(100, context: null).Array, Complete(16, context: null).Array);
    }

    [Fact]
    public void Half_of_the_memory_of_the_process_is_the_default()
    {
        Assert.Equal(7L << 20, new ExecutionOptions { MemoryMiB = 7 }.MemoryBytes);
        long available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        Assert.InRange(available, 1, long.MaxValue);
        Assert.Equal(available / 2, ExecutionOptions.Default.MemoryBytes);
    }

    private static IDisposable Acquire(long bytes) => RunMemory.Acquire(bytes, 100, TestContext.Current.CancellationToken);
}
