using System.Diagnostics;
using System.Globalization;
using Inpaint.Onnx.TorchSharp.Libtorch;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tracing;

/// <summary>
/// Aligned recordings of the same forward at several sizes: numbers that are equal in all recordings are constants, the
/// others follow the inputs' dynamic sizes.
/// </summary>
internal sealed class Traces : IDisposable
{
    private readonly Recording _first;
    private readonly TraceGraph _graph;
    private readonly List<TraceGraph> _others;
    private readonly SizeAlgebra _algebra;
    private readonly Dictionary<string, (int Node, int Output)> _places = [];

    private Traces(Recording first, List<TraceGraph> graphs, SizeAlgebra algebra, IReadOnlyDictionary<string, Tensor> parameters)
    {
        _first = first;
        _graph = graphs[0];
        _others = graphs[1..];
        _algebra = algebra;
        Parameters = parameters;
        for (int node = 0; node < _graph.Nodes.Count; node++)
        {
            for (int output = 0; output < _graph.Nodes[node].Outputs.Count; output++)
            {
                _places[_graph.Nodes[node].Outputs[output].Name] = (node, output);
            }
        }

        Constants = first.Constants.ToDictionary(c => c.Name, c => c.Tensor);
    }

    /// <summary>The unusual values that forward rejects.</summary>
    public IReadOnlyList<string> RejectedValues { get; private init; } = [];

    /// <summary>The places where forward takes values out of tensors, such as <c>after aten::max of module 'head'</c>.</summary>
    public IReadOnlyList<string> Reads => [.. _first.ReadsAfter
        .Select(count => _graph.Nodes.Take(count + 1).LastOrDefault(n => n.Kind.StartsWith("aten::", StringComparison.Ordinal)))
        .Select(node => node is null ? "before the first operator" : $"after {OperatorPlace.Describe(_graph.Nodes, node)}").Distinct()];

    /// <summary>The nodes of the first recording, without that of the inputs.</summary>
    public IEnumerable<TraceNode> Nodes => _graph.Nodes.Skip(1);

    /// <summary>Parameters and buffers by the names that the trace calls them by.</summary>
    public IReadOnlyDictionary<string, Tensor> Parameters { get; }

    /// <summary>Tensors that forward made itself.</summary>
    public IReadOnlyDictionary<string, Tensor> Constants { get; }

    /// <summary>The names of forward's outputs in the trace; the same one twice where forward gives a tensor twice.</summary>
    public IReadOnlyList<string> Outputs => _first.Outputs;

    /// <summary>Records forward at the first sizes, at others of each dynamic size, and with all changed together.</summary>
    public static Traces Record(nn.Module module, ModuleCall call, ExportInputs inputs)
    {
        var parameters = NamedTensors(module);
        Dictionary<string, long> firstSizes = inputs.Groups.ToDictionary(g => g.Name, g => FirstSize(g, inputs));
        var recordings = new List<Recording>();
        try
        {
            var graphs = new List<TraceGraph>();
            void RecordAt(IReadOnlyDictionary<string, long> sizes)
            {
                using GarbageCollectionPause pause = GarbageCollectionPause.Begin();
                Recording recording = Record(call, parameters, inputs.Make(sizes));
                recordings.Add(recording);
                graphs.Add(TraceParser.Parse(recording.Text));
            }

            // What forward does the first time only, such as filling a cache, is not a part of it.
            if (inputs.Count > 1)
            {
                RecordAt(inputs.ExampleSizes);
                ContractionCheck.Check(graphs[0], inputs);
                graphs.Clear();
                recordings[0].Dispose();
                recordings.Clear();
            }

            inputs.ChooseRange(tensors => call.Run(tensors), firstSizes);
            RecordAt(firstSizes);
            long started = Stopwatch.GetTimestamp();
            RecordAt(firstSizes);
            bool isFast = Stopwatch.GetElapsedTime(started) < TimeSpan.FromMilliseconds(50);
            BakedData.Check(graphs[0], graphs[1], recordings[0], recordings[1]);
            graphs.RemoveAt(1);
            IReadOnlyList<string> rejected = RecordStressed(graphs[0], recordings[0], parameters, call, inputs.Make(firstSizes));
            var samples = new List<IReadOnlyDictionary<string, long>> { firstSizes };
            void Sample(IReadOnlyDictionary<string, long> sizes)
            {
                RecordAt(sizes);
                RequireSameForm(graphs[0], graphs[^1], firstSizes, sizes);
                samples.Add(sizes);
            }

            var together = new Dictionary<string, long>(firstSizes);
            foreach (DynamicAxis group in inputs.Groups)
            {
                long first = firstSizes[group.Name];
                var taken = new HashSet<long> { first };
                void SampleAt(long size) => Sample(new Dictionary<string, long>(firstSizes) { [group.Name] = size });
                ExportException? refusal = SizePlan.Take(SizePlan.ToRecord(group, first, isFast), taken, SampleAt);
                if (taken.Count == 1)
                {
                    throw new ExportException($"forward takes '{group.Name}' (axis {group.Axis} of '{inputs.Names[group.Input]}') only as "
                        + $"{first}, and no other size that was tried: {refusal?.Message} State in DynamicAxes the axes that vary, and "
                        + "give axes that are always of one size one name (AxisNames).", refusal!);
                }

                together[group.Name] = taken.FirstOrDefault(s => s != first && !together.ContainsValue(s), taken.Max());
                TellApart(group, graphs, samples, taken, SampleAt);
            }

            if (inputs.Groups.Count > 1)
            {
                SizePlan.TryOnce(() => Sample(together));
            }

            return new Traces(recordings[0], graphs, new SizeAlgebra(inputs.Groups, samples), parameters) { RejectedValues = rejected };
        }
        catch
        {
            recordings.ForEach(r => r.Dispose());
            throw;
        }
        finally
        {
            foreach (Recording other in recordings.Skip(1))
            {
                other.Dispose();
            }
        }
    }

    /// <summary>Refuses a forward that does something else for unusual values; values that it rejects are skipped.</summary>
    /// <returns>The values that it rejects.</returns>
    private static List<string> RecordStressed(
        TraceGraph usual, Recording recording, IReadOnlyDictionary<string, Tensor> parameters, ModuleCall call,
        IReadOnlyList<Tensor> tensors)
    {
        var rejected = new List<string>();
        foreach ((string what, IReadOnlyList<Tensor> stressed) in StressedInputs.Of(tensors, finite: call.ComparesTensors))
        {
            bool accepted = SizePlan.TryOnce(() =>
            {
                using GarbageCollectionPause pause = GarbageCollectionPause.Begin();
                using Recording other = Record(call, parameters, stressed);
                BakedData.Check(usual, TraceParser.Parse(other.Text), recording, other, what);
            });
            if (!accepted)
            {
                rejected.Add(what);
            }
        }

        return rejected;
    }

    /// <summary>Records at more sizes of an axis until no two functions of it give the same numbers and differ elsewhere.</summary>
    private static void TellApart(
        DynamicAxis axis, List<TraceGraph> graphs, List<IReadOnlyDictionary<string, long>> samples, HashSet<long> taken,
        Action<long> sample)
    {
        const int MostSizes = 24;
        var excluded = new HashSet<long>(taken);
        for (int tried = 0; tried < MostSizes; tried++)
        {
            int[] along = [.. Enumerable.Range(0, samples.Count)
                .Where(i => samples[i].All(s => s.Key == axis.Name || s.Value == samples[0][s.Key]))];
            long? next = SizePlan.Next(
                axis, [.. along.Select(i => samples[i][axis.Name])], [.. Numbers([.. along.Select(i => graphs[i])])], excluded);
            if (next is not { } size)
            {
                return;
            }

            excluded.Add(size);
            SizePlan.TryOnce(() => sample(size));
        }
    }

    /// <summary>The numbers of recordings that are not the same in all, without repetition.</summary>
    private static IEnumerable<long[]> Numbers(TraceGraph[] graphs)
    {
        var seen = new HashSet<string>();
        for (int node = 0; node < graphs[0].Nodes.Count; node++)
        {
            foreach (long[] values in NumbersOf([.. graphs.Select(g => g.Nodes[node])]))
            {
                if (values.Any(v => v != values[0]) && seen.Add(string.Join(',', values)))
                {
                    yield return values;
                }
            }
        }
    }

    private static IEnumerable<long[]> NumbersOf(TraceNode[] nodes)
    {
        if (nodes[0].Kind == "prim::Constant" && nodes[0].Outputs[0].Type == "int")
        {
            yield return [.. nodes.Select(n => long.Parse(n.Attribute!, CultureInfo.InvariantCulture))];
        }

        for (int output = 0; output < nodes[0].Outputs.Count; output++)
        {
            for (int axis = 0; axis < (nodes[0].Outputs[output].Shape?.Count ?? 0); axis++)
            {
                if (Array.TrueForAll(nodes, n => n.Outputs[output].Shape?.Count > axis))
                {
                    yield return [.. nodes.Select(n => n.Outputs[output].Shape![axis])];
                }
            }
        }
    }

    /// <summary>Records forward on given inputs, with all that it computes; the caller disposes the recording.</summary>
    public Recording RecordAgain(ModuleCall call, IReadOnlyList<Tensor> tensors) => Record(call, Parameters, tensors, keepValues: true);

    /// <summary>What this trace's values are called in another recording; null when other operators ran in it.</summary>
    public IReadOnlyDictionary<string, string>? NamesIn(Recording recording)
    {
        TraceGraph other = TraceParser.Parse(recording.Text);
        return !_graph.HasFormOf(other)
            ? null
            : _graph.Nodes.Zip(other.Nodes).SelectMany(n => n.First.Outputs.Zip(n.Second.Outputs))
                .ToDictionary(o => o.First.Name, o => o.Second.Name);
    }

    /// <summary>The shape of a tensor of the trace.</summary>
    public IReadOnlyList<SymbolicInt> ShapeOf(string name)
    {
        (int node, int output) = _places[name];
        IReadOnlyList<long> first = _graph.Nodes[node].Outputs[output].Shape
            ?? throw new ExportException($"The value '{name}' is a {_graph.Nodes[node].Outputs[output].Type}; expected a tensor.");
        return [.. first.Select((_, axis) => Explain(g => g.Nodes[node].Outputs[output].Shape![axis], $"axis {axis} of what "
            + $"{OperatorPlace.Describe(_graph.Nodes, _graph.Nodes[node])} gives"))];
    }

    /// <summary>The shape of a tensor of the trace, with null for sizes that follow the inputs' in an unknown way.</summary>
    public IReadOnlyList<SymbolicInt?> KnownShapeOf(string name)
    {
        (int node, int output) = _places[name];
        return [.. ValueOf(name).Shape!.Select((first, axis) =>
            _algebra.Explain(first, [.. _others.Select(g => g.Nodes[node].Outputs[output].Shape![axis])]))];
    }

    /// <summary>An integer of the trace.</summary>
    public SymbolicInt IntOf(string name, string where)
    {
        int node = _places[name].Node;
        return Explain(g => long.Parse(g.Nodes[node].Attribute!, CultureInfo.InvariantCulture), where);
    }

    /// <summary>A constant that must be the same in all recordings.</summary>
    public string AttributeOf(string name, string where)
    {
        int node = _places[name].Node;
        string first = _graph.Nodes[node].Attribute ?? "";
        return _others.TrueForAll(g => (g.Nodes[node].Attribute ?? "") == first)
            ? first
            : throw new ExportException(
                $"{where}: the constant {first} changes with the inputs' sizes. Keep that axis fixed (DynamicAxes).");
    }

    /// <summary>The node that gives a value.</summary>
    public TraceNode NodeOf(string name) => _graph.Nodes[_places[name].Node];

    public TraceValue ValueOf(string name) => _graph.Nodes[_places[name].Node].Outputs[_places[name].Output];

    public void Dispose() => _first.Dispose();

    private SymbolicInt Explain(Func<TraceGraph, long> read, string where)
    {
        long first = read(_graph);
        long[] changed = [.. _others.Select(read)];
        return _algebra.Explain(first, changed)
            ?? throw new ExportException($"{where}: the number {first} {_algebra.Describe(first, changed)}, in an unknown way. Keep that "
                + "axis fixed (DynamicAxes), or compute the number from one size by multiplication, division and remainder.");
    }

    private static void RequireSameForm(TraceGraph first, TraceGraph other, Dictionary<string, long> firstSizes, IReadOnlyDictionary<string,
        long> sizes)
    {
        if (!first.HasFormOf(other))
        {
            KeyValuePair<string, long>[] changed = [.. sizes.Where(s => firstSizes[s.Key] != s.Value)];
            string what = string.Join(" and ", changed.Select(s => $"'{s.Key}' is {s.Value}")),
                than = string.Join(" and ", changed.Select(s => firstSizes[s.Key]));
            throw new ExportException($"forward runs different operators when {what} than when it is {than}, so one graph cannot "
                + "represent both. An if or a loop may depend on that size, or on the data: keep the axis fixed (DynamicAxes), or make "
                + "forward the same for all.");
        }
    }

    private static Recording Record(ModuleCall call, IReadOnlyDictionary<string, Tensor> parameters, IReadOnlyList<Tensor> tensors,
        bool keepValues = false) => LibtorchTracer.Instance.Record(
        [.. tensors.Select((t, i) => ($"input/{i}", t)), .. parameters.Select(p => (p.Key, p.Value))],
        () => call.Run(tensors),
        keepValues,
        call.ComparesTensors);

    /// <summary>Parameters and buffers by name, each tensor once: shared weights stay shared.</summary>
    private static Dictionary<string, Tensor> NamedTensors(nn.Module module)
    {
        var named = new Dictionary<string, Tensor>();
        var seen = new HashSet<nint>();
        IEnumerable<(string Name, Tensor Tensor)> all = module.named_parameters().Select(p => (p.name, (Tensor)p.parameter))
            .Concat(module.named_buffers().Select(b => (b.name, b.buffer)));
        foreach ((string name, Tensor tensor) in all)
        {
            if (tensor is not null && !tensor.IsInvalid && seen.Add(LibtorchTracer.IdentityOf(tensor)))
            {
                named.Add($"parameter/{name}", tensor);
            }
        }

        return named;
    }

    // A batch of one would hide broadcasting over it; other sizes start at the example's own.
    private static long FirstSize(DynamicAxis axis, ExportInputs inputs) => axis.Axis == 0 ? Math.Max(2, inputs.ExampleSize(axis))
        : inputs.ExampleSize(axis);
}
