namespace Inpaint.Onnx.TorchSharp.Tests;

public sealed class OperatorTests
{
    internal static readonly OperatorCase[] All = [.. ElementwiseCases.All, .. StructureCases.All];

    public static TheoryData<string> Names => [.. All.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Onnx_runtime_gives_what_the_module_gives(string name) => All.Single(c => c.Name == name).Check();
}
