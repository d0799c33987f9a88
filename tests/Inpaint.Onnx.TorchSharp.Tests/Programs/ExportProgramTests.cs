using Inpaint.CommandLine;
using Inpaint.Export;
using Inpaint.TestSupport;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests.Programs;

/// <summary>The program that exports module types of an assembly; the assembly is that of these tests.</summary>
[Collection(nameof(Alone))]
public sealed class ExportProgramTests : IDisposable
{
    private static readonly string Assembly = typeof(ExportProgramTests).Assembly.Location;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_module_with_saved_weights_is_exported_as_an_equivalent_graph()
    {
        using DisposeScope scope = NewDisposeScope();
        using var net = new NafNet();
        using NafNet seeded = net.Seeded(7);
        seeded.save(_folder.File("weights.dat"));
        string graph = _folder.File("deep/model.onnx");
        Assert.Equal(ExitCode.Done,
            Run("NafNet", "--weights", _folder.File("weights.dat"), "--shape", "image=1,3,32,32", "--dynamic", "image=0,2,3",
                "--output-name", "restored", "--opset", "18", "-o", graph));
        using var session = new InferenceSession(graph);
        Assert.Equal(["image"], session.InputNames);
        Assert.Equal(["restored"], session.OutputNames);
        Assert.Equal(["batch", "", "height", "width"], session.InputMetadata["image"].SymbolicDimensions);
        Assert.InRange(NetworkCase.RelativeDifference(session, seeded, [SeededWeights.Input([3, 3, 48, 64], 1)]), 0, 1e-5);
    }

    [Fact]
    public void Constructor_arguments_static_methods_and_token_ranges_can_be_specified()
    {
        string graph = _folder.File("model.onnx");
        Assert.Equal(ExitCode.Done, Run("ResNet.Of18", "-o", graph));
        Assert.Equal(ExitCode.Done,
            Run(typeof(Sized).FullName!.Replace('+', '.'), "--arg", "width=5", "--arg", "kernels=1,3", "--arg", "mode=Sum", "--shape",
                "2,4", "-o", graph));
        using (var session = new InferenceSession(graph))
        {
            Assert.Equal(5, session.OutputMetadata["output"].Dimensions[1]);
        }

        Assert.Equal(ExitCode.Done,
            Run("ExportProgramTests.Pair", "--shape", "ids=2,8:int64:0..19", "--shape", "mask=2,8:int64:0..1", "--dynamic",
                "ids=0,1:sequence", "--dynamic", "mask=0,1:sequence", "-o", graph));
        using (var pair = new InferenceSession(graph))
        {
            Assert.Equal(["batch", "sequence"], pair.InputMetadata["mask"].SymbolicDimensions);
        }

        Assert.Equal(ExitCode.Done,
            Run("Translator", "--shape", "source=1,9:int64:0..49", "--shape", "target=1,7:int64:0..49", "-o", graph));
        using var translator = new InferenceSession(graph);
        Assert.Equal(["source", "target"], translator.InputNames);
        Assert.Equal(typeof(long), translator.InputMetadata["source"].ElementType);
    }

    [Theory]
    [InlineData("Opset is 12; expected 13 to 23.", "NafNet", "--opset", "12", "-o", "m.onnx")]
    [InlineData("is abstract", "Unmade", "-o", "m.onnx")]
    [InlineData("did you mean 'NafNet'", "NafNt", "-o", "m.onnx")]
    [InlineData("-o FILE is missing", "NafNet")]
    [InlineData("--list shows them")]
    [InlineData("such as 1,3,64,64", "NafNet", "--shape", "3x64", "-o", "m.onnx")]
    [InlineData("unknown type 'float'", "NafNet", "--shape", "1,3,64,64:float", "-o", "m.onnx")]
    [InlineData("is not a range", "NafNet", "--shape", "1,3,64,64:float32:5", "-o", "m.onnx")]
    [InlineData("Sized(int width, int[] kernels", "Sized", "-o", "m.onnx")]
    [InlineData("a value of int", "Sized", "--arg", "width=wide", "--arg", "kernels=1", "-o", "m.onnx")]
    [InlineData("None, Mean, Sum", "Sized", "--arg", "width=5", "--arg", "kernels=1", "--arg", "mode=Median", "-o", "m.onnx")]
    [InlineData("such as width=64", "NafNet", "--arg", "width", "-o", "m.onnx")]
    [InlineData("'none.dat' does not exist", "NafNet", "--weights", "none.dat", "-o", "m.onnx")]
    public void Invalid_arguments_are_reported_before_anything_is_created(string message, params string[] args)
    {
        (int code, string error) = Refused(args);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.False(File.Exists("m.onnx"));
    }

    [Fact]
    public void Mismatched_weights_a_throwing_constructor_and_a_wrong_shape_are_failures_with_the_reason()
    {
        using DisposeScope scope = NewDisposeScope();
        using (var other = new UNet())
        {
            other.save(_folder.File("other.dat"));
        }

        File.WriteAllText(_folder.File("text.dat"), "no weights");
        string graph = _folder.File("m.onnx");
        foreach ((string message, string[] args) in new (string, string[])[]
        {
            ("cannot be loaded into NafNet", ["NafNet", "--weights", _folder.File("other.dat"), "-o", graph]),
            ("cannot be loaded into NafNet", ["NafNet", "--weights", _folder.File("text.dat"), "-o", graph]),
            ("InvalidOperationException: no GPU here", ["Throws", "-o", graph]),
            ("forward of NafNet failed", ["NafNet", "--shape", "1,4,32,32", "-o", graph]),
        })
        {
            (int code, string error) = Refused(args);
            Assert.Equal(ExitCode.Failed, code);
            Assert.Contains(message, error, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(graph));
    }

    [Fact]
    public void The_list_names_module_types_with_their_parameters()
    {
        (int code, string text) = Captured(Console.Out, Console.SetOut, () => Run("--list"));
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("NafNet", text, StringComparison.Ordinal);
        Assert.Contains("(Tensor source, Tensor target) -> Tensor", text, StringComparison.Ordinal);
        Assert.Contains("(Tensor image) -> ValueTuple<Tensor, Tensor>", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_an_assembly_is_an_error()
    {
        File.WriteAllText(_folder.File("text.dll"), "no assembly");
        (int code, string error) = Captured(Console.Error, Console.SetError, () =>
            CommandRunner.Run(ExportProgram.Create(), [_folder.File("text.dll"), "--list"], ExportProgram.Name));
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("is not a .NET assembly", error, StringComparison.Ordinal);
        (code, error) = Captured(Console.Error, Console.SetError, () =>
            CommandRunner.Run(ExportProgram.Create(), ["none.dll", "--list"], ExportProgram.Name));
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("none.dll", error, StringComparison.Ordinal);
    }

    private static int Run(params string[] args) => CommandRunner.Run(ExportProgram.Create(), [Assembly, .. args], ExportProgram.Name);

    private static (int Code, string Error) Refused(string[] args) => Captured(Console.Error, Console.SetError, () => Run(args));

    private static (int Code, string Text) Captured(TextWriter before, Action<TextWriter> set, Func<int> run)
    {
        using var text = new StringWriter();
        set(text);
        try
        {
            int code = run();
            return (code, string.Join(' ', text.ToString().Split('\n', StringSplitOptions.TrimEntries)));
        }
        finally
        {
            set(before);
        }
    }

    internal sealed class Sized : nn.Module<Tensor, Tensor>
    {
        private readonly global::TorchSharp.Modules.Linear linear;

        public Sized(int width, int[] kernels, nn.Reduction mode = nn.Reduction.Mean) : base(nameof(Sized))
        {
            Assert.Equal([1, 3], kernels);
            Assert.Equal(nn.Reduction.Sum, mode);
            linear = nn.Linear(4, width);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) => linear.forward(x);
    }

    internal abstract class Unmade(string name) : nn.Module<Tensor, Tensor>(name);

    /// <summary>Numbers where the mask is 1: both have one length.</summary>
    internal sealed class Pair() : nn.Module<Tensor, Tensor, Tensor>(nameof(Pair))
    {
        public override Tensor forward(Tensor ids, Tensor mask) => (ids * mask).sum(1);
    }

    internal sealed class Throws : nn.Module<Tensor, Tensor>
    {
        public Throws() : base(nameof(Throws)) => throw new InvalidOperationException("no GPU here");

        public override Tensor forward(Tensor x) => x;
    }
}
