namespace Inpaint.Onnx.Tests;

public sealed class OrderedWorkersTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Batches_are_returned_in_input_order(int workers)
    {
        int next = 0, most = 0, running = 0;
        using var ordered = new OrderedWorkers<int[]>(
            workers,
            () => new int[1],
            batch => (batch[0] = next++) < 60,
            (batch, _) =>
            {
                int now = Interlocked.Increment(ref running);
                InterlockedMax(ref most, now);
                Thread.Sleep(batch[0] % 5 == 0 ? 6 : 1);
                Interlocked.Decrement(ref running);
            });
        var seen = new List<int>();
        while (ordered.Next() is { } batch)
        {
            seen.Add(batch[0]);
        }

        Assert.Equal(Enumerable.Range(0, 60), seen);
        Assert.InRange(most, 1, workers);
        Assert.Null(ordered.Next());
    }

    [Fact]
    public void An_error_in_one_batch_is_thrown_in_order_and_the_others_continue()
    {
        int next = 0;
        using var ordered = new OrderedWorkers<int[]>(
            2,
            () => new int[1],
            batch => (batch[0] = next++) < 6,
            (batch, _) =>
            {
                if (batch[0] == 3)
                {
                    throw new InvalidDataException("three");
                }
            });
        var seen = new List<int>();
        for (int i = 0; i < 3; i++)
        {
            seen.Add(ordered.Next()![0]);
        }

        Assert.Throws<InvalidDataException>(() => ordered.Next());
        seen.Add(ordered.Next()![0]);
        seen.Add(ordered.Next()![0]);
        Assert.Null(ordered.Next());
        Assert.Equal([0, 1, 2, 4, 5], seen);
    }

    [Fact]
    public void An_error_of_the_source_is_thrown_after_the_batches_before_it()
    {
        int next = 0;
        using var ordered = new OrderedWorkers<int[]>(
            4,
            () => new int[1],
            batch => next < 3 ? (batch[0] = next++) >= 0 : throw new IOException("gone"),
            (_, _) => { });
        Assert.Equal([0, 1, 2], [ordered.Next()![0], ordered.Next()![0], ordered.Next()![0]]);
        Assert.Throws<IOException>(() => ordered.Next());
    }

    [Fact]
    public void Disposing_in_the_middle_stops_the_workers_and_waits_for_them()
    {
        int running = 0;
        var ordered = new OrderedWorkers<int[]>(
            3,
            () => new int[1],
            _ => true,
            (_, stop) =>
            {
                Interlocked.Increment(ref running);
                stop.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(20));
                Interlocked.Decrement(ref running);
            });
        _ = ordered.Next();
        ordered.Dispose();
        Assert.Equal(0, running);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }
}
