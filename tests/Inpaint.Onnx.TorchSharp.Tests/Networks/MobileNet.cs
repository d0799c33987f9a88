using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>MobileNet-v2 (Sandler et al. 2018): inverted residuals of depthwise convolutions.</summary>
internal sealed class MobileNet : nn.Module<Tensor, Tensor>
{
    /// <summary>Expansion, channels, how many, first stride: table 2 of the paper.</summary>
    private static readonly (long Expansion, long Channels, int Count, long Stride)[] Stages =
        [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)];

    private readonly Sequential features, classifier;

    public MobileNet() : base(nameof(MobileNet))
    {
        var layers = new List<nn.Module<Tensor, Tensor>> { ConvNormRelu(3, 32, 3, 2, 1) };
        long channels = 32;
        foreach ((long expansion, long width, int count, long stride) in Stages)
        {
            for (int i = 0; i < count; i++)
            {
                layers.Add(new InvertedResidual(channels, width, i == 0 ? stride : 1, expansion));
                channels = width;
            }
        }

        layers.Add(ConvNormRelu(channels, 1280, 1, 1, 1));
        features = nn.Sequential(layers);
        classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(1280, 1000));
        RegisterComponents();
    }

    public override Tensor forward(Tensor image) => classifier.forward(features.forward(image).mean([2, 3]));

    private static Sequential ConvNormRelu(long channels, long width, long kernel, long stride, long groups) => nn.Sequential(
        nn.Conv2d(channels, width, kernel, stride, padding: (kernel - 1) / 2, groups: groups, bias: false), nn.BatchNorm2d(width),
            nn.ReLU6(inplace: true));

    private sealed class InvertedResidual : nn.Module<Tensor, Tensor>
    {
        private readonly Sequential conv;
        private readonly bool _residual;

        public InvertedResidual(long channels, long width, long stride, long expansion) : base(nameof(InvertedResidual))
        {
            long hidden = channels * expansion;
            _residual = stride == 1 && channels == width;
            conv = nn.Sequential([
                .. expansion == 1 ? (nn.Module<Tensor, Tensor>[])[] : [ConvNormRelu(channels, hidden, 1, 1, 1)],
                ConvNormRelu(hidden, hidden, 3, stride, hidden),
                nn.Conv2d(hidden, width, 1, bias: false),
                nn.BatchNorm2d(width)]);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => _residual ? input + conv.forward(input) : conv.forward(input);
    }
}
