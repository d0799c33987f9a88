using System.Diagnostics;
using Inpaint.Onnx.TorchSharp.Conversion;
using Inpaint.Onnx.TorchSharp.Libtorch;
using Inpaint.Onnx.TorchSharp.Tracing;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Checking;

/// <summary>Runs the graph and the module on the same new inputs and compares the outputs.</summary>
internal static class ExportCheck
{
    public static (double Difference, IReadOnlyList<string> Compared) Compare(OnnxModel model, byte[] bytes, string? weights,
        GraphConverter converter, ModuleCall call, ExportInputs inputs, double tolerance, double seconds)
    {
        using InferenceSession session = OnnxRun.Load(bytes, weights, converter.Traces);
        double largest = 0;
        var compared = new List<string>();
        void At(IReadOnlyDictionary<string, long> sizes) => Within(sizes, tolerance);
        void Within(IReadOnlyDictionary<string, long> sizes, double tolerance)
        {
            using GarbageCollectionPause pause = GarbageCollectionPause.Begin();
            using DisposeScope scope = NewDisposeScope();
            IReadOnlyList<Tensor> tensors = inputs.Make(sizes);
            string shapes = string.Join(", ", inputs.Names.Select((name, i) => $"{name} [{string.Join(", ", tensors[i].shape)}]"));

            // A forward may write into its inputs: it gets copies.
            IReadOnlyList<Tensor> expected = call.Run([.. tensors.Select(t => t.clone())]);
            IReadOnlyList<Tensor> found = Run(session, inputs.Names, tensors, shapes);
            for (int i = 0; i < expected.Count; i++)
            {
                double difference = TensorComparison.Difference(expected[i], found[i]);
                if (!(difference <= tolerance))
                {
                    throw new ExportException($"Output {i} of the graph differs from the module's by {difference:0.0e+0} at {shapes}; the "
                        + $"tolerance is {tolerance:0.0e+0}. Nothing was written. "
                        + new DifferenceFinder(model, weights, converter, call, inputs, tolerance).Describe(tensors));
                }

                largest = Math.Max(largest, difference);
            }

            if (TensorComparison.HasNumbers(expected))
            {
                compared.Add(shapes);
            }
        }

        At(inputs.ExampleSizes);
        CompareOtherSizes(inputs, At);
        if (seconds > 0)
        {
            Climb(inputs, (sizes, size) => Within(sizes, tolerance * Math.Max(1, size / 64.0)), TimeSpan.FromSeconds(seconds));
        }

        return compared.Count > 0
            ? (largest, compared)
            : throw new ExportException("Module and graph return only NaN, so they cannot be compared. Nothing was written. Pass another "
                + "example, with values in the expected range, or export without comparing (Verify = false).");
    }

    /// <summary>Each size on its own, and all together; sizes that forward rejects are skipped.</summary>
    private static void CompareOtherSizes(ExportInputs inputs, Action<IReadOnlyDictionary<string, long>> compare)
    {
        IReadOnlyDictionary<string, long> example = inputs.ExampleSizes;
        var together = new Dictionary<string, long>(example);
        foreach (DynamicAxis group in inputs.Groups)
        {
            var taken = new HashSet<long> { example[group.Name] };
            SizePlan.Take(SizePlan.ToCompare(group, example[group.Name]), taken, size =>
                compare(new Dictionary<string, long>(example) { [group.Name] = size }));
            together[group.Name] = taken.LastOrDefault(s => s != example[group.Name] && !together.ContainsValue(s), taken.Max());
        }

        if (inputs.Groups.Count > 1)
        {
            SizePlan.TryOnce(() => compare(together));
        }
    }

    /// <summary>
    /// Compares at the sizes around which forward may change, one axis after the other, while there is time. Rounding errors of coordinates
    /// and sums grow with the size.
    /// </summary>
    private static void Climb(ExportInputs inputs, Action<IReadOnlyDictionary<string, long>, long> compare, TimeSpan budget)
    {
        IReadOnlyDictionary<string, long> example = inputs.ExampleSizes;
        long started = Stopwatch.GetTimestamp();
        TimeSpan each = budget / Math.Max(1, inputs.Groups.Count);
        for (int group = 0; group < inputs.Groups.Count; group++)
        {
            string name = inputs.Groups[group].Name;
            foreach (long size in SizePlan.Ladder)
            {
                if (Stopwatch.GetElapsedTime(started) > each * (group + 1))
                {
                    break;
                }

                SizePlan.TryOnce(() => compare(new Dictionary<string, long>(example) { [name] = size }, size));
            }
        }
    }

    private static IReadOnlyList<Tensor> Run(InferenceSession session, IReadOnlyList<string> names, IReadOnlyList<Tensor> tensors,
        string shapes)
    {
        try
        {
            return OnnxRun.Run(session, names, tensors);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ExportException($"ONNX Runtime loads the graph but fails to run it at {shapes}: {e.Message} Nothing was written. "
                + "Keep the sizes fixed that differ from the example's (DynamicAxes), or express that step of the module differently.", e);
        }
    }
}
