using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>EfficientNet-B0 (Tan and Le 2019): inverted bottlenecks with squeeze-and-excitation.</summary>
internal sealed class EfficientNet : nn.Module<Tensor, Tensor>
{
    private static readonly (long Expand, long Kernel, long Stride, long Width, int Depth)[] Stages =
        [(1, 3, 1, 16, 1), (6, 3, 2, 24, 2), (6, 5, 2, 40, 2), (6, 3, 2, 80, 3), (6, 5, 1, 112, 3), (6, 5, 2, 192, 4), (6, 3, 1, 320, 1)];

    private readonly Sequential stem = Norm(nn.Conv2d(3, 32, 3, stride: 2, padding: 1, bias: false), 32, active: true);
    private readonly Sequential blocks;
    private readonly Sequential head = Norm(nn.Conv2d(320, 1280, 1, bias: false), 1280, active: true);
    private readonly Linear classifier = nn.Linear(1280, 1000);

    public EfficientNet() : base(nameof(EfficientNet))
    {
        long channels = 32;
        var all = new List<nn.Module<Tensor, Tensor>>();
        foreach ((long expand, long kernel, long stride, long width, int depth) in Stages)
        {
            for (int i = 0; i < depth; i++)
            {
                all.Add(new Block(channels, width, expand, kernel, i == 0 ? stride : 1));
                channels = width;
            }
        }

        blocks = nn.Sequential(all);
        RegisterComponents();
    }

    public override Tensor forward(Tensor image) =>
        classifier.forward(nn.functional.adaptive_avg_pool2d(head.forward(blocks.forward(stem.forward(image))), 1).flatten(1));

    private static Sequential Norm(Conv2d conv, long width, bool active) =>
        active ? nn.Sequential(conv, nn.BatchNorm2d(width), nn.SiLU()) : nn.Sequential(conv, nn.BatchNorm2d(width));

    private sealed class Block : nn.Module<Tensor, Tensor>
    {
        private readonly Sequential? expand;
        private readonly Sequential depthwise, project, excite;
        private readonly bool residual;

        public Block(long channels, long width, long factor, long kernel, long stride) : base(nameof(Block))
        {
            long wide = channels * factor, squeezed = Math.Max(1, channels / 4);
            expand = factor == 1 ? null : Norm(nn.Conv2d(channels, wide, 1, bias: false), wide, active: true);
            depthwise = Norm(nn.Conv2d(wide, wide, kernel, stride, padding: kernel / 2, groups: wide, bias: false), wide, active: true);
            excite = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(wide, squeezed, 1), nn.SiLU(), nn.Conv2d(squeezed, wide, 1),
                nn.Sigmoid());
            project = Norm(nn.Conv2d(wide, width, 1, bias: false), width, active: false);
            residual = stride == 1 && channels == width;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            Tensor x = depthwise.forward(expand is null ? input : expand.forward(input));
            x = project.forward(x * excite.forward(x));
            return residual ? x + input : x;
        }
    }
}
