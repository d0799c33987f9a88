using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>ResNet-18 and ResNet-50 (He et al. 2016), with the stride on the 3x3 convolution as torchvision has it.</summary>
internal sealed class ResNet : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv1 = nn.Conv2d(3, 64, 7, stride: 2, padding: 3, bias: false);
    private readonly BatchNorm2d bn1 = nn.BatchNorm2d(64);
    private readonly MaxPool2d maxpool = nn.MaxPool2d(3, stride: 2, padding: 1);
    private readonly Sequential layer1, layer2, layer3, layer4;
    private readonly Linear fc;

    private ResNet(bool bottleneck, int[] depths) : base(nameof(ResNet))
    {
        long channels = 64;
        Sequential Stage(long width, int depth, long stride)
        {
            var blocks = new List<nn.Module<Tensor, Tensor>>();
            for (int i = 0; i < depth; i++)
            {
                blocks.Add(new Block(channels, width, i == 0 ? stride : 1, bottleneck));
                channels = bottleneck ? 4 * width : width;
            }

            return nn.Sequential(blocks);
        }

        layer1 = Stage(64, depths[0], 1);
        layer2 = Stage(128, depths[1], 2);
        layer3 = Stage(256, depths[2], 2);
        layer4 = Stage(512, depths[3], 2);
        fc = nn.Linear(channels, 1000);
        RegisterComponents();
    }

    public static ResNet Of18() => new(false, [2, 2, 2, 2]);

    public static ResNet Of50() => new(true, [3, 4, 6, 3]);

    public override Tensor forward(Tensor image)
    {
        Tensor x = maxpool.forward(nn.functional.relu(bn1.forward(conv1.forward(image))));
        x = layer4.forward(layer3.forward(layer2.forward(layer1.forward(x))));
        return fc.forward(nn.functional.adaptive_avg_pool2d(x, 1).flatten(1));
    }

    private sealed class Block : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1, conv2;
        private readonly BatchNorm2d bn1, bn2;
        private readonly Conv2d? conv3;
        private readonly BatchNorm2d? bn3;
        private readonly Sequential? downsample;

        public Block(long channels, long width, long stride, bool bottleneck) : base(nameof(Block))
        {
            long wide = bottleneck ? 4 * width : width;
            conv1 = bottleneck ? nn.Conv2d(channels, width, 1, bias: false)
                : nn.Conv2d(channels, width, 3, stride, padding: 1, bias: false);
            conv2 = nn.Conv2d(width, width, 3, bottleneck ? stride : 1, padding: 1, bias: false);
            bn1 = nn.BatchNorm2d(width);
            bn2 = nn.BatchNorm2d(width);
            if (bottleneck)
            {
                conv3 = nn.Conv2d(width, wide, 1, bias: false);
                bn3 = nn.BatchNorm2d(wide);
            }

            if (stride != 1 || channels != wide)
            {
                downsample = nn.Sequential(nn.Conv2d(channels, wide, 1, stride, bias: false), nn.BatchNorm2d(wide));
            }

            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            Tensor x = nn.functional.relu(bn1.forward(conv1.forward(input)));
            x = bn2.forward(conv2.forward(x));
            if (conv3 is not null)
            {
                x = bn3!.forward(conv3.forward(nn.functional.relu(x)));
            }

            return nn.functional.relu(x + (downsample is null ? input : downsample.forward(input)));
        }
    }
}
