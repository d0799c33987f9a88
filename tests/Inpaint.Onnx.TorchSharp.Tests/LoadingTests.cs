using TorchSharp;

namespace Inpaint.Onnx.TorchSharp.Tests;

public sealed class LoadingTests
{
    [Fact]
    public void TorchSharp_loads_on_this_machine()
    {
        using torch.Tensor two = torch.ones(2) + 1;
        Assert.Equal([2f, 2f], two.data<float>().ToArray());
    }
}
