using Inpaint.Onnx.TorchSharp;
using Inpaint.TestSupport;

namespace Inpaint.Repository.Tests.Projects;

/// <summary>A program for CUDA on a machine without it.</summary>
[Trait("Category", "Restore")]
public sealed class GpuRuntimeTests : IDisposable
{
    private const string Code = """
        using Inpaint.Onnx.Inpainting;
        using Inpaint.Onnx.Runtime;
        using Inpaint.Photos;

        GraphPackage graph = GraphPackage.Load(args[0]);
        var cuda = new ExecutionOptions { Device = "cuda:0" };
        Console.WriteLine($"available: {string.Join(", ", GraphDevice.AvailableProviders)}");
        try
        {
            using var strict = new Inpainter(graph, new InpaintingOptions { Execution = cuda });
        }
        catch (GraphException e)
        {
            Console.WriteLine($"error: {e.Message}");
        }

        var tolerant = cuda with { Fallback = true, Warn = w => Console.WriteLine($"warning: {w}") };
        using var inpainter = new Inpainter(graph, new InpaintingOptions { Execution = tolerant });
        Photo completed = inpainter.Complete(new Photo(96, 64));
        Console.WriteLine($"completed: {completed.Width}x{completed.Height} on {inpainter.Session.Device}");
        """;

    private readonly ProgramOnLibraries _program = new("Cuda", Code, ["Inpaint.Onnx"]);

    public void Dispose() => _program.Dispose();

    /// <summary>Restores the GPU packages, half a gigabyte on the first run.</summary>
    [Fact]
    public void A_program_built_for_CUDA_falls_back_to_the_CPU_where_there_is_none()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The test starts a program of Linux.");
        Assert.SkipWhen(File.Exists("/proc/driver/nvidia/version"), "This machine has an NVIDIA driver.");
        Launched built = _program.Dotnet("build", "-p:OnnxRuntime=gpu");
        Assert.SkipWhen(built.All.Contains("NU1301", StringComparison.Ordinal), "No package source can be reached.");
        Assert.True(built.ExitCode == 0, built.All);

        Launched run = Launched.Run(_program.Built("bin/Cuda/release/Cuda"), [_program.Graph("fill")], _program.Folder);
        Assert.True(run.ExitCode == 0, run.All);
        string[] lines = run.Output.Split('\n');
        string Line(string kind) => lines.Single(l => l.StartsWith($"{kind}:", StringComparison.Ordinal));
        Assert.Contains("CUDAExecutionProvider", Line("available"), StringComparison.Ordinal);
        string error = Line("error");
        Assert.Contains("'cuda:0' cannot be used", error, StringComparison.Ordinal);
        Assert.Contains("allow the fallback", error, StringComparison.Ordinal);
        Assert.EndsWith("Using the CPU.", Line("warning"), StringComparison.Ordinal);
        Assert.Contains("completed: 96x64 on cpu", run.Output, StringComparison.Ordinal);
    }
}
