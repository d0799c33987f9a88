using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>
/// NAFNet (Chen et al. 2022), which restores photos without activations: gates of halves, channel attention, pixel shuffle.
/// </summary>
internal sealed class NafNet : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d intro = nn.Conv2d(3, 16, 3, padding: 1), ending = nn.Conv2d(16, 3, 3, padding: 1);
    private readonly Block first = new(16), second = new(32), middle = new(64), third = new(32), last = new(16);
    private readonly Conv2d down1 = nn.Conv2d(16, 32, 2, stride: 2), down2 = nn.Conv2d(32, 64, 2, stride: 2);
    private readonly Sequential up2 = nn.Sequential(nn.Conv2d(64, 128, 1, bias: false), nn.PixelShuffle(2)),
        up1 = nn.Sequential(nn.Conv2d(32, 64, 1, bias: false), nn.PixelShuffle(2));

    public NafNet() : base(nameof(NafNet)) => RegisterComponents();

    public override Tensor forward(Tensor image)
    {
        Tensor a = first.forward(intro.forward(image)), b = second.forward(down1.forward(a));
        Tensor x = third.forward(up2.forward(middle.forward(down2.forward(b))) + b);
        return ending.forward(last.forward(up1.forward(x) + a)) + image;
    }

    private sealed class Block : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1, conv2, conv3, conv4, conv5, attention;
        private readonly LayerNorm norm1, norm2;
        private readonly Parameter beta, gamma;

        public Block(long width) : base(nameof(Block))
        {
            (conv1, conv2, conv3) =
                (nn.Conv2d(width, 2 * width, 1), nn.Conv2d(2 * width, 2 * width, 3, padding: 1, groups: 2 * width),
                    nn.Conv2d(width, width, 1));
            (conv4, conv5, attention) = (nn.Conv2d(width, 2 * width, 1), nn.Conv2d(width, width, 1), nn.Conv2d(width, width, 1));
            (norm1, norm2) = (nn.LayerNorm(width), nn.LayerNorm(width));
            (beta, gamma) = (new Parameter(full([1, width, 1, 1], 0.5)), new Parameter(full([1, width, 1, 1], 0.5)));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            Tensor x = Gate(conv2.forward(conv1.forward(Norm(norm1, input))));
            x = conv3.forward(x * attention.forward(nn.functional.adaptive_avg_pool2d(x, 1)));
            Tensor y = input + (x * beta);
            return y + (conv5.forward(Gate(conv4.forward(Norm(norm2, y)))) * gamma);
        }

        private static Tensor Norm(LayerNorm norm, Tensor x) => norm.forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2);

        private static Tensor Gate(Tensor x)
        {
            Tensor[] halves = x.chunk(2, 1);
            return halves[0] * halves[1];
        }
    }
}
