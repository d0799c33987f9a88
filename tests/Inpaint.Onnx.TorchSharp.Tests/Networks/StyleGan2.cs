using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>
/// StyleGAN2's generator (Karras et al. 2020) up to 32 x 32: a mapping network, kernels modulated and demodulated by the style (as scales
/// before and behind the convolution), noise, blurred upsampling and skips to RGB.
/// </summary>
internal sealed class StyleGan2 : nn.Module<Tensor, Tensor>
{
    private const long Latent = 64;
    private readonly Sequential mapping =
        nn.Sequential(Enumerable.Range(0, 8).SelectMany(_ => (nn.Module<Tensor, Tensor>[])[nn.Linear(Latent, Latent), nn.LeakyReLU(0.2)])
            .ToArray());
    private readonly Parameter input = new(randn(1, 48, 4, 4));
    private readonly ModuleList<Styled> convolutions = [new Styled(48, 48, 4, up: false)];
    private readonly ModuleList<Modulated> colours = [new Modulated(48, 3, 1, demodulate: false)];

    public StyleGan2() : base(nameof(StyleGan2))
    {
        long channels = 48;
        for (long side = 8; side <= 32; side *= 2)
        {
            convolutions.Add(new Styled(channels, channels / 2, side, up: true));
            channels /= 2;
            convolutions.Add(new Styled(channels, channels, side, up: false));
            colours.Add(new Modulated(channels, 3, 1, demodulate: false));
        }

        RegisterComponents();
    }

    public override Tensor forward(Tensor latent)
    {
        Tensor style = mapping.forward(latent * (latent.square().mean([1], keepdim: true) + 1e-8).rsqrt());
        Tensor x = convolutions[0].forward(input.repeat(latent.shape[0], 1, 1, 1), style);
        Tensor image = colours[0].forward(x, style);
        for (int i = 1; i < convolutions.Count; i += 2)
        {
            x = convolutions[i + 1].forward(convolutions[i].forward(x, style), style);
            image = Blur(Spread(image), 4) + colours[(i + 1) / 2].forward(x, style);
        }

        return image;
    }

    /// <summary>Zeros between the pixels.</summary>
    private static Tensor Spread(Tensor x)
    {
        (long n, long channels, long height, long width) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3]);
        return nn.functional.pad(x.reshape(n, channels, height, 1, width, 1), [0, 1, 0, 0, 0, 1]).reshape(n, channels, 2 * height,
            2 * width);
    }

    /// <summary>The kernel (1, 3, 3, 1) both ways.</summary>
    private static Tensor Blur(Tensor x, double gain)
    {
        Tensor taps = tensor(new[] { 1f, 3f, 3f, 1f }), kernel = taps.outer(taps) * (gain / 64);
        return nn.functional.conv2d(nn.functional.pad(x, [2, 1, 2, 1]), kernel.expand(x.shape[1], 1, 4, 4), groups: x.shape[1]);
    }

    private sealed class Modulated : nn.Module<Tensor, Tensor, Tensor>
    {
        private readonly bool _demodulate;
        private readonly Linear affine;
        private readonly Parameter weight, bias;

        public Modulated(long channels, long width, long kernel, bool demodulate) : base(nameof(Modulated))
        {
            _demodulate = demodulate;
            affine = nn.Linear(Latent, channels);
            weight = new Parameter(randn(width, channels, kernel, kernel));
            bias = new Parameter(zeros(width));
            RegisterComponents();
        }

        public override Tensor forward(Tensor x, Tensor style)
        {
            Tensor scales = affine.forward(style) + 1;
            x = nn.functional.conv2d(x * scales.unsqueeze(-1).unsqueeze(-1), weight, padding: [weight.shape[2] / 2, weight.shape[2] / 2]);
            if (_demodulate)
            {
                Tensor energy = weight.square().sum([2, 3]);
                x *= (scales.square().matmul(energy.t()) + 1e-8).rsqrt().unsqueeze(-1).unsqueeze(-1);
            }

            return x + bias.view(1, -1, 1, 1);
        }
    }

    private sealed class Styled : nn.Module<Tensor, Tensor, Tensor>
    {
        private readonly bool _up;
        private readonly Modulated conv;
        private readonly Parameter strength = new(full(1, 0.3));
        private readonly Tensor noise;

        public Styled(long channels, long width, long side, bool up) : base(nameof(Styled))
        {
            _up = up;
            conv = new Modulated(channels, width, 3, demodulate: true);
            noise = randn(side, side);
            register_buffer(nameof(noise), noise);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x, Tensor style)
        {
            x = conv.forward(_up ? Blur(Spread(x), 4) : x, style);
            return nn.functional.leaky_relu(x + (noise * strength), 0.2) * Math.Sqrt(2);
        }
    }
}
