namespace Inpaint.Training.Data;

/// <summary>The photos of one step, in managed memory.</summary>
/// <param name="Values">[N, S, S, 3], 0..1.</param>
/// <param name="Words">[N, V], 0 or 1; empty without captions.</param>
/// <param name="Count">N.</param>
/// <param name="Size">S.</param>
/// <param name="Masks">[N, 1, S, S], 1 in the hole; null for the centre.</param>
internal sealed record PhotoBatch(float[] Values, float[] Words, int Count, int Size, float[]? Masks = null);

/// <summary>
/// Makes the batches of a training. Each epoch has its own order, and changes to a photo follow from seed, epoch and photo alone, so that
/// the batch of a step does not depend on interruptions. The next batch is made while the current one is used.
/// </summary>
internal sealed class BatchSource
{
    private const ulong OrderSeed = 0x9E3779B97F4A7C15, SizeSeed = 0xD1B54A32D192ED03;

    private readonly PhotoPool _pool;
    private readonly PhotoPool? _large;
    private readonly WordTable? _words;
    private readonly TrainingConfig _config;
    private (long Step, Task<PhotoBatch> Batch)? _next;
    private (int Epoch, int[] Order)? _order;

    /// <summary>A source over the pool.</summary>
    /// <param name="pool">The photos.</param>
    /// <param name="words">Their words; null without captions.</param>
    /// <param name="config">The configuration.</param>
    /// <param name="large">The photos that larger batches are cropped from; null without such batches.</param>
    public BatchSource(PhotoPool pool, WordTable? words, TrainingConfig config, PhotoPool? large = null)
    {
        (_pool, _words, _config, _large) = (pool, words, config, large);
        BatchSize = Math.Min(config.BatchSize, pool.Count);
        StepsPerEpoch = Math.Max(1, pool.Count / BatchSize);
    }

    /// <summary>Photos per step; all of them when the pool has fewer than the configuration's batch size.</summary>
    public int BatchSize { get; }

    /// <summary>Full batches in an epoch; the remaining photos wait for another order.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>The batch of a step, counted from 0.</summary>
    public PhotoBatch Take(long step)
    {
        PhotoBatch batch = _next is { } next && next.Step == step ? next.Batch.GetAwaiter().GetResult() : Make(step);
        _next = (step + 1, Task.Run(() => Make(step + 1)));
        return batch;
    }

    /// <summary>Writes a mask as numbers, 1 in the hole.</summary>
    public static void WriteMask(Mask mask, Span<float> values)
    {
        for (int p = 0; p < values.Length; p++)
        {
            values[p] = mask.Pixels[p] == 0 ? 0 : 1;
        }
    }

    private PhotoBatch Make(long step)
    {
        if (_large is not null)
        {
            var random = SplitMix64.For((ulong)_config.Seed ^ SizeSeed, step);
            int size = _config.Masks!.Sizes[random.Below(_config.Masks.Sizes.Count)];
            if (size > _pool.Size)
            {
                return MakeLarge(_large, size, ref random);
            }
        }

        int epoch = (int)(step / StepsPerEpoch), first = (int)(step % StepsPerEpoch) * BatchSize;
        int[] order = Order(epoch);
        int photoValues = _pool.Size * _pool.Size * 3, vocabulary = _words?.Size ?? 0;
        float[] values = new float[BatchSize * photoValues], words = new float[BatchSize * vocabulary];
        float[]? masks = _config.Masks is null ? null : new float[values.Length / 3];
        var augmentation = new Augmentation(_config.Augmentation, _pool.Size);
        for (int i = 0; i < BatchSize; i++)
        {
            int photo = order[first + i];
            var random = SplitMix64.For((ulong)_config.Seed, (long)epoch * _pool.Count + photo);
            augmentation.Apply(_pool.Pixels(photo), values.AsSpan(i * photoValues, photoValues), ref random);
            if (_words is not null && random.NextSingle() >= _config.Caption!.Dropout)
            {
                _words.Write(photo, words.AsSpan(i * vocabulary, vocabulary));
            }

            DrawMask(masks, i, _pool.Size, ref random);
        }

        return new PhotoBatch(values, words, BatchSize, _pool.Size, masks);
    }

    // As many pixels as an ordinary batch, of photos drawn with replacement.
    private PhotoBatch MakeLarge(PhotoPool photos, int size, ref SplitMix64 random)
    {
        int count = Math.Max(1, BatchSize * _pool.Size * _pool.Size / (size * size)), photoValues = size * size * 3;
        float[] values = new float[count * photoValues], masks = new float[values.Length / 3];
        var augmentation = new Augmentation(_config.Augmentation, size, photos.Size);
        for (int i = 0; i < count; i++)
        {
            augmentation.Apply(photos.Pixels(random.Below(photos.Count)), values.AsSpan(i * photoValues, photoValues), ref random);
            DrawMask(masks, i, size, ref random);
        }

        return new PhotoBatch(values, [], count, size, masks);
    }

    private void DrawMask(float[]? masks, int photo, int size, ref SplitMix64 random)
    {
        if (masks is not null)
        {
            MaskKind kind = _config.Masks!.Kinds[random.Below(_config.Masks.Kinds.Count)];
            WriteMask(RandomMasks.Create(kind, size, size, ref random), masks.AsSpan(photo * size * size, size * size));
        }
    }

    private int[] Order(int epoch)
    {
        if (_order is { } known && known.Epoch == epoch)
        {
            return known.Order;
        }

        int[] order = [.. Enumerable.Range(0, _pool.Count)];
        var random = SplitMix64.For((ulong)_config.Seed ^ OrderSeed, epoch);
        for (int i = order.Length - 1; i > 0; i--)
        {
            int j = random.Below(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        _order = (epoch, order);
        return order;
    }
}
