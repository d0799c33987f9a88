using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Inpaint.Benchmarks;

/// <summary>
/// A U-Net with four resolutions, from picture to picture (after Ronneberger et al., "U-Net", 2015; padded, with batch norm).
/// </summary>
internal sealed class UNet : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> down1, down2, down3, bottom, up3, up2, up1, expand3, expand2, expand1, last;

    /// <param name="width">Channels at full resolution; doubled at each lower one.</param>
    public UNet(int width) : base(nameof(UNet))
    {
        (down1, down2) = (DoubleConv(3, width), DoubleConv(width, 2 * width));
        (down3, bottom) = (DoubleConv(2 * width, 4 * width), DoubleConv(4 * width, 8 * width));
        (expand3, expand2, expand1) = (Upsample(8 * width), Upsample(4 * width), Upsample(2 * width));
        (up3, up2, up1) = (DoubleConv(8 * width, 4 * width), DoubleConv(4 * width, 2 * width), DoubleConv(2 * width, width));
        last = Conv2d(width, 3, 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor image)
    {
        Tensor one = down1.call(image), two = down2.call(Downsample(one)), three = down3.call(Downsample(two));
        Tensor x = bottom.call(Downsample(three));
        x = up3.call(cat([three, expand3.call(x)], 1));
        x = up2.call(cat([two, expand2.call(x)], 1));
        x = up1.call(cat([one, expand1.call(x)], 1));
        return sigmoid(last.call(x));
    }

    private static Tensor Downsample(Tensor x) => functional.max_pool2d(x, 2);

    private static Module<Tensor, Tensor> Upsample(int channels) => ConvTranspose2d(channels, channels / 2, 2, stride: 2);

    private static Module<Tensor, Tensor> DoubleConv(int from, int to) => Sequential(
        Conv2d(from, to, 3, padding: 1, bias: false), BatchNorm2d(to), ReLU(),
        Conv2d(to, to, 3, padding: 1, bias: false), BatchNorm2d(to), ReLU());
}
