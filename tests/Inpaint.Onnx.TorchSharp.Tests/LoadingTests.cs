using System.Runtime.InteropServices;
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

    [Fact]
    public void The_output_contains_only_the_libtorch_of_this_platform()
    {
        string library = OperatingSystem.IsWindows() ? "torch_cpu.dll" : OperatingSystem.IsMacOS() ? "libtorch_cpu.dylib"
            : "libtorch_cpu.so";
        string found = Assert.Single(Directory.EnumerateFiles(AppContext.BaseDirectory, "*torch_cpu.*", SearchOption.AllDirectories));
        Assert.Equal(library, Path.GetFileName(found));
        Assert.Contains(RuntimeInformation.RuntimeIdentifier, found);
    }
}
