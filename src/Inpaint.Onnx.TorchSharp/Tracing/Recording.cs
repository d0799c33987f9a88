using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tracing;

/// <summary>What libtorch recorded.</summary>
/// <param name="Text">The graph, in libtorch's notation.</param>
/// <param name="Outputs">The names of forward's outputs in the text: <c>output/0</c> and so on, or what they were called before.</param>
/// <param name="Constants">The tensors in it that forward made itself, by the names in the text.</param>
internal sealed record Recording(string Text, IReadOnlyList<string> Outputs, IReadOnlyList<(string Name, Tensor Tensor)> Constants)
    : IDisposable
{
    /// <summary>Copies of the intermediate results, taken before the next operator ran; empty unless requested.</summary>
    public IReadOnlyDictionary<string, Tensor> Values { get; init; } = new Dictionary<string, Tensor>();

    /// <summary>The values whose memory had changed when forward ended, without an operator that was recorded as changing them.</summary>
    public IReadOnlySet<string> Overwritten { get; init; } = new HashSet<string>();

    /// <summary>For each value that forward took out of a tensor, the number of nodes that were recorded before.</summary>
    public IReadOnlyList<int> ReadsAfter { get; init; } = [];

    public void Dispose()
    {
        foreach (Tensor value in Values.Values)
        {
            value.Dispose();
        }

        foreach ((_, Tensor tensor) in Constants)
        {
            tensor.Dispose();
        }
    }
}
