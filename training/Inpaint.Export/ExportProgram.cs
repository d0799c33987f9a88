using System.CommandLine;
using Inpaint.Onnx.TorchSharp;
using Inpaint.Onnx.TorchSharp.Tracing;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Export;

/// <summary>The command line: exports a module type of an assembly.</summary>
internal static class ExportProgram
{
    /// <summary>The program's name.</summary>
    public const string Name = "dotnet run --project training/Inpaint.Export --";

    private static readonly Argument<string> Assembly = new Argument<string>("ASSEMBLY") { Description = "The .dll that your project "
        + "builds, with its dependencies in the same folder." }.NotEmpty();

    private static readonly Argument<string?> Type = new("TYPE")
    {
        Description = "The module: UNet, MyNets.UNet, or ResNet.Of18 for a static method that makes one.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string?> Output =
        new Option<string?>("--output", "-o") { Description = "The graph's file.", HelpName = "FILE" }.NotEmpty();
    private static readonly Option<bool> List =
        new("--list") { Description = "Lists the assembly's module types, with the parameters of their constructors and of forward." };
    private static readonly Option<string?> Weights = new Option<string?>("--weights") { Description = "Weights written by "
        + "TorchSharp's module.save. Default: the weights that the constructor initialises.", HelpName = "FILE" }.NotEmpty();

    private static readonly Option<string[]> Shape = new("--shape")
    {
        Description =
            "An input of forward: 1,3,64,64, or with name, type and value range: tokens=1,16:int64:0..49999. Repeat for each input.",
        HelpName = "SHAPE",
        DefaultValueFactory = _ => ["1,3,64,64"],
    };

    private static readonly Option<string[]> Argument = new Option<string[]>("--arg") { Description = "A value for a parameter of the "
        + "constructor, such as width=64. Repeatable.", HelpName = "NAME=VALUE" }.NotEmpty();
    private static readonly Option<string[]> Dynamic = new Option<string[]>("--dynamic") { Description = "Axes of an input whose size may "
        + "differ from run to run, such as image=0,2,3, or with names: tokens=0,1:sequence (axes with the same name have the same size); "
        + "image= for none. Default: axis 0 of every input.", HelpName = "NAME=AXES" }.NotEmpty();
    private static readonly Option<string[]> Keep = new Option<string[]>("--keep-values") { Description = "An input that random "
        + "values make no sense for, such as offsets. Its values are 0, 1, 2, ...", HelpName = "NAME" }.NotEmpty();
    private static readonly Option<string[]> Outputs =
        new Option<string[]>("--output-name") { Description = "A name for an output, in order. Repeatable.", HelpName = "NAME" }.NotEmpty();
    private static readonly Option<int> Opset =
        new("--opset") { Description = "ONNX operator set, 13 to 23.", HelpName = "NUMBER", DefaultValueFactory = _ => 17 };
    private static readonly Option<bool> Float16 = new("--float16") { Description = "Stores and computes weights as 16-bit floats." };
    private static readonly Option<bool> External =
        new("--external-data") { Description = "Stores the weights in a separate file next to the graph; always done above 2 GB." };
    private static readonly Option<float> Tolerance = new("--tolerance") { Description = "The largest accepted difference from the "
        + "module, relative for values above 1.", HelpName = "NUMBER", DefaultValueFactory = _ => 1e-4f };
    private static readonly Option<bool> NoVerify = new("--no-verify") { Description = "Does not compare the graph with the module." };

    public static RootCommand Create()
    {
        var root = new RootCommand("Exports a TorchSharp module of your own assembly as an ONNX graph that is compared with the module in "
            + "ONNX Runtime before it is written.")
        {
            Assembly, Type, Output, List, Weights, Shape, Argument, Dynamic, Keep, Outputs, Opset, Float16, External, Tolerance, NoVerify,
        };
        root.Runs(Run);
        return root;
    }

    private static int Run(CommandCall call)
    {
        var assembly = ModuleAssembly.Load(call.Arguments.GetValue(Assembly)!);
        if (call.Arguments.GetValue(List))
        {
            call.Terminal.Data.Write(ModuleTable.Of(assembly));
            return ExitCode.Done;
        }

        string type = call.Arguments.GetValue(Type)
            ?? throw new UsageException($"Name the module type after the assembly; --list shows them: {assembly.Names()}.");
        string output = call.Arguments.GetValue(Output)
            ?? throw new UsageException("-o FILE is missing: where the graph is written, such as -o model.onnx.");
        InputShape[] shapes = [.. call.Arguments.GetValue(Shape)!.Select(InputShape.Parse)];
        OnnxExportOptions options = Options(call.Arguments, shapes);
        try
        {
            using DisposeScope scope = NewDisposeScope();
            using nn.Module module = assembly.Create(type, call.Arguments.GetValue(Argument) ?? []);
            if (call.Arguments.GetValue(Weights) is { } weights)
            {
                WeightFile.Load(module, weights);
            }

            OnnxExportResult result =
                OnnxExporter.Export(module, output, [.. shapes.Select(s => options.KeepValues.Contains(s.Name) ? s.CountUp() : s.Draw())],
                    options);
            call.Terminal.Say($"{output}: {result}");
            return ExitCode.Done;
        }
        catch (Exception e) when (e is ExportException or PlatformNotSupportedException)
        {
            throw new FailedException(e.Message);
        }
        catch (ArgumentException e)
        {
            // Without our parameter's name.
            throw new UsageException(e.Message.Split(" (Parameter ")[0]);
        }
    }

    private static OnnxExportOptions Options(ParseResult arguments, InputShape[] shapes)
    {
        if (shapes.Any(s => s.Name is not null) && shapes.Any(s => s.Name is null))
        {
            throw new UsageException("Some inputs have a name and others do not; name all of them (--shape image=1,3,64,64), or none.");
        }

        var dynamic = new Dictionary<string, int[]>();
        var named = new Dictionary<string, string[]>();
        foreach (string text in arguments.GetValue(Dynamic) ?? [])
        {
            (string name, string axes) = NamedValue.Split(text, "--dynamic", "image=0,2,3");
            string[][] parts = [.. axes.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(a => a.Split(':'))];
            int[] numbers =
                [.. parts.Select(p => p.Length <= 2 && int.TryParse(p[0], out int axis) && axis is >= 0 and < 64 ? axis
                    : throw new UsageException($"--dynamic {text}: '{string.Join(':', p)}' is not an axis; expected numbers such as "
                        + "image=0,2,3, or tokens=0,1:sequence."))];
            dynamic[name] = numbers;
            var called = new string[numbers.Length == 0 ? 0 : numbers.Max() + 1];
            Array.Fill(called, "");
            for (int i = 0; i < parts.Length; i++)
            {
                called[numbers[i]] = parts[i].Length == 2 ? parts[i][1] : "";
            }

            named[name] = called;
        }

        return new OnnxExportOptions
        {
            InputNames = shapes[0].Name is null ? [] : [.. shapes.Select(s => s.Name!)],
            OutputNames = arguments.GetValue(Outputs) ?? [],
            DynamicAxes = dynamic,
            AxisNames = named,
            KeepValues = arguments.GetValue(Keep) ?? [],
            Opset = arguments.GetValue(Opset),
            Float16 = arguments.GetValue(Float16),
            ExternalData = arguments.GetValue(External) ? true : null,
            Tolerance = arguments.GetValue(Tolerance),
            Verify = !arguments.GetValue(NoVerify),
        };
    }
}
