using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training;

/// <summary>
/// The orthogonal penalty of arXiv 1609.07093: the sum over weights of |W W^T - I|, with each convolution's weight as a matrix of one row a
/// filter. Weights with more rows than columns cannot have orthogonal rows; theirs are the columns.
/// </summary>
internal static class OrthogonalPenalty
{
    /// <summary>The weights that the penalty is for: those of convolutions and dense layers.</summary>
    public static IReadOnlyList<Tensor> Weights(nn.Module network) =>
        [.. network.named_parameters().Where(p => p.parameter.dim() is 2 or 4 && p.parameter.requires_grad).Select(p => (Tensor)p.parameter)];

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
