using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>
/// An inpainter of gated convolutions (Yu et al. 2019, the coarse network): the mask comes in as a channel, a gate decides what
/// each place takes from it, dilated convolutions see far, and known pixels are pasted back.
/// </summary>
internal sealed class GatedInpainter : nn.Module
{
    private readonly Sequential encoder = nn.Sequential(
        new Gated(5, 16, 5), new Gated(16, 32, 3, stride: 2), new Gated(32, 32, 3), new Gated(32, 64, 3, stride: 2),
        new Gated(64, 64, 3, dilation: 2), new Gated(64, 64, 3, dilation: 4), new Gated(64, 64, 3, dilation: 8));

    private readonly Gated up1 = new(64, 32, 3), up2 = new(32, 16, 3);
    private readonly Conv2d head = nn.Conv2d(16, 3, 3, padding: 1, padding_mode: PaddingModes.Reflect);

    public GatedInpainter() : base(nameof(GatedInpainter)) => RegisterComponents();

    /// <summary>Fills where the mask is 1.</summary>
    public Tensor forward(Tensor image, Tensor mask)
    {
        Tensor known = image * (1 - mask);
        Tensor x = encoder.forward(cat([known, mask, ones_like(mask)], 1));
        x = up1.forward(Twice(x));
        x = up2.forward(Twice(x));
        return known + (head.forward(x).tanh() * mask);
    }

    private static Tensor Twice(Tensor x) => nn.functional.interpolate(x, scale_factor: [2, 2], mode: InterpolationMode.Nearest);

    private sealed class Gated : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d conv;

        public Gated(long channels, long width, long kernel, long stride = 1, long dilation = 1) : base(nameof(Gated))
        {
            conv = nn.Conv2d(channels, 2 * width, kernel, stride, padding: dilation * (kernel - 1) / 2, dilation: dilation);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            Tensor[] halves = conv.forward(input).chunk(2, 1);
            return nn.functional.elu(halves[0], 1) * sigmoid(halves[1]);
        }
    }
}
