using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>DCGAN (Radford et al. 2016) for 64 x 64 pixels: generates a photo from 100 random numbers.</summary>
internal sealed class DcganGenerator : nn.Module<Tensor, Tensor>
{
    private readonly Sequential main = nn.Sequential(
        nn.ConvTranspose2d(100, 256, 4, bias: false), nn.BatchNorm2d(256), nn.ReLU(inplace: true),
        nn.ConvTranspose2d(256, 128, 4, stride: 2, padding: 1, bias: false), nn.BatchNorm2d(128), nn.ReLU(inplace: true),
        nn.ConvTranspose2d(128, 64, 4, stride: 2, padding: 1, bias: false), nn.BatchNorm2d(64), nn.ReLU(inplace: true),
        nn.ConvTranspose2d(64, 32, 4, stride: 2, padding: 1, bias: false), nn.BatchNorm2d(32), nn.ReLU(inplace: true),
        nn.ConvTranspose2d(32, 3, 4, stride: 2, padding: 1, bias: false), nn.Tanh());

    public DcganGenerator() : base(nameof(DcganGenerator)) => RegisterComponents();

    public override Tensor forward(Tensor noise) => main.forward(noise.view(-1, 100, 1, 1));
}

/// <summary>The judge of the same paper: a photo becomes the chance that it is real.</summary>
internal sealed class DcganDiscriminator : nn.Module<Tensor, Tensor>
{
    private readonly Sequential main = nn.Sequential(
        nn.Conv2d(3, 32, 4, stride: 2, padding: 1, bias: false), nn.LeakyReLU(0.2, inplace: true),
        nn.Conv2d(32, 64, 4, stride: 2, padding: 1, bias: false), nn.BatchNorm2d(64), nn.LeakyReLU(0.2, inplace: true),
        nn.Conv2d(64, 128, 4, stride: 2, padding: 1, bias: false), nn.BatchNorm2d(128), nn.LeakyReLU(0.2, inplace: true),
        nn.Conv2d(128, 256, 4, stride: 2, padding: 1, bias: false), nn.BatchNorm2d(256), nn.LeakyReLU(0.2, inplace: true),
        nn.Conv2d(256, 1, 4, bias: false), nn.Sigmoid());

    public DcganDiscriminator() : base(nameof(DcganDiscriminator)) => RegisterComponents();

    public override Tensor forward(Tensor image) => main.forward(image).view(-1, 1).squeeze(1);
}
