using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>
/// LaMa's block of fast Fourier convolutions (Suvorov et al. 2022; Chi et al. 2020): local channels meet global ones, which are
/// convolved as a spectrum, so that every place sees the whole image.
/// </summary>
internal sealed class FourierBlock : nn.Module<Tensor, Tensor>
{
    private const long Local = 8, Global = 24;
    private readonly FastFourierConv first = new(), second = new();

    public FourierBlock() : base(nameof(FourierBlock)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        (Tensor local, Tensor all) = (input.narrow(1, 0, Local), input.narrow(1, Local, Global));
        (Tensor l, Tensor g) = first.forward(local, all);
        (l, g) = second.forward(l, g);
        return cat([local + l, all + g], 1);
    }

    private sealed class FastFourierConv : nn.Module<Tensor, Tensor, (Tensor, Tensor)>
    {
        private readonly Conv2d convl2l = Conv(Local, Local), convl2g = Conv(Local, Global), convg2l = Conv(Global, Local);
        private readonly SpectralTransform convg2g = new();
        private readonly BatchNorm2d bn_l = nn.BatchNorm2d(Local), bn_g = nn.BatchNorm2d(Global);

        public FastFourierConv() : base(nameof(FastFourierConv)) => RegisterComponents();

        public override (Tensor, Tensor) forward(Tensor local, Tensor all) => (
            nn.functional.relu(bn_l.forward(convl2l.forward(local) + convg2l.forward(all))),
            nn.functional.relu(bn_g.forward(convl2g.forward(local) + convg2g.forward(all))));

        private static Conv2d Conv(long channels, long width) =>
            nn.Conv2d(channels, width, 3, padding: 1, padding_mode: PaddingModes.Reflect, bias: false);
    }

    private sealed class SpectralTransform : nn.Module<Tensor, Tensor>
    {
        private readonly Sequential conv1 =
            nn.Sequential(nn.Conv2d(Global, Global / 2, 1, bias: false), nn.BatchNorm2d(Global / 2), nn.ReLU());
        private readonly Sequential fu = nn.Sequential(nn.Conv2d(Global, Global, 1, bias: false), nn.BatchNorm2d(Global), nn.ReLU());
        private readonly Conv2d conv2 = nn.Conv2d(Global / 2, Global, 1, bias: false);

        public SpectralTransform() : base(nameof(SpectralTransform)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            Tensor x = conv1.forward(input);
            Tensor spectrum = fft.rfft2(x, norm: FFTNormType.Ortho);
            Tensor[] parts = fu.forward(cat([spectrum.real, spectrum.imag], 1)).chunk(2, 1);
            Tensor back = fft.irfft2(complex(parts[0], parts[1]), s: [x.shape[2], x.shape[3]], norm: FFTNormType.Ortho);
            return conv2.forward(x + back);
        }
    }
}
