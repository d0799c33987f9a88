using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>A small ConvNeXt (Liu et al. 2022): depthwise 7x7 kernels, layer norm over channels, layer scale.</summary>
internal sealed class ConvNeXt : nn.Module<Tensor, Tensor>
{
    private static readonly long[] Widths = [40, 80, 160, 320];
    private static readonly int[] Depths = [2, 2, 6, 2];
    private readonly Sequential features;
    private readonly LayerNorm norm = nn.LayerNorm(320);
    private readonly Linear head = nn.Linear(320, 100);

    public ConvNeXt() : base(nameof(ConvNeXt))
    {
        var all = new List<nn.Module<Tensor, Tensor>> { nn.Conv2d(3, Widths[0], 4, stride: 4), new ChannelNorm(Widths[0]) };
        for (int stage = 0; stage < Widths.Length; stage++)
        {
            if (stage > 0)
            {
                all.AddRange([new ChannelNorm(Widths[stage - 1]), nn.Conv2d(Widths[stage - 1], Widths[stage], 2, stride: 2)]);
            }

            all.AddRange(Enumerable.Range(0, Depths[stage]).Select(_ => new Block(Widths[stage])));
        }

        features = nn.Sequential(all);
        RegisterComponents();
    }

    public override Tensor forward(Tensor image) => head.forward(norm.forward(features.forward(image).mean([-2L, -1])));

    private sealed class ChannelNorm : nn.Module<Tensor, Tensor>
    {
        private readonly LayerNorm norm;

        public ChannelNorm(long width) : base(nameof(ChannelNorm))
        {
            norm = nn.LayerNorm(width, eps: 1e-6);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => norm.forward(input.permute(0, 2, 3, 1)).permute(0, 3, 1, 2);
    }

    private sealed class Block : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d depthwise;
        private readonly LayerNorm norm;
        private readonly Linear grow, shrink;
        private readonly Parameter scale;

        public Block(long width) : base(nameof(Block))
        {
            depthwise = nn.Conv2d(width, width, 7, padding: 3, groups: width);
            norm = nn.LayerNorm(width, eps: 1e-6);
            grow = nn.Linear(width, 4 * width);
            shrink = nn.Linear(4 * width, width);
            scale = new Parameter(full(width, 1e-6));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            Tensor x = norm.forward(depthwise.forward(input).permute(0, 2, 3, 1));
            x = shrink.forward(nn.functional.gelu(grow.forward(x))) * scale;
            return input + x.permute(0, 3, 1, 2);
        }
    }
}
