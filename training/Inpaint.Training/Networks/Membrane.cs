using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training.Networks;

/// <summary>The membrane fill (Laplace's equation) of the centre as one matrix product over the ring of known pixels.</summary>
internal sealed class Membrane : nn.Module<Tensor, Tensor>
{
    private readonly Tensor ring, weights;
    private readonly int _hole;

    /// <summary>The fill of the hole of a picture.</summary>
    public Membrane(PictureConfig picture) : base(nameof(Membrane))
    {
        _hole = picture.Hole;
        ring = tensor(Ring(picture), ScalarType.Int64);
        double[] matrix = MembraneFill.Weights(_hole, _hole);
        weights = tensor(Array.ConvertAll(matrix, w => (float)w), [_hole * _hole, 4 * _hole]).t().contiguous();
        RegisterComponents();
    }

    /// <summary>image [N, 3, S, S] -> fill [N, 3, H, H].</summary>
    public override Tensor forward(Tensor image) =>
        matmul(image.reshape(image.shape[0], 3, -1).index_select(2, ring), weights).reshape(image.shape[0], 3, _hole, _hole);

    /// <summary>Indices of the ring's pixels in the flattened picture, in the order of <see cref="MembraneFill.Weights"/>.</summary>
    private static long[] Ring(PictureConfig picture)
    {
        int size = picture.Size, first = picture.Margin, hole = picture.Hole, after = first + hole;
        IEnumerable<int> inside = Enumerable.Range(first, hole);
        return [
            .. inside.Select(x => (long)(first - 1) * size + x),
            .. inside.Select(x => (long)after * size + x),
            .. inside.Select(y => (long)y * size + first - 1),
            .. inside.Select(y => (long)y * size + after),
        ];
    }
}
