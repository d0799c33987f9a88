using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Inpaint.Onnx;
using Inpaint.Onnx.Proto;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training;

/// <summary>
/// Loads a network's first weights from another run (its best, or a checkpoint that is named), or from a graph that was exported from the same network. A network with captions may begin
/// with the weights of one without: what feeds them in stays as it was drawn.
/// </summary>
internal static class FirstWeights
{
    /// <summary>Loads them.</summary>
    /// <param name="network">A fresh network.</param>
    /// <param name="source">A run's folder, one of its checkpoints, a graph's folder, or a graph's name.</param>
    /// <exception cref="FailedException">There are none, or of another network.</exception>
    public static void Load(FillNetwork network, string source)
    {
        var run = RunFolder.At(source);
        if (run.Exists)
        {
            run.LoadBest(network, MayLack);
            return;
        }

        if (RunFolder.IsCheckpoint(source))
        {
            RunFolder.LoadCheckpoint(source, network, MayLack);
            return;
        }

        GraphPackage graph;
        try
        {
            graph = GraphPackage.Load(source);
        }
        catch (Exception e) when (e is GraphException or ManifestException)
        {
            throw new FailedException($"--init {source}: neither a run, a checkpoint nor a graph. {e.Message}", e);
        }

        using DisposeScope scope = NewDisposeScope();
        ModelProto model = OnnxModel.Read(graph.Model, source);
        var weights = model.Graph.Initializer.Where(IsFloating).ToDictionary(i => WithoutMember(i.Name), ToTensor);
        RunFolder.Load(network, weights, source, learnedOnly: true, MayLack);
    }

    // The graph of several trainings gives the first one's weights; the others' keep their prefixes.
    private static string WithoutMember(string name) => name.StartsWith(MeanNetwork.FirstPrefix, StringComparison.Ordinal) ? name[MeanNetwork.FirstPrefix.Length..] : name;

    private static bool MayLack(string name) => name.StartsWith(FillNetwork.FeedPrefix, StringComparison.Ordinal);

    private static bool IsFloating(TensorProto tensor) =>
        (TensorProto.Types.DataType)tensor.DataType is TensorProto.Types.DataType.Float or TensorProto.Types.DataType.Float16 or TensorProto.Types.DataType.Int64;

    private static Tensor ToTensor(TensorProto proto)
    {
        long[] shape = [.. proto.Dims];
        ReadOnlySpan<byte> raw = proto.RawData.Span;
        return (TensorProto.Types.DataType)proto.DataType switch
        {
            TensorProto.Types.DataType.Float => tensor(raw.Length > 0 ? MemoryMarshal.Cast<byte, float>(raw).ToArray() : [.. proto.FloatData], shape),
            TensorProto.Types.DataType.Int64 => tensor(raw.Length > 0 ? MemoryMarshal.Cast<byte, long>(raw).ToArray() : [.. proto.Int64Data], shape),
            _ => tensor(Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(raw).ToArray(), h => (float)h), shape),
        };
    }
}
