using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training.Losses;

/// <summary>
/// The orthogonal penalty of arXiv 1609.07093: the sum over weights of |W W^T - I|, with the weight of a convolution as a matrix of one row
/// per filter. For weights with more rows than columns, which cannot have orthogonal rows, it is that of the columns.
/// </summary>
internal static class OrthogonalPenalty
{
    /// <summary>The weights with a penalty: those of convolutions and dense layers.</summary>
    public static IReadOnlyList<Tensor> Weights(nn.Module network) =>
        [.. network.parameters().Where(p => p.dim() is 2 or 4 && p.requires_grad)];

    /// <summary>The penalty, a scalar.</summary>
    public static Tensor Of(IEnumerable<Tensor> weights)
    {
        Tensor sum = zeros(1);
        foreach (Tensor weight in weights)
        {
            Tensor rows = weight.flatten(1);
            Tensor product = rows.shape[0] <= rows.shape[1] ? matmul(rows, rows.t()) : matmul(rows.t(), rows);
            sum = sum.to(product.device) + (product - eye(product.shape[0], device: product.device)).abs().sum();
        }

        return sum.sum();
    }
}
