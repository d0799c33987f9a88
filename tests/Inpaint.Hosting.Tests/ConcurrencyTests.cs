using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;

namespace Inpaint.Hosting.Tests;

/// <summary>Many calls of one service.</summary>
public sealed class ConcurrencyTests
{
    private const long Endless = long.MaxValue;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Concurrent_calls_give_what_single_calls_give_and_load_the_graph_once()
    {
        Photo[] photos = [.. Enumerable.Range(0, 40).Select(i => SceneGenerator.Draw(i, 64 + (i % 3)).Photo)];
        using var inpainter = new Inpainter(GraphPackage.Load("membrane"));
        byte[][] expected = [.. photos.Select(p => inpainter.Complete(p).Pixels.ToArray())];
        int loads = 0;
        await using ServiceProvider services = Services(o =>
        {
            o.Graph = "membrane";
            o.Inpainting = new InpaintingOptions
            {
                Execution = new ExecutionOptions { Workers = 3, ConfigureSession = _ => Interlocked.Increment(ref loads) },
            };
        });
        IInpaintingService service = services.GetRequiredService<IInpaintingService>();
        Photo[] completed = await Task.WhenAll(photos.Select(p => service.CompleteAsync(p, cancellationToken: Stop)));
        Assert.Equal(expected, completed.Select(c => c.Pixels.ToArray()));
        Assert.Equal(1, loads);
    }

    [Fact]
    public async Task No_more_photos_are_completed_at_once_than_there_are_workers()
    {
        int running = 0, most = 0;
        await using ServiceProvider services = Services(o => Run(o, turns: 1, workers: 2));
        IInpaintingService service = services.GetRequiredService<IInpaintingService>();
        InpaintingRow[] rows = [.. Enumerable.Range(0, 20).Select(i => new InpaintingRow
        {
            Name = $"photo {i}",
            Read = _ =>
            {
                int now = Interlocked.Increment(ref running);
                InterlockedMax(ref most, now);
                Thread.Sleep(20);
                Interlocked.Decrement(ref running);
                return new Photo(32, 32);
            },
        })];
        await Task.WhenAll(rows.Select(r => service.CompleteAsync(r, Stop)));
        Assert.Equal(2, most);
        Assert.All(rows, r => Assert.Equal(InpaintingStatus.Ok, r.Status));
    }

    [Fact]
    public async Task A_call_that_waits_for_a_worker_and_a_run_that_is_under_way_can_be_cancelled()
    {
        await using ServiceProvider services = Services(o => Run(o, Endless, workers: 1));
        IInpaintingService service = services.GetRequiredService<IInpaintingService>();
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        Task<Photo> runs = service.CompleteAsync(new Photo(32, 32), cancellationToken: first.Token);
        Task<Photo> waits = service.CompleteAsync(new Photo(32, 32), cancellationToken: second.Token);
        await second.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits.WaitAsync(TimeSpan.FromMinutes(1), Stop));
        Assert.False(runs.IsCompleted);
        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => runs.WaitAsync(TimeSpan.FromMinutes(1), Stop));
    }

    [Fact]
    public async Task Many_rows_come_back_in_order_and_only_as_many_are_read_ahead_as_are_completed_at_once()
    {
        await using ServiceProvider services = Services(o => Run(o, turns: 1, workers: 2));
        IInpaintingService service = services.GetRequiredService<IInpaintingService>();
        int read = 0, returned = 0;
        async IAsyncEnumerable<InpaintingRow> Rows()
        {
            for (int i = 0; i < 30; i++)
            {
                Assert.InRange(read - returned, 0, 4);
                read++;
                await Task.Yield();
                yield return new InpaintingRow { Name = $"photo {i}", Photo = SceneGenerator.Draw(i, 32).Photo };
            }
        }

        await foreach (InpaintingRow row in service.CompleteAsync(Rows(), Stop))
        {
            Assert.Equal($"photo {returned++}", row.Name);
            Assert.NotNull(row.Completed);
        }

        Assert.Equal(30, returned);
    }

    [Fact]
    public async Task A_row_is_returned_even_if_the_next_one_waits_for_it()
    {
        await using ServiceProvider services = Services(o => Run(o, turns: 1, workers: 4));
        var rows = Channel.CreateUnbounded<InpaintingRow>();
        await rows.Writer.WriteAsync(new InpaintingRow { Name = "first", Photo = new Photo(32, 32) }, Stop);
        var names = new List<string>();
        IInpaintingService service = services.GetRequiredService<IInpaintingService>();
        await foreach (InpaintingRow row in service.CompleteAsync(rows.Reader.ReadAllAsync(Stop), Stop))
        {
            names.Add(row.Name);
            if (names.Count == 1)
            {
                await rows.Writer.WriteAsync(new InpaintingRow { Name = "second", Photo = new Photo(32, 32) }, Stop);
                rows.Writer.Complete();
            }
        }

        Assert.Equal(["first", "second"], names);
    }

    [Fact]
    public async Task Bad_rows_end_the_stream_or_are_returned_with_their_message_as_the_options_say()
    {
        InpaintingRow[] Rows() =>
        [
            new() { Name = "good", Photo = new Photo(32, 32) },
            new() { Name = "bad.png", Bytes = new byte[] { 1, 2, 3 } },
            new() { Name = "also good", Photo = new Photo(32, 32) },
        ];
        await using ServiceProvider tolerant = Services(o => Run(o, turns: 1, workers: 2, OnError.Row));
        IInpaintingService service = tolerant.GetRequiredService<IInpaintingService>();
        var statuses = new List<InpaintingStatus>();
        await foreach (InpaintingRow row in service.CompleteAsync(Rows().ToAsyncEnumerable(), Stop))
        {
            statuses.Add(row.Status);
        }

        Assert.Equal([InpaintingStatus.Ok, InpaintingStatus.BadPhoto, InpaintingStatus.Ok], statuses);

        await using ServiceProvider strict = Services(o => Run(o, turns: 1, workers: 2));
        service = strict.GetRequiredService<IInpaintingService>();
        int returned = 0;
        PhotoException error = await Assert.ThrowsAsync<PhotoException>(async () =>
        {
            await foreach (InpaintingRow row in service.CompleteAsync(Rows().ToAsyncEnumerable(), Stop))
            {
                returned++;
            }
        });
        Assert.Equal(1, returned);
        Assert.Contains("bad.png", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_that_stops_early_ends_the_runs()
    {
        await using ServiceProvider services = Services(o => Run(o, Endless, workers: 2));
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        impatient.CancelAfter(TimeSpan.FromMilliseconds(300));
        var watch = Stopwatch.StartNew();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (InpaintingRow _ in services.GetRequiredService<IInpaintingService>().CompleteAsync(Forever(), impatient.Token))
            {
            }
        });
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    private static async IAsyncEnumerable<InpaintingRow> Forever([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        while (!cancellation.IsCancellationRequested)
        {
            await Task.Yield();
            yield return new InpaintingRow { Name = "one of many", Photo = new Photo(32, 32) };
        }
    }

    private static ServiceProvider Services(Action<InpaintingServiceOptions> configure) =>
        new ServiceCollection().AddInpainting(configure).BuildServiceProvider();

    private static void Run(InpaintingServiceOptions options, long turns, int workers, OnError onError = OnError.Fail)
    {
        options.Package = DelayGraph.Package(DelayGraph.Model(turns));
        options.Inpainting = new InpaintingOptions { Execution = new ExecutionOptions { Workers = workers }, OnError = onError };
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (int seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
        {
            _ = Interlocked.CompareExchange(ref most, value, seen);
        }
    }
}
