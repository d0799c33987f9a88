using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Xml.Linq;
using Inpaint.ML.Rows;
using Inpaint.Onnx.TorchSharp;
using Inpaint.Repository.Tests.Apps;
using Inpaint.Repository.Tests.Readmes;
using Inpaint.TestSupport;

namespace Inpaint.Repository.Tests.Packages;

/// <summary>The packages and an app outside the repository that uses them.</summary>
[Trait("Category", "Long")]
public sealed class PackTests
{
    private const string Runtime = "Microsoft.ML.OnnxRuntime";

    /// <summary>A unique version, so that no cached package is used instead.</summary>
    private static readonly string Version = $"0.1.0-test.{DateTime.UtcNow.Ticks}";

    [Fact]
    public void An_app_outside_the_repository_runs_with_the_packages()
    {
        using var folder = new TemporaryFolder();
        string packages = folder.File("packages");
        foreach (string name in new[] { "Inpaint", "Inpaint.Onnx", "Inpaint.Jobs", "Inpaint.ML", "Inpaint.Onnx.TorchSharp" })
        {
            Launched packed = Launched.Dotnet(
                Places.Repository, "pack", $"src/{name}", "-c", "Release", "-o", packages, "--artifacts-path", folder.File("artifacts"),
                $"-p:Version={Version}", "-nodeReuse:false");
            Assert.True(packed.ExitCode == 0, packed.All);
        }

        Assert.Equal(10, Directory.GetFiles(packages).Length);
        Check(packages, "Inpaint", ("SkiaSharp", "2.88.9"));
        Check(packages, "Inpaint.Onnx", ("Inpaint", $"[{Version}]"), ("Google.Protobuf", "3.36.2"),
            ("Microsoft.ML.OnnxRuntime.Managed", "1.32.0"));
        Check(
            packages,
            "Inpaint.ML",
            ("Inpaint.Onnx", $"[{Version}]"),
            ("Microsoft.ML", "[5.0.1, 6.0.0)"),
            ("Microsoft.ML.ImageAnalytics", "[5.0.1, 6.0.0)"),
            ("Microsoft.ML.OnnxTransformer", "[5.0.1, 6.0.0)"));
        Check(packages, "Inpaint.Onnx.TorchSharp", ("Inpaint.Onnx", $"[{Version}]"), ("TorchSharp", "[0.107.0, 0.108.0)"));
        using (ZipArchive exporter = ZipFile.OpenRead(Path.Combine(packages, $"Inpaint.Onnx.TorchSharp.{Version}.nupkg")))
        {
            string[] files = [.. exporter.Entries.Select(e => e.FullName)];
            Assert.Contains("OPERATORS.md", files);
            Assert.Equal(
                ["buildTransitive/Inpaint.Onnx.TorchSharp.targets", "buildTransitive/WeakenVersionMark.cs"],
                files.Where(f => f.StartsWith("build", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        }

        Launched app = BuildAndRunApp(folder, packages);
        ExistingAppChecks.Check(app, folder.File("album"));
        if (OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64)
        {
            ExportOutside(folder, packages);
        }
    }

    private static void Check(string packages, string name, params (string Id, string Range)[] dependencies)
    {
        using ZipArchive package = ZipFile.OpenRead(Path.Combine(packages, $"{name}.{Version}.nupkg"));
        string[] files = [.. package.Entries.Select(e => e.FullName)];
        Assert.Contains("README.md", files);
        Assert.Equal(
            [$"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml"], files.Where(f => f.StartsWith("lib/", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal));
        using ZipArchive symbols = ZipFile.OpenRead(Path.Combine(packages, $"{name}.{Version}.snupkg"));
        Assert.Contains($"lib/net10.0/{name}.pdb", symbols.Entries.Select(e => e.FullName));

        using Stream stream = package.GetEntry($"{name}.nuspec")!.Open();
        XElement metadata = XDocument.Load(stream).Root!.Elements().Single();
        XNamespace ns = metadata.Name.Namespace;
        Assert.Equal("MIT", metadata.Element(ns + "license")!.Value);
        Assert.Equal("expression", (string?)metadata.Element(ns + "license")!.Attribute("type"));
        Assert.Equal("README.md", metadata.Element(ns + "readme")!.Value);
        Dictionary<string, string> found = metadata.Descendants(ns + "dependency")
            .ToDictionary(d => (string)d.Attribute("id")!, d => (string)d.Attribute("version")!);
        Assert.All(dependencies, d => Assert.Equal(d.Range, found.GetValueOrDefault(d.Id)));
        Assert.DoesNotContain(found.Keys, id =>
            id is Runtime or Runtime + ".Gpu" or "Grpc.Tools" || id.StartsWith("libtorch", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Builds the app's sources outside the repository.</summary>
    private static Launched BuildAndRunApp(TemporaryFolder folder, string packages)
    {
        string app = Directory.CreateDirectory(folder.File("app")).FullName;
        foreach (string source in Directory.GetFiles(Path.Combine(Places.Repository, "pipelines", "ExistingApp"), "*.cs"))
        {
            File.Copy(source, Path.Combine(app, Path.GetFileName(source)));
        }

        Consumer.Write(
            app, "ExistingApp", packages, "",
            new Dictionary<string, string> { ["Inpaint.ML"] = Version, [Runtime] = Consumer.VersionOf(Runtime) });
        Launched built = Launched.Dotnet(app, "build", "-c", "Release", "-o", folder.File("built"), "-nodeReuse:false");
        Assert.True(built.ExitCode == 0, built.All);
        string program = Path.Combine(folder.File("built"), OperatingSystem.IsWindows() ? "ExistingApp.exe" : "ExistingApp");
        // The one-line pipeline uses the graph in the package; the step-by-step pipeline needs a file, which is found here.
        var graphs = new Dictionary<string, string> { ["INPAINT_GRAPHS"] = Path.Combine(Places.Repository, "onnx") };
        return Launched.Run(program, ["--out", folder.File("album"), "--graph", "pushpull"], folder.Path, graphs);
    }

    /// <summary>
    /// Builds and runs a program that references only the exporter and two native packages: the README's code, then the graph in ONNX
    /// Runtime.
    /// </summary>
    private static void ExportOutside(TemporaryFolder folder, string packages)
    {
        string app = folder.File("export");
        string libtorch = $"libtorch-cpu-{RuntimeInformation.RuntimeIdentifier}";
        Consumer.Write(
            app,
            "Export",
            packages,
            "<CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>",
            new Dictionary<string, string> { ["Inpaint.Onnx.TorchSharp"] = Version, [libtorch] = Consumer.VersionOf(libtorch),
                [Runtime] = Consumer.VersionOf(Runtime) });
        File.WriteAllText(Path.Combine(app, "Program.cs"), $"""
            using Inpaint.Onnx.TorchSharp;
            using Microsoft.ML.OnnxRuntime;
            using TorchSharp;
            using static TorchSharp.torch;

            {Readme.Region("tests/Inpaint.Repository.Tests/Readmes/ExportSnippets.cs#export")}
            float[] pixels = rand(2, 3, 64, 64).data<float>().ToArray();
            using var session = new InferenceSession("model.onnx");
            using OrtValue input = OrtValue.CreateTensorValueFromMemory(pixels, [2, 3, 64, 64]);
            using var found = session.Run(new RunOptions(), ["input"], [input], ["output"]);
            using Tensor expected = net.forward(tensor(pixels, [2, 3, 64, 64]));
            float difference = found[0].GetTensorDataAsSpan<float>().ToArray()
                .Zip(expected.data<float>().ToArray(), (a, b) => Math.Abs(a - b)).Max();
            Console.WriteLine(difference < 1e-5 ? "the same" : $"differs by {"{difference}"}");
            """);
        Launched built = Launched.Dotnet(app, "build", "-c", "Release", "-o", folder.File("exporter"), "-nodeReuse:false");
        Assert.True(built.ExitCode == 0, built.All);
        Launched run = Launched.Run(Path.Combine(folder.File("exporter"), OperatingSystem.IsWindows() ? "Export.exe" : "Export"), [], app);
        Assert.True(run.ExitCode == 0, run.All);
        Assert.Contains("Conv 2", run.Output);
        Assert.Contains("the same", run.Output);
        Assert.True(File.Exists(Path.Combine(app, "model.onnx")));
    }
}
