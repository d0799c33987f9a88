namespace Inpaint;

/// <summary>
/// A small generator of random numbers whose sequence is the same on every platform and version
/// (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
/// </summary>
/// <param name="seed">Any number; close seeds give unrelated sequences.</param>
public struct SplitMix64(ulong seed)
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private ulong _state = seed;

    /// <summary>A generator for one of many independent sequences: number <paramref name="index"/> of a seed.</summary>
    public static SplitMix64 For(ulong seed, long index) => new(Mix(Mix(seed + Golden) ^ (Golden * (ulong)index)));

    /// <summary>The next 64 random bits.</summary>
    public ulong Next() => Mix(_state += Golden);

    /// <summary>A number in [0, 1), of 24 random bits.</summary>
    public float NextSingle() => (Next() >> 40) * (1f / (1 << 24));

    /// <summary>A number between two others.</summary>
    public float Between(float low, float high) => low + ((high - low) * NextSingle());

    /// <summary>An integer from 0 to <paramref name="count"/> - 1.</summary>
    public int Below(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return (int)(((Next() >> 32) * (ulong)count) >> 32);
    }

    /// <summary>One of the items, each as likely as any other.</summary>
    public T Pick<T>(ReadOnlySpan<T> items) => items[Below(items.Length)];

    /// <summary>The finalizer of the generator: a bijection that spreads every bit of its input over all 64.</summary>
    public static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
