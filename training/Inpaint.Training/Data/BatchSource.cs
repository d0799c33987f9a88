namespace Inpaint.Training;

/// <summary>One step's photos, in plain memory.</summary>
/// <param name="Values">[N, S, S, 3], 0..1.</param>
/// <param name="Words">[N, V], 0 or 1; empty without captions.</param>
/// <param name="Count">N.</param>
internal sealed record PhotoBatch(float[] Values, float[] Words, int Count);

/// <summary>
/// Makes the batches of a training: each epoch in an order of its own, each photo changed by numbers that follow from seed, epoch and photo
/// alone, so that a step's batch is the same whether the training was broken off before it or not. The next batch is made while one is used.
/// </summary>
internal sealed class BatchSource
{
    private readonly PhotoPool _pool;
    private readonly WordTable? _words;
    private readonly TrainingConfig _config;
    private readonly Augmentation _augmentation;
    private (long Step, Task<PhotoBatch> Batch)? _next;
    private (int Epoch, int[] Order)? _order;

    /// <summary>A source over the pool.</summary>
    public BatchSource(PhotoPool pool, WordTable? words, TrainingConfig config)
    {
        (_pool, _words, _config) = (pool, words, config);
        _augmentation = new Augmentation(config.Augmentation, pool.Size);
        BatchSize = Math.Min(config.BatchSize, pool.Count);
        StepsPerEpoch = Math.Max(1, pool.Count / BatchSize);
    }

    /// <summary>Photos a step; all of them when the pool has fewer than the configuration asks for.</summary>
    public int BatchSize { get; }

    /// <summary>Whole batches in an epoch; what is left over waits for another order.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>The batch of a step, counted from 0.</summary>
    public PhotoBatch Take(long step)
    {
        PhotoBatch batch = _next is { } next && next.Step == step ? next.Batch.GetAwaiter().GetResult() : Make(step);
        _next = (step + 1, Task.Run(() => Make(step + 1)));
        return batch;
    }

    private PhotoBatch Make(long step)
    {
        int epoch = (int)(step / StepsPerEpoch), first = (int)(step % StepsPerEpoch) * BatchSize;
        int[] order = Order(epoch);
        int photoValues = _pool.Size * _pool.Size * 3, vocabulary = _words?.Size ?? 0;
        float[] values = new float[BatchSize * photoValues], words = new float[BatchSize * vocabulary];
        for (int i = 0; i < BatchSize; i++)
        {
            int photo = order[first + i];
            var random = SplitMix64.For((ulong)_config.Seed, (long)epoch * _pool.Count + photo);
            _augmentation.Apply(_pool.Pixels(photo), values.AsSpan(i * photoValues, photoValues), ref random);
            if (_words is not null && random.NextSingle() >= _config.Caption!.Dropout)
            {
                _words.Write(photo, words.AsSpan(i * vocabulary, vocabulary));
            }
        }

        return new PhotoBatch(values, words, BatchSize);
    }

    private int[] Order(int epoch)
    {
        if (_order is { } known && known.Epoch == epoch)
        {
            return known.Order;
        }

        int[] order = [.. Enumerable.Range(0, _pool.Count)];
        var random = SplitMix64.For((ulong)_config.Seed ^ 0x9E3779B97F4A7C15, epoch);
        for (int i = order.Length - 1; i > 0; i--)
        {
            int j = random.Below(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        _order = (epoch, order);
        return order;
    }
}
