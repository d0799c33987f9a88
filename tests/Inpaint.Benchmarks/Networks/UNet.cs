using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Inpaint.Benchmarks;

/// <summary>A U-Net of four sizes, picture in and picture out (after Ronneberger et al., "U-Net", 2015; padded, with batch norm).</summary>
internal sealed class UNet : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> down1, down2, down3, bottom, up3, up2, up1, wide3, wide2, wide1, last;

    /// <param name="width">Channels at full size, twice as many at each smaller one.</param>
    public UNet(int width) : base(nameof(UNet))
    {
        (down1, down2, down3, bottom) = (Twice(3, width), Twice(width, 2 * width), Twice(2 * width, 4 * width), Twice(4 * width, 8 * width));
        (wide3, wide2, wide1) = (Wider(8 * width), Wider(4 * width), Wider(2 * width));
        (up3, up2, up1) = (Twice(8 * width, 4 * width), Twice(4 * width, 2 * width), Twice(2 * width, width));
        last = Conv2d(width, 3, 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor image)
    {
        Tensor one = down1.call(image), two = down2.call(Half(one)), three = down3.call(Half(two));
        Tensor x = bottom.call(Half(three));
        x = up3.call(cat([three, wide3.call(x)], 1));
        x = up2.call(cat([two, wide2.call(x)], 1));
        x = up1.call(cat([one, wide1.call(x)], 1));
        return sigmoid(last.call(x));
    }

    private static Tensor Half(Tensor x) => functional.max_pool2d(x, 2);

    private static Module<Tensor, Tensor> Wider(int channels) => ConvTranspose2d(channels, channels / 2, 2, stride: 2);

    private static Module<Tensor, Tensor> Twice(int from, int to) => Sequential(
        Conv2d(from, to, 3, padding: 1, bias: false), BatchNorm2d(to), ReLU(), Conv2d(to, to, 3, padding: 1, bias: false), BatchNorm2d(to), ReLU());
}
