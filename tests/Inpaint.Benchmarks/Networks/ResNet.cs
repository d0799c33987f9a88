using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Inpaint.Benchmarks;

/// <summary>
/// A residual network for 1,000 classes (He et al., "Deep Residual Learning for Image Recognition", 2016), with the stride of a
/// bottleneck in its 3x3 convolution.
/// </summary>
internal sealed class ResNet : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> stem, blocks, head;

    /// <param name="depths">Blocks at each of the four sizes.</param>
    /// <param name="bottlenecks">Blocks of 1x1, 3x3 and 1x1 convolutions instead of two 3x3 convolutions.</param>
    public ResNet(int[] depths, bool bottlenecks) : base(nameof(ResNet))
    {
        int widened = bottlenecks ? 4 : 1, channels = 64;
        stem = Sequential(
            ("conv", Conv2d(3, 64, 7, stride: 2, padding: 3, bias: false)),
            ("norm", BatchNorm2d(64)),
            ("relu", ReLU()),
            ("pool", MaxPool2d(3, stride: 2, padding: 1)));
        var all = new List<Module<Tensor, Tensor>>();
        for (int size = 0; size < depths.Length; size++)
        {
            for (int i = 0; i < depths[size]; i++)
            {
                int width = 64 << size;
                all.Add(new Residual(channels, width, widened, stride: i == 0 && size > 0 ? 2 : 1));
                channels = width * widened;
            }
        }

        blocks = Sequential(all);
        head = Sequential(("pool", AdaptiveAvgPool2d(1)), ("flat", Flatten()), ("classes", Linear(channels, 1000)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor image) => head.call(blocks.call(stem.call(image)));

    private sealed class Residual : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> body, shortcut;

        public Residual(int from, int width, int widened, int stride) : base(nameof(Residual))
        {
            int to = width * widened;
            body = widened > 1
                ? Sequential(
                    Conv2d(from, width, 1, bias: false), BatchNorm2d(width), ReLU(),
                    Conv2d(width, width, 3, stride: stride, padding: 1, bias: false), BatchNorm2d(width), ReLU(),
                    Conv2d(width, to, 1, bias: false), BatchNorm2d(to))
                : Sequential(
                    Conv2d(from, width, 3, stride: stride, padding: 1, bias: false), BatchNorm2d(width), ReLU(),
                    Conv2d(width, width, 3, padding: 1, bias: false), BatchNorm2d(width));
            shortcut = stride > 1 || from != to
                ? Sequential(Conv2d(from, to, 1, stride: stride, bias: false), BatchNorm2d(to))
                : Identity();
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) => functional.relu(body.call(x) + shortcut.call(x));
    }
}
