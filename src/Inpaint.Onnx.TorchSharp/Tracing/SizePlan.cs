using Microsoft.ML.OnnxRuntime;

namespace Inpaint.Onnx.TorchSharp.Tracing;

/// <summary>The sizes with which an axis is verified: odd and even, larger and smaller, and nearby sizes if forward rejects some.</summary>
internal static class SizePlan
{
    private static readonly long[] Steps = [1, 2, 4, 8, 16, 32, 64];

    /// <summary>The sizes to record at besides the first: one of each list, in order of preference.</summary>
    public static IEnumerable<long[]> ToRecord(DynamicAxis axis, long first) => axis.Axis == 0
        ? [[first + 1, first + 2, 2 * first, 4 * first]]
        : [[2 * first, 3 * first, 4 * first], Above(first, 1), Below(2 * first, 1, first), Above(first, 3)];

    /// <summary>The sizes to compare at besides the example's: one of each list, in order of preference.</summary>
    public static IEnumerable<long[]> ToCompare(DynamicAxis axis, long example) => axis.Axis == 0
        ? [[example == 1 ? 3 : 1, 2 * example], [example + 4, 3 * example]]
        : [[3 * example, 4 * example], Below(example, 1, 0), Above(example, 5)];

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
    public static void TryOnce(Action attempt)
    {
        try
        {
            attempt();
        }
        catch (ExportException e) when (IsRefusal(e))
        {
            // Sizes that are only valid in some combinations, such as squares, were tried one by one.
        }
    }

    /// <summary>Whether forward itself failed, rather than the export or ONNX Runtime.</summary>
    public static bool IsRefusal(ExportException error) => error.InnerException is not null and not OnnxRuntimeException;

    private static long[] Above(long size, long step) => [.. Steps.Select(s => size + (step * s))];

    private static long[] Below(long size, long step, long limit) => [.. Steps.Select(s => size - (step * s)).Where(s => s > limit)];
}
