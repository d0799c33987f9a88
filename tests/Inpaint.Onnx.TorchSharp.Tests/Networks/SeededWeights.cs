using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>Weights, batch norm statistics and inputs from a separate seed, independent of other tests.</summary>
internal static class SeededWeights
{
    /// <summary>
    /// Weights that keep values at their size (He et al. 2015), norms that change every channel and running statistics unlike a new
    /// module's, so that folding them away has to be right.
    /// </summary>
    public static T Seeded<T>(this T module, ulong seed = 1) where T : nn.Module
    {
        using IDisposable quiet = no_grad();
        using var generator = new Generator(seed);
        foreach ((string name, global::TorchSharp.Modules.Parameter parameter) in module.named_parameters())
        {
            long fanIn = parameter.numel() / parameter.shape[0];
            if (parameter.dim() > 1)
            {
                parameter.normal_(0, Math.Sqrt(1.5 / fanIn), generator);
            }
            else if (name.EndsWith("weight", StringComparison.Ordinal))
            {
                parameter.uniform_(0.5, 1.5, generator);
            }
            else
            {
                parameter.normal_(0, 0.2, generator);
            }
        }

        foreach ((string name, Tensor buffer) in module.named_buffers())
        {
            if (name.EndsWith("running_mean", StringComparison.Ordinal))
            {
                buffer.normal_(0, 0.3, generator);
            }
            else if (name.EndsWith("running_var", StringComparison.Ordinal))
            {
                buffer.uniform_(0.5, 2, generator);
            }
        }

        module.eval();
        return module;
    }

    /// <summary>Values of -1 to 1.</summary>
    public static Tensor Input(long[] shape, ulong seed)
    {
        using var generator = new Generator(seed);
        return (rand(shape, generator: generator) * 2) - 1;
    }

    /// <summary>Integers below a limit.</summary>
    public static Tensor Numbers(long[] shape, long below, ulong seed)
    {
        using var generator = new Generator(seed);
        return randint(0, below, shape, int64, generator: generator);
    }
}
