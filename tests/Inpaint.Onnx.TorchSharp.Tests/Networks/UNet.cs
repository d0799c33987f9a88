using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>A U-Net (Ronneberger et al. 2015): encoder features are concatenated with decoder features of the same scale.</summary>
internal sealed class UNet : nn.Module<Tensor, Tensor>
{
    private readonly ModuleList<Sequential> down = [Pair(3, 16), Pair(16, 32), Pair(32, 64)];
    private readonly Sequential bottom = Pair(64, 128);
    private readonly ModuleList<ConvTranspose2d> widen = [Double(128), Double(64), Double(32)];
    private readonly ModuleList<Sequential> up = [Pair(128, 64), Pair(64, 32), Pair(32, 16)];
    private readonly Conv2d head = nn.Conv2d(16, 3, 1);

    public UNet() : base(nameof(UNet)) => RegisterComponents();

    public override Tensor forward(Tensor image)
    {
        var skips = new Stack<Tensor>();
        Tensor x = image;
        foreach (Sequential level in down)
        {
            x = level.forward(x);
            skips.Push(x);
            x = nn.functional.max_pool2d(x, 2);
        }

        x = bottom.forward(x);
        for (int i = 0; i < up.Count; i++)
        {
            x = up[i].forward(cat([skips.Pop(), widen[i].forward(x)], 1));
        }

        return head.forward(x);
    }

    private static ConvTranspose2d Double(long channels) => nn.ConvTranspose2d(channels, channels / 2, 2, stride: 2);

    private static Sequential Pair(long channels, long width) => nn.Sequential(
        nn.Conv2d(channels, width, 3, padding: 1), nn.BatchNorm2d(width), nn.ReLU(),
        nn.Conv2d(width, width, 3, padding: 1), nn.BatchNorm2d(width), nn.ReLU());
}
