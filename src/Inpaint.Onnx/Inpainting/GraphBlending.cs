using System.Globalization;
using System.Security.Cryptography;
using Google.Protobuf;
using Inpaint.Json;
using Inpaint.Onnx.Format;
using Inpaint.Onnx.Proto;

namespace Inpaint.Onnx.Inpainting;

/// <summary>
/// Interpolates the weights of two graphs, as in ESRGAN (X. Wang and others, arXiv 1809.00219): a dial between a network and one that was
/// trained further from its weights. Graphs of networks that were trained independently give meaningless blends.
/// </summary>
public static class GraphBlending
{
    /// <summary>Makes the graph with the weights (1 - alpha) first + alpha second.</summary>
    /// <param name="first">A graph.</param>
    /// <param name="second">
    /// A graph of the same network, with the same manifest except for name, description, provenance and scores. If one of the graphs also
    /// averages the fill of the mirrored photo, the blend does not.
    /// </param>
    /// <param name="alpha">The second graph's share, 0 to 1.</param>
    /// <param name="name">The name of the blend.</param>
    /// <returns>The blend. Its manifest has the provenance of both graphs and no scores.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="alpha"/> is not in 0..1.</exception>
    /// <exception cref="ManifestException">The graphs differ in more than their weights; the message names the first
    /// difference.</exception>
    public static GraphPackage Blend(GraphPackage first, GraphPackage second, double alpha, string name)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (alpha is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "Expected 0 to 1.");
        }

        OnnxModel one = OnnxModel.Read(first.Model, first.Source), other = OnnxModel.Read(second.Model, second.Source);
        if (DifferentKey(first.Manifest, second.Manifest) is { } key)
        {
            throw Different(first, second, $"the manifests differ in '{key}'");
        }

        if (DifferentWeight(one.Proto.Graph, other.Proto.Graph) is { } weight)
        {
            throw Different(first, second, weight);
        }

        OnnxModel blend = WithNodesOfBoth(one, other, first, second);
        Dictionary<string, TensorProto> from = Weights(one), to = Weights(other);
        foreach (TensorProto tensor in Weights(blend).Values)
        {
            ByteString blended = Blend(new TensorData(from[tensor.Name]), new TensorData(to[tensor.Name]), alpha);
            tensor.FloatData.Clear();
            tensor.Int32Data.Clear();
            tensor.RawData = blended;
        }

        byte[] bytes = blend.ToBytes();
        string share = alpha.ToString(CultureInfo.InvariantCulture);
        GraphManifest manifest = first.Manifest with
        {
            Name = name,
            Description = $"The weights of {first.Manifest.Name} and {second.Manifest.Name}, blended: alpha {share}.",
            Graph = first.Manifest.Graph with { Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)) },
            Provenance = Both(first, second, $"inpaint graph blend {first.Source} {second.Source} --alpha {share}"),
            Scores = null,
        };
        return GraphPackage.FromBytes(bytes, manifest.ToJson(), name);
    }

    private static string? DifferentKey(GraphManifest first, GraphManifest second)
    {
        static object?[] Values(GraphManifest m) =>
            [m.MinVersion, m.Graph.File, m.Graph.Opset, m.Size, m.Hole, m.Inputs, m.Output, m.Caption];
        string[] keys = ["min_version", "graph.file", "graph.opset", "size", "hole", "inputs", "output", "caption"];
        return keys.Zip(Values(first), Values(second))
            .FirstOrDefault(k => !StrictJson.Write(k.Second).AsSpan().SequenceEqual(StrictJson.Write(k.Third))).First;
    }

    private static string? DifferentWeight(GraphProto first, GraphProto second)
    {
        Dictionary<string, string> Described(GraphProto graph) => graph.Initializer.Where(GraphStructure.IsWeight)
            .ToDictionary(i => i.Name, i => $"{(DataType)i.DataType} [{string.Join(", ", i.Dims)}]");
        Dictionary<string, string> one = Described(first), other = Described(second);
        return one.Keys.Intersect(other.Keys).FirstOrDefault(n => one[n] != other[n]) is { } name
            ? $"the weight {name} is {one[name]} in the first and {other[name]} in the second"
            : null;
    }

    // The nodes of the graph that computes nothing from weights that the other does not.
    private static OnnxModel WithNodesOfBoth(OnnxModel one, OnnxModel other, GraphPackage first, GraphPackage second)
    {
        var structure = new GraphStructure();
        NodeProto? onlyFirst = structure.FirstMissing(one.Proto.Graph, other.Proto.Graph);
        NodeProto? onlySecond = structure.FirstMissing(other.Proto.Graph, one.Proto.Graph);
        return onlyFirst is null ? new OnnxModel(one.Proto.Clone())
            : onlySecond is null ? new OnnxModel(other.Proto.Clone())
            : throw Different(first, second, $"the first differing node is '{onlyFirst.Name}' ({onlyFirst.OpType}, with "
                + $"{string.Join(", ", onlyFirst.Input)}) in the first and '{onlySecond.Name}' ({onlySecond.OpType}, with "
                + $"{string.Join(", ", onlySecond.Input)}) in the second");
    }

    private static Dictionary<string, TensorProto> Weights(OnnxModel model) =>
        model.Proto.Graph.Initializer.Where(GraphStructure.IsWeight).ToDictionary(i => i.Name);

    private static ByteString Blend(TensorData from, TensorData to, double alpha)
    {
        double Mix(double a, double b) => ((1 - alpha) * a) + (alpha * b);
        TensorData mixed = from.Type == DataType.Float16
            ? TensorData.Make([.. from.Halves().Zip(to.Halves(), (a, b) => (Half)Mix((double)a, (double)b))], [.. from.Dims])
            : TensorData.Make([.. from.Floats().Zip(to.Floats(), (a, b) => (float)Mix(a, b))], [.. from.Dims]);
        return mixed.Proto.RawData;
    }

    private static Provenance Both(GraphPackage first, GraphPackage second, string command)
    {
        Provenance? one = first.Manifest.Provenance, other = second.Manifest.Provenance;
        string? Joined(Func<Provenance, string?> text)
        {
            string[] known = [.. new[] { one, other }.Select(p => p is null ? null : text(p)).OfType<string>().Distinct()];
            return known.Length == 0 ? null : string.Join(" ", known);
        }

        string Origin(GraphPackage graph) =>
            $"{graph.Manifest.Name} ({graph.Sha256[..12]}): {graph.Manifest.Provenance?.Command ?? "of unknown origin"}";
        return new Provenance
        {
            Source = "inpaint graph blend",
            Command = $"{command}; {Origin(first)}; {Origin(second)}",
            Data = [.. (one?.Data ?? []).Union(other?.Data ?? [])],
            Licence = Joined(p => p.Licence),
            DataLicence = Joined(p => p.DataLicence),
        };
    }

    private static ManifestException Different(GraphPackage first, GraphPackage second, string what) => new(
        $"{first.Source} and {second.Source} cannot be blended: {what}. Expected two graphs of the same network, of which one was "
        + "trained further from the other's weights.");
}
