using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Inpaint.Training.Networks;

/// <summary>
/// A patch discriminator of the hole with its surroundings: from a picture [N, 3, s, s] and the mask to one logit per 8x8 patch of the
/// hole, and the features of every level. Spectral norm on every convolution (arXiv 1802.05957), mask as an input, as in DeepFill v2 (arXiv
/// 1806.03589).
/// </summary>
internal sealed class PatchDiscriminator : nn.Module
{
    // About one over the standard deviation of photos: under spectral norm the layers cannot amplify small differences.
    private const double InputGain = 4;
    private const int PatchSide = 8;

    private readonly ModuleList<Module<Tensor, Tensor>> levels = [];
    private readonly SpectralConvolution judge;
    private readonly Tensor mask;
    private readonly int _outside;

    /// <param name="width">Channels of the first level.</param>
    /// <param name="hole">Side of the hole in pixels.</param>
    /// <param name="context">Known pixels around it.</param>
    public PatchDiscriminator(int width, int hole, int context) : base(nameof(PatchDiscriminator))
    {
        levels.Add(new SpectralConvolution(4, width, 3, 1, 1));
        levels.Add(new SpectralConvolution(width, 2 * width, 4, 2, 1));
        levels.Add(new SpectralConvolution(2 * width, 4 * width, 4, 2, 1));
        levels.Add(new SpectralConvolution(4 * width, 4 * width, 4, 2, 1));
        judge = new SpectralConvolution(4 * width, 1, 3, 1, 1);
        _outside = context / PatchSide;
        int side = hole + 2 * context;
        mask = zeros(1, 1, side, side);
        mask.narrow(2, context, hole).narrow(3, context, hole).fill_(1);
        RegisterComponents();
    }

    /// <summary>
    /// Logits [N, 1, hole/8, hole/8] of the patches in the hole, whose receptive fields reach beyond it, and the features of each level.
    /// </summary>
    public (Tensor Logits, IReadOnlyList<Tensor> Features) Judge(Tensor picture)
    {
        Tensor x = cat([(picture - 0.5) * InputGain, mask.expand(picture.shape[0], 1, -1, -1)], 1);
        var features = new List<Tensor>();
        foreach (Module<Tensor, Tensor> level in levels)
        {
            x = functional.leaky_relu(level.call(x), 0.2);
            features.Add(x);
        }

        return (Blocks.Centre(Autocast.InFloat32(judge.call, x), _outside), features);
    }
}

/// <summary>
/// A convolution whose weight is divided by its largest singular value, found by one step of power iteration per training pass
/// (Miyato et al. 2018, arXiv 1802.05957). As a matrix the weight has one row per filter.
/// </summary>
internal sealed class SpectralConvolution : Module<Tensor, Tensor>
{
    private const double Epsilon = 1e-12;

    private readonly Parameter weight, bias;
    private readonly Tensor direction;
    private readonly long _stride, _padding;

    public SpectralConvolution(int from, int to, int kernel, int stride, int padding) : base(nameof(SpectralConvolution))
    {
        (_stride, _padding) = (stride, padding);
        Tensor start = empty(to, from, kernel, kernel);
        init.kaiming_normal_(start, 0.2);
        weight = Parameter(start);
        bias = Parameter(zeros(to));
        using Tensor random = randn(to);
        direction = functional.normalize(random, dim: 0);
        RegisterComponents();
    }

    /// <summary>The weight divided by its largest singular value.</summary>
    public Tensor Normalized()
    {
        Tensor matrix = weight.flatten(1);
        Tensor right;
        using (no_grad())
        {
            right = functional.normalize(mv(matrix.t(), direction), dim: 0, eps: Epsilon);
            if (training)
            {
                direction.copy_(functional.normalize(mv(matrix, right), dim: 0, eps: Epsilon));
            }
        }

        return weight / dot(direction.clone(), mv(matrix, right));
    }

    public override Tensor forward(Tensor x) =>
        functional.conv2d(x, Normalized(), bias, strides: [_stride, _stride], padding: [_padding, _padding]);
}
