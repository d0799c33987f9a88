using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>A module around a function of one tensor.</summary>
internal sealed class Forward(Func<Tensor, Tensor> function) : nn.Module<Tensor, Tensor>(nameof(Forward))
{
    public override Tensor forward(Tensor input) => function(input);
}

/// <summary>A module around a function of two tensors.</summary>
internal sealed class Forward2(Func<Tensor, Tensor, Tensor> function) : nn.Module<Tensor, Tensor, Tensor>(nameof(Forward2))
{
    public override Tensor forward(Tensor left, Tensor right) => function(left, right);
}
