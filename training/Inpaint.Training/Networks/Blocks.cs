using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Inpaint.Training.Networks;

/// <summary>Layers shared by several networks.</summary>
internal static class Blocks
{
    /// <summary>3x3 convolution (or another size), batch norm, ReLU.</summary>
    public static Sequential Convolution(int from, int to, int stride = 1, int dilation = 1, int kernel = 3) => Sequential(
        ("conv", Plain(from, to, stride, dilation, kernel)),
        ("norm", BatchNorm2d(to)),
        ("relu", ReLU(inplace: true)));

    /// <summary>A convolution without bias that keeps the size (or divides it by the stride), initialised for a following ReLU.</summary>
    public static Conv2d Plain(int from, int to, int stride = 1, int dilation = 1, int kernel = 3)
    {
        Conv2d layer = Conv2d(from, to, kernel, stride, padding: dilation * (kernel / 2), dilation: dilation, bias: false);
        init.kaiming_normal_(layer.weight, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU);
        return layer;
    }

    /// <summary>Crops the centre of a feature map: pixels from <paramref name="first"/> to size - first, exclusive.</summary>
    public static Tensor Centre(Tensor map, int first)
    {
        if (first == 0)
        {
            return map;
        }

        long size = map.shape[2] - 2 * first;
        return map.narrow(2, first, size).narrow(3, first, size);
    }

    /// <summary>Pastes fills [N, 3, H, H] into the centre of pictures [N, 3, S, S] that are zero there.</summary>
    public static Tensor Paste(Tensor image, Tensor fill)
    {
        long margin = (image.shape[2] - fill.shape[2]) / 2;
        return image + nn.functional.pad(fill, [margin, margin, margin, margin]);
    }

    /// <summary>Repeats each pixel <paramref name="times"/> x <paramref name="times"/> times.</summary>
    public static Tensor Repeat(Tensor map, int times = 2) =>
        nn.functional.interpolate(map, scale_factor: [times, times], mode: InterpolationMode.Nearest);
}

/// <summary>Two convolutions with batch norm, added to the input.</summary>
internal sealed class ResidualBlock : Module<Tensor, Tensor>
{
    private readonly Sequential first;
    private readonly Conv2d conv;
    private readonly BatchNorm2d norm;

    public ResidualBlock(int channels, int dilation = 1) : base(nameof(ResidualBlock))
    {
        first = Blocks.Convolution(channels, channels, dilation: dilation);
        conv = Blocks.Plain(channels, channels);
        norm = BatchNorm2d(channels);
        init.zeros_(norm.weight);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => functional.relu(x + norm.call(conv.call(first.call(x))));
}

/// <summary>Self-attention between all positions of a feature map, added to the input (arXiv 1706.03762).</summary>
internal sealed class SpatialAttention : Module<Tensor, Tensor>
{
    private const int HeadChannels = 32;

    private readonly BatchNorm2d norm;
    private readonly Conv2d project, merge;
    private readonly Parameter position;
    private readonly int _heads;

    /// <param name="channels">Channels of the map, a multiple of 4.</param>
    /// <param name="side">Its height and width.</param>
    public SpatialAttention(int channels, int side) : base(nameof(SpatialAttention))
    {
        _heads = Math.Max(1, channels / HeadChannels);
        while (channels % _heads != 0)
        {
            _heads--;
        }

        norm = BatchNorm2d(channels);
        project = Conv2d(channels, 3 * channels, 1);
        merge = Conv2d(channels, channels, 1);
        init.zeros_(merge.weight);
        init.zeros_(merge.bias!);
        position = Parameter(randn(1, channels, side, side) * 0.02);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        long n = x.shape[0], c = x.shape[1], h = x.shape[2], w = x.shape[3];
        Tensor[] parts = project.call(norm.call(x) + position).reshape(n, 3, _heads, c / _heads, h * w).unbind(1);
        Tensor scores = matmul(parts[0].transpose(-2, -1), parts[1]) * (1.0 / Math.Sqrt((double)c / _heads));
        Tensor mixed = matmul(parts[2], functional.softmax(scores, -1).transpose(-2, -1));
        return x + merge.call(mixed.reshape(n, c, h, w));
    }
}
