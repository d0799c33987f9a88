using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Benchmarks;

/// <summary>A well-known network with fixed random weights, which takes as long as a trained one.</summary>
/// <param name="Name">Its name in tables and folders.</param>
/// <param name="Side">Height and width of its pictures.</param>
/// <param name="Images">Pictures per pass; a multiple of 8.</param>
/// <param name="Build">Creates it, initialised from libtorch's random generator.</param>
internal sealed record BenchmarkNetwork(string Name, int Side, int Images, Func<nn.Module<Tensor, Tensor>> Build)
{
    public static readonly BenchmarkNetwork[] All =
    [
        new("ResNet-18", 224, 32, () => new ResNet([2, 2, 2, 2], bottlenecks: false)),
        new("ResNet-50", 224, 16, () => new ResNet([3, 4, 6, 3], bottlenecks: true)),
        new("MobileNet-v2", 224, 64, () => new MobileNetV2()),
        new("U-Net", 128, 32, () => new UNet(32)),
        new("ViT-tiny", 224, 32, () => new VisionTransformer(width: 192, depth: 12, heads: 3)),
    ];

    public static BenchmarkNetwork Named(string name) => All.Single(n => n.Name == name);

    /// <summary>The network in evaluation mode, with the same weights in every process.</summary>
    public nn.Module<Tensor, Tensor> Create()
    {
        manual_seed(1);
        nn.Module<Tensor, Tensor> network = Build();
        network.eval();
        return network;
    }

    /// <summary>Random pictures, [batch, 3, side, side].</summary>
    public Tensor Pictures(int batch)
    {
        manual_seed(2);
        return randn(batch, 3, Side, Side);
    }
}
