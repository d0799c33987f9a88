using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>A 3-D U-Net (Çiçek et al. 2016) for volumes.</summary>
internal sealed class UNet3D : nn.Module<Tensor, Tensor>
{
    private readonly Sequential down1 = Pair(1, 8, 16), down2 = Pair(16, 16, 32), bottom = Pair(32, 32, 64), up2 = Pair(96, 32, 32),
        up1 = Pair(48, 16, 16);
    private readonly ConvTranspose3d wide2 = nn.ConvTranspose3d(64, 64, 2, stride: 2), wide1 = nn.ConvTranspose3d(32, 32, 2, stride: 2);
    private readonly Conv3d head = nn.Conv3d(16, 3, 1);

    public UNet3D() : base(nameof(UNet3D)) => RegisterComponents();

    public override Tensor forward(Tensor volume)
    {
        Tensor a = down1.forward(volume);
        Tensor b = down2.forward(nn.functional.max_pool3d(a, [2, 2, 2]));
        Tensor x = wide2.forward(bottom.forward(nn.functional.max_pool3d(b, [2, 2, 2])));
        x = wide1.forward(up2.forward(cat([b, x], 1)));
        return head.forward(up1.forward(cat([a, x], 1))).softmax(1);
    }

    private static Sequential Pair(long channels, long between, long width) => nn.Sequential(
        nn.Conv3d(channels, between, 3, padding: 1), nn.BatchNorm3d(between), nn.ReLU(),
        nn.Conv3d(between, width, 3, padding: 1), nn.BatchNorm3d(width), nn.ReLU());
}
