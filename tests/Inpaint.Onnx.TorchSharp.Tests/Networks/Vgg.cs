using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>
/// VGG-11 with batch norms (Simonyan and Zisserman 2015) for photos of 64 x 64, with a classifier of 512 instead of 4,096.
/// </summary>
internal sealed class Vgg : nn.Module<Tensor, Tensor>
{
    private const long Pool = 0;
    private readonly Sequential features, classifier;

    public Vgg() : base(nameof(Vgg))
    {
        var layers = new List<nn.Module<Tensor, Tensor>>();
        long channels = 3;
        foreach (long width in (long[])[64, Pool, 128, Pool, 256, 256, Pool, 512, 512, Pool, 512, 512, Pool])
        {
            if (width == Pool)
            {
                layers.Add(nn.MaxPool2d(2));
            }
            else
            {
                layers.AddRange([nn.Conv2d(channels, width, 3, padding: 1), nn.BatchNorm2d(width), nn.ReLU(inplace: true)]);
                channels = width;
            }
        }

        features = nn.Sequential(layers);
        classifier = nn.Sequential(nn.Linear(512 * 2 * 2, 512), nn.ReLU(inplace: true), nn.Dropout(), nn.Linear(512, 1000));
        RegisterComponents();
    }

    public override Tensor forward(Tensor image) =>
        classifier.forward(nn.functional.adaptive_avg_pool2d(features.forward(image), 2).flatten(1));
}
