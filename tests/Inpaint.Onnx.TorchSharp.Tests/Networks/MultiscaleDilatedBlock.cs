using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>
/// The multiscale dilated block of the introspective adversarial network (Brock et al. 2017, section 3.2): one kernel, applied at
/// several dilations and as a mean of itself, each channel of each scale weighted by a learned number.
/// </summary>
internal sealed class MultiscaleDilatedBlock : nn.Module<Tensor, Tensor>
{
    private const long Channels = 48;
    private static readonly long[] Dilations = [1, 2, 4];

    private readonly Parameter kernel = new(zeros(Channels, Channels, 3, 3)), scales = new(zeros(Dilations.Length + 1, Channels));
    private readonly BatchNorm2d norm = nn.BatchNorm2d(Channels);
    private readonly bool _scaleKernel;

    /// <summary>A block.</summary>
    /// <param name="scaleKernel">Whether to scale the kernel, as in the paper, instead of the output, which is equivalent.</param>
    public MultiscaleDilatedBlock(bool scaleKernel = false) : base(nameof(MultiscaleDilatedBlock))
    {
        _scaleKernel = scaleKernel;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor x = nn.functional.elu(norm.forward(input), 1);
        Tensor sum = Scaled(x, kernel.mean([2, 3], keepdim: true), Dilations.Length, 1);
        for (int i = 0; i < Dilations.Length; i++)
        {
            sum = sum + Scaled(x, kernel, i, Dilations[i]);
        }

        return input + sum;
    }

    private Tensor Scaled(Tensor x, Tensor weight, int scale, long dilation)
    {
        long padding = weight.shape[2] / 2 * dilation;
        Tensor factor = scales.select(0, scale);
        return _scaleKernel
            ? nn.functional.conv2d(x, weight * factor.view(-1, 1, 1, 1), padding: [padding, padding], dilation: [dilation, dilation])
            : nn.functional.conv2d(x, weight, padding: [padding, padding], dilation: [dilation, dilation]) * factor.view(1, -1, 1, 1);
    }
}
