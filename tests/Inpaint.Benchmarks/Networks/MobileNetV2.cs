using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Inpaint.Benchmarks;

/// <summary>
/// MobileNet-v2 for 1,000 classes (Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", 2018, table 2).
/// </summary>
internal sealed class MobileNetV2 : Module<Tensor, Tensor>
{
    private static readonly (int Expansion, int Channels, int Repeats, int Stride)[] Table =
        [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)];

    private readonly Module<Tensor, Tensor> features, head;

    public MobileNetV2() : base(nameof(MobileNetV2))
    {
        List<Module<Tensor, Tensor>> all = [.. Convolved(3, 32, 3, stride: 2)];
        int channels = 32;
        foreach ((int expansion, int to, int repeats, int stride) in Table)
        {
            for (int i = 0; i < repeats; i++)
            {
                all.Add(new Inverted(channels, to, expansion, i == 0 ? stride : 1));
                channels = to;
            }
        }

        features = Sequential([.. all, .. Convolved(channels, 1280, 1)]);
        head = Sequential(("pool", AdaptiveAvgPool2d(1)), ("flat", Flatten()), ("dropout", Dropout(0.2)), ("classes", Linear(1280, 1000)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor image) => head.call(features.call(image));

    private static Module<Tensor, Tensor>[] Convolved(int from, int to, int kernel, int stride = 1, int groups = 1) =>
        [Conv2d(from, to, kernel, stride: stride, padding: kernel / 2, groups: groups, bias: false), BatchNorm2d(to), ReLU6()];

    private sealed class Inverted : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> body;
        private readonly bool _added;

        public Inverted(int from, int to, int expansion, int stride) : base(nameof(Inverted))
        {
            int width = from * expansion;
            _added = stride == 1 && from == to;
            body = Sequential([
                .. expansion > 1 ? Convolved(from, width, 1) : [],
                .. Convolved(width, width, 3, stride, groups: width),
                Conv2d(width, to, 1, bias: false),
                BatchNorm2d(to),
            ]);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) => _added ? x + body.call(x) : body.call(x);
    }
}
