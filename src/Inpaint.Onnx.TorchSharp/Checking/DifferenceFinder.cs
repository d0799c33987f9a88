using Inpaint.Onnx.TorchSharp.Conversion;
using Inpaint.Onnx.TorchSharp.Tracing;
using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Checking;

/// <summary>Finds where a graph begins to differ from its module, by comparing the intermediate values of both.</summary>
internal sealed class DifferenceFinder(OnnxModel model, string? weights, GraphConverter converter, ModuleCall call, ExportInputs inputs,
    double tolerance)
{
    private readonly Traces _traces = converter.Traces;

    /// <summary>Names the first operator whose value differs, its module, both values and the likely cause.</summary>
    /// <param name="tensors">The inputs on which an output differs.</param>
    public string Describe(IReadOnlyList<Tensor> tensors)
    {
        using Recording recording = _traces.RecordAgain(call, tensors);
        if (_traces.NamesIn(recording) is not { } names)
        {
            return "On these inputs forward runs other operators than the recorded ones: its control flow depends on data, which a graph "
                + "cannot represent. Use torch.where or gather instead of if, item and indexing by numbers read from tensors.";
        }

        Dictionary<string, Tensor> found = RunGraph(tensors);
        foreach (TraceNode node in _traces.Nodes)
        {
            foreach (TraceValue output in node.Outputs)
            {
                if (!names.TryGetValue(output.Name, out string? name) || !recording.Values.TryGetValue(name, out Tensor? expected))
                {
                    continue;
                }

                foreach ((string value, Tensor part) in Parts(output.Name, expected))
                {
                    if (found.TryGetValue(value, out Tensor? got) && Compare(part, got) is { } how)
                    {
                        return $"The first value that differs is from {converter.Place(output.Name)} ('{value}' in the graph): {how}. "
                            + $"{Cause(node, names, recording)}";
                    }
                }
            }
        }

        return "No intermediate value differs by as much, so rounding errors may have accumulated: compare with a module in double "
            + "precision, or raise Tolerance.";
    }

    private IEnumerable<(string Value, Tensor Part)> Parts(string traced, Tensor expected)
    {
        if (converter.Pairs.TryGetValue(traced, out (string Real, string Imaginary) pair))
        {
            Tensor halves = view_as_real(expected.resolve_conj());
            yield return (pair.Real, halves.select(-1, 0));
            yield return (pair.Imaginary, halves.select(-1, 1));
        }
        else if (converter.Values.TryGetValue(traced, out string? value))
        {
            yield return (value, expected);
        }
    }

    private Dictionary<string, Tensor> RunGraph(IReadOnlyList<Tensor> tensors)
    {
        IEnumerable<string> values =
            converter.Values.Values.Concat(converter.Pairs.Values.SelectMany(p => (string[])[p.Real, p.Imaginary]));
        using InferenceSession session = OnnxRun.Load(model.WithOutputs(values).ToBytes(), weights, _traces);
        IReadOnlyList<Tensor> results = OnnxRun.Run(session, inputs.Names, tensors);
        return session.OutputNames.Zip(results).ToDictionary(r => r.First, r => r.Second);
    }

    /// <summary>
    /// The difference of two tensors; null if they are close. Values that cancel out are compared relative to the largest value in the
    /// tensor.
    /// </summary>
    private string? Compare(Tensor expected, Tensor found)
    {
        if (!expected.shape.SequenceEqual(found.shape))
        {
            return $"the module's shape is [{string.Join(", ", expected.shape)}], the graph's [{string.Join(", ", found.shape)}]";
        }

        if (expected.numel() == 0)
        {
            return null;
        }

        Tensor a = expected.cpu().to(ScalarType.Float64).flatten(), b = found.to(ScalarType.Float64).flatten();
        Tensor same = a.eq(b).logical_or(a.isnan().logical_and(b.isnan()));
        Tensor difference =
            where(same, zeros_like(a), (a - b).abs()).nan_to_num(nan: double.PositiveInfinity, posinf: double.PositiveInfinity);
        double largest = Math.Max(1, a.abs().nan_to_num(nan: 0, posinf: 0).max().item<double>());
        if (difference.max().item<double>() <= tolerance * largest)
        {
            return null;
        }

        long at = difference.argmax().item<long>();
        return $"at [{string.Join(", ", Position(at, expected.shape))}] the module gives {a[at].item<double>():G6}, the graph "
            + $"{b[at].item<double>():G6}";
    }

    private string Cause(TraceNode node, IReadOnlyDictionary<string, string> names, Recording recording)
    {
        string? overwritten = node.Inputs.FirstOrDefault(i => names.TryGetValue(i, out string? name)
            && recording.Overwritten.Contains(name));
        return overwritten is not null
            ? $"Its argument, which {converter.Place(overwritten)} returned, was overwritten without a recorded operator: through a view "
                + "of it, or through its memory (data<T>(), bytes). Build the tensor with torch.where, cat or masked_fill instead."
            : converter.IsCustom(node.Kind)
            ? $"Its converter was added by OnnxConverters.Register(\"{node.Kind}\", ...): check its formula."
            : "Either forward takes another path at these sizes (an if or a loop over a size: make forward the same for all, or keep "
                + "that axis fixed), or it wrote into the tensor's memory (data<T>(), bytes) without an operator, or this package's "
                + $"converter of {node.Kind} is at fault: then please report it.";
    }

    private static long[] Position(long at, long[] shape)
    {
        var position = new long[shape.Length];
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            (at, position[axis]) = Math.DivRem(at, shape[axis]);
        }

        return position;
    }
}
