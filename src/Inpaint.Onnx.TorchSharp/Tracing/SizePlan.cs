using Microsoft.ML.OnnxRuntime;

namespace Inpaint.Onnx.TorchSharp.Tracing;

/// <summary>The sizes with which an axis is verified: odd and even, larger and smaller, and nearby sizes if forward rejects some.</summary>
internal static class SizePlan
{
    private static readonly long[] Steps = [1, 2, 4, 8, 16, 32, 64];

    /// <summary>The sizes to record at besides the first: one of each list, in order of preference.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="first">The first size.</param>
    /// <param name="isFast">Whether forward is so fast that large sizes can be recorded too, where divisions by large numbers show.</param>
    public static IEnumerable<long[]> ToRecord(DynamicAxis axis, long first, bool isFast) =>
    [
        .. axis.Axis == 0
            ? (long[][])[[first + 1, first + 2, 2 * first, 4 * first]]
            : [[2 * first, 3 * first, 4 * first], Above(first, 1), Below(2 * first, 1, first), Above(first, 3)],
        .. isFast && axis.Axis != 0
            ? (long[][])[Above(7 * first, 1), Above(Math.Max(641, 12 * first), 1), Above(Math.Max(333, 10 * first), 1)]
            : [],
    ];

    /// <summary>The next size to record at: one at which functions differ that have the same numbers so far.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="sizes">The sizes recorded at, the first one first.</param>
    /// <param name="numbers">The numbers of the recordings that depend on the size, each in the order of the sizes.</param>
    /// <param name="excluded">Sizes that forward rejects or has been recorded at.</param>
    /// <returns>The size, a small one if that will do; null if nothing is in doubt.</returns>
    public static long? Next(DynamicAxis axis, long[] sizes, IReadOnlyList<long[]> numbers, IReadOnlySet<long> excluded) =>
        ((long[])[2 * sizes[0], Math.Max(64, 8 * sizes[0])])
            .Select(largest => numbers.Select(values => SizeFunctions.Distinguishing(axis, sizes, values, excluded, largest))
                .FirstOrDefault(size => size is not null))
            .FirstOrDefault(size => size is not null);

    /// <summary>
    /// Sizes around which forward may change: small ones, primes, powers of two and their neighbours, to about a thousand, small ones
    /// first.
    /// </summary>
    public static IEnumerable<long> Ladder { get; } =
        [1, 2, 3, 4, 5, 7, 8, 9, 11, 13, 16, 17, 23, 31, 32, 33, 47, 63, 64, 65, 97, 100, 101, 127, 128, 129, 200, 255, 256, 257, 300, 384,
        400, 500, 511, 512, 513, 520, 640, 768, 1000, 1023, 1024, 1025, 1100];

    /// <summary>The sizes to compare at besides the example's: one of each list, in order of preference.</summary>
    public static IEnumerable<long[]> ToCompare(DynamicAxis axis, long example) => axis.Axis == 0
        ? [[example == 1 ? 3 : 1, 2 * example], [example + 4, 3 * example]]
        : [[3 * example, 4 * example], Below(example, 1, 0), Above(example, 5), [1]];

    /// <summary>Runs an action at one size of each list.</summary>
    /// <param name="wishes">The lists.</param>
    /// <param name="done">The sizes done so far.</param>
    /// <param name="attempt">Verifies a size; throws the exceptions of <see cref="ModuleCall.Run"/> if forward rejects it.</param>
    /// <returns>The error for the first size that forward rejected; null if it accepted all.</returns>
    public static ExportException? Take(IEnumerable<long[]> wishes, HashSet<long> done, Action<long> attempt)
    {
        ExportException? refusal = null;
        var refused = new HashSet<long>();
        foreach (long[] wish in wishes)
        {
            foreach (long size in wish.Where(s => s > 0 && !done.Contains(s) && !refused.Contains(s)))
            {
                try
                {
                    attempt(size);
                    done.Add(size);
                    break;
                }
                catch (ExportException e) when (IsRefusal(e))
                {
                    refusal ??= e;
                    refused.Add(size);
                }
            }
        }

        return refusal;
    }

    /// <summary>Runs an action, ignoring a refusal by forward.</summary>
    /// <returns>Whether forward accepted the sizes and values.</returns>
    public static bool TryOnce(Action attempt)
    {
        try
        {
            attempt();
            return true;
        }
        catch (ExportException e) when (IsRefusal(e))
        {
            return false;
        }
    }

    /// <summary>Whether forward itself failed, rather than the export or ONNX Runtime.</summary>
    public static bool IsRefusal(ExportException error) => error.InnerException is not null and not OnnxRuntimeException;

    private static long[] Above(long size, long step) => [.. Steps.Select(s => size + (step * s))];

    private static long[] Below(long size, long step, long limit) => [.. Steps.Select(s => size - (step * s)).Where(s => s > limit)];
}
