using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tracing;

/// <summary>The inputs of an export: names, dynamic sizes, and fresh tensors like the examples at any size.</summary>
internal sealed class ExportInputs
{
    private readonly IReadOnlyList<Tensor> _examples;
    private readonly HashSet<string> _kept;
    private bool _widens = true;

    private ExportInputs(IReadOnlyList<Tensor> examples, IReadOnlyList<string> names, IReadOnlyList<DynamicAxis?[]> axes,
        IEnumerable<string> kept)
    {
        _examples = examples;
        _kept = [.. kept];
        Names = names;
        Axes = axes;
        Groups = [.. axes.SelectMany(a => a).OfType<DynamicAxis>().DistinctBy(a => a.Name)];
    }

    public IReadOnlyList<string> Names { get; }

    /// <summary>For each input and axis: its dynamic size, or null when fixed.</summary>
    public IReadOnlyList<DynamicAxis?[]> Axes { get; }

    /// <summary>The dynamic sizes, each once.</summary>
    public IReadOnlyList<DynamicAxis> Groups { get; }

    public int Count => _examples.Count;

    /// <summary>The inputs of a call.</summary>
    /// <param name="call">Knows the names of forward's parameters.</param>
    /// <param name="examples">One tensor for each input.</param>
    /// <param name="inputNames">Names instead of those of the parameters; may be empty.</param>
    /// <param name="dynamicAxes">Axes whose size may change, by input; empty for axis 0 of each.</param>
    /// <param name="axisNames">Names of axes by input.</param>
    /// <param name="keepValues">Inputs that keep the example's values.</param>
    /// <exception cref="ExportException">They do not agree with the examples.</exception>
    public static ExportInputs Of(
        ModuleCall call,
        IReadOnlyList<Tensor> examples,
        IReadOnlyList<string> inputNames,
        IDictionary<string, int[]> dynamicAxes,
        IDictionary<string, string[]> axisNames,
        IReadOnlyList<string> keepValues)
    {
        if (inputNames.Count > 0 && inputNames.Count != examples.Count)
        {
            throw new ExportException($"{inputNames.Count} input names for {examples.Count} examples; expected one for each.");
        }

        string[] names = [.. examples.Select((_, i) => inputNames.Count > 0 ? inputNames[i] : call.ParameterNames[i])];
        foreach ((string option, IEnumerable<string> stated) in new (string, IEnumerable<string>)[] { ("DynamicAxes", dynamicAxes.Keys),
            ("AxisNames", axisNames.Keys), ("KeepValues", keepValues) })
        {
            if (stated.Except(names).FirstOrDefault() is { } unknown)
            {
                throw new ExportException($"{option} names '{unknown}', which is not an input; the inputs are {string.Join(", ", names)}.");
            }
        }

        var axes = new List<DynamicAxis?[]>();
        var sizes = new Dictionary<string, long>();
        for (int input = 0; input < examples.Count; input++)
        {
            int rank = (int)examples[input].dim();
            int[] dynamic = dynamicAxes.Count == 0 ? (rank > 0 ? [0] : []) : dynamicAxes.TryGetValue(names[input], out int[]? listed)
                ? listed : [];
            var row = new DynamicAxis?[rank];
            foreach (int axis in dynamic)
            {
                int at = axis < 0 ? axis + rank : axis;
                if (at < 0 || at >= rank)
                {
                    throw new ExportException($"DynamicAxes of '{names[input]}' names axis {axis}; the example has {rank} axes.");
                }

                string? given = axisNames.TryGetValue(names[input], out string[]? all) && at < all.Length && all[at] is { Length: > 0 } own
                    ? own : null;
                string name = given ?? NameOf(names[input], at, rank);
                long size = examples[input].shape[at];
                if (sizes.TryGetValue(name, out long other) && other != size)
                {
                    name = given is null
                        ? $"{names[input]}_{at}"
                        : throw new ExportException($"AxisNames calls several axes '{name}', and the examples have {other} and {size} "
                            + "there; expected the same size on axes of one name.");
                }

                sizes[name] = size;
                row[at] = new DynamicAxis(input, at, name);
            }

            axes.Add(row);
        }

        return new ExportInputs(examples, names, axes, keepValues);
    }

    public long ExampleSize(DynamicAxis axis) => _examples[axis.Input].shape[axis.Axis];

    public IReadOnlyDictionary<string, long> ExampleSizes => Groups.ToDictionary(g => g.Name, ExampleSize);

    /// <summary>
    /// Runs forward once. Constant examples are given other values too, which reveals what forward reads from them; where
    /// forward rejects those, or returns only NaN, fresh tensors keep the example's value.
    /// </summary>
    public void ChooseRange(Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> run, IReadOnlyDictionary<string, long> sizes)
    {
        try
        {
            if (TensorComparison.HasNumbers(run(Make(sizes))) || !_examples.Any(FreshTensors.IsConstant))
            {
                return;
            }
        }
        catch (ExportException e) when (SizePlan.IsRefusal(e) && _examples.Any(FreshTensors.IsConstant))
        {
            // The range is narrowed below, and forward runs again.
        }

        _widens = false;
        run(Make(sizes));
    }

    /// <summary>Fresh random tensors of the examples' types and ranges.</summary>
    /// <param name="sizes">The dynamic sizes by name; those not named are as in the examples.</param>
    public IReadOnlyList<Tensor> Make(IReadOnlyDictionary<string, long> sizes)
    {
        var made = new List<Tensor>();
        for (int i = 0; i < Count; i++)
        {
            long[] shape = [.. _examples[i].shape];
            for (int axis = 0; axis < shape.Length; axis++)
            {
                if (Axes[i][axis] is { } dynamic && sizes.TryGetValue(dynamic.Name, out long size))
                {
                    shape[axis] = size;
                }
            }

            made.Add(_kept.Contains(Names[i]) ? FreshTensors.Repeated(_examples[i], shape)
                : FreshTensors.Like(_examples[i], shape, _widens));
        }

        return made;
    }

    private static string NameOf(string input, int axis, int rank) => (axis, rank) switch
    {
        (0, _) => "batch",
        (2, 4) => "height",
        (3, 4) => "width",
        _ => $"{input}_{axis}",
    };
}
