namespace Inpaint.ML.Scoring;

/// <summary>A column and the tensor of the graph that it is bound to.</summary>
/// <param name="Column">The column.</param>
/// <param name="Tensor">The graph's input or output.</param>
/// <param name="IsWhole">Whether a row is the whole tensor; otherwise the tensor's first axis is the batch.</param>
internal sealed record OnnxSlot(string Column, TensorInfo Tensor, bool IsWhole)
{
    /// <summary>The tensor with the batch as its first axis; a whole tensor gets one of size 1.</summary>
    public TensorInfo Batched { get; } = IsWhole ? WithBatch(Tensor) : Tensor;

    private static TensorInfo WithBatch(TensorInfo tensor)
    {
        int[] dims = [1, .. tensor.Dims];
        if (tensor.Dims.Count(d => d < 0) > 1 && tensor.Dims[0] < 0)
        {
            // A row's length gives one dynamic axis only, which is rarely the first.
            dims[1] = 1;
        }

        return tensor with { Dims = dims, Symbols = ["", .. tensor.Symbols] };
    }
}
