using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tracing;

/// <summary>
/// Compares two recordings at the same sizes with different input values: what differs was read from the data in C#, and a graph would
/// keep the values of the recording. Such modules are rejected.
/// </summary>
internal static class BakedData
{
    private const string Remedy = "Keep the step in tensors: torch.where, gather, amax and the like.";

    /// <param name="first">A recording with usual inputs, as a graph.</param>
    /// <param name="second">The other one.</param>
    /// <param name="firstRecording">The first recording.</param>
    /// <param name="secondRecording">The other one.</param>
    /// <param name="difference">How the other one's inputs differ, for messages.</param>
    /// <exception cref="ExportException">The recordings differ.</exception>
    public static void Check(
        TraceGraph first, TraceGraph second, Recording firstRecording, Recording secondRecording, string difference = "different")
    {
        if (!first.HasFormOf(second))
        {
            int at = Enumerable.Range(0, Math.Min(first.Nodes.Count, second.Nodes.Count))
                .FirstOrDefault(i => first.Nodes[i].Kind != second.Nodes[i].Kind, -1);
            string where = at < 0 ? "" : $" (operator {at}: {first.Nodes[at].Kind} on one input, {second.Nodes[at].Kind} on another)";
            throw new ExportException($"forward runs different operators when input values are {difference}{where}, so one graph cannot "
                + $"represent it: an if or a loop depends on the data. {Remedy}");
        }

        foreach ((TraceNode a, TraceNode b) in first.Nodes.Zip(second.Nodes))
        {
            if (a.Kind != "prim::Constant")
            {
                continue;
            }

            string name = a.Outputs[0].Name;
            if (a.Outputs[0].Shape is not null)
            {
                Tensor? x = Constant(firstRecording, name), y = Constant(secondRecording, b.Outputs[0].Name);
                if (x is not null && y is not null && !Same(x, y))
                {
                    throw Refuse(first, name, difference, $"a tensor of {x.dtype}[{string.Join(", ", x.shape)}]");
                }
            }
            else if (a.Attribute != b.Attribute)
            {
                throw Refuse(first, name, difference, $"the number {a.Attribute}, then {b.Attribute},");
            }
        }
    }

    private static ExportException Refuse(TraceGraph graph, string name, string difference, string what)
    {
        TraceNode user = User(graph, name);
        return new ExportException($"{OperatorPlace.Describe(graph.Nodes, user)} takes {what} that forward made from the numbers in its "
            + "inputs with data<T>(), item or ToArray, and that changes when the input values are "
            + $"{difference}; a graph would keep the recorded values. {Remedy}");
    }

    /// <summary>The operator that takes a constant, possibly in a list.</summary>
    private static TraceNode User(TraceGraph graph, string name)
    {
        TraceNode user = graph.Nodes.First(n => n.Inputs.Contains(name));
        return user.Kind == "prim::ListConstruct" ? User(graph, user.Outputs[0].Name) : user;
    }

    private static Tensor? Constant(Recording recording, string name) => recording.Constants.FirstOrDefault(c => c.Name == name).Tensor;

    private static bool Same(Tensor a, Tensor b)
    {
        using DisposeScope scope = NewDisposeScope();
        return a.is_complex() ? Same(view_as_real(a.resolve_conj()), view_as_real(b.resolve_conj()))
            : TensorComparison.Difference(a, b) == 0;
    }
}
