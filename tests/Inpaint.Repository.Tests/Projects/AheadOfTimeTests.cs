using Inpaint.Onnx.TorchSharp;
using Inpaint.Scenes;
using Inpaint.TestSupport;

namespace Inpaint.Repository.Tests.Projects;

/// <summary>A program that is published ahead of time.</summary>
[Trait("Category", "Long")]
public sealed class AheadOfTimeTests : IDisposable
{
    private const string Code = """
        using Inpaint.Onnx.Inpainting;
        using Inpaint.Onnx.Runtime;
        using Inpaint.Photos;
        using Inpaint.Settings;

        foreach (string graph in args[2..])
        {
            var package = GraphPackage.Load(graph);
            using var inpainter = new Inpainter(package);
            Photo completed = inpainter.Complete(PhotoCodec.Decode(args[0]), captions: ["a red boat"]);
            string name = Path.GetFileName(graph);
            File.WriteAllBytes(Path.Combine(args[1], $"{name}.png"), PhotoCodec.Encode(completed));
            File.WriteAllBytes(Path.Combine(args[1], $"{name}.json"), package.Manifest.ToJson());
        }

        try
        {
            _ = GraphSession.Open([], new ExecutionOptions { DeadlineSeconds = -1 });
        }
        catch (SettingException e)
        {
            Console.WriteLine(e.Message);
        }
        """;

    private readonly ProgramOnLibraries _program = new(
        "Native", Code, ["Inpaint.Onnx"], "<PublishAot>true</PublishAot><TrimmerSingleWarn>false</TrimmerSingleWarn>");

    public void Dispose() => _program.Dispose();

    [Fact]
    public void A_native_program_completes_photos_as_this_process_does_and_is_published_without_warnings()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The test links a program of Linux.");
        string? linker = new[] { "clang", "gcc" }.FirstOrDefault(c => Launched.Run("sh", ["-c", $"command -v {c}"], "/").ExitCode == 0);
        Assert.SkipWhen(linker is null, "There is no C compiler to link with.");
        Launched published = _program.Dotnet(
            "publish", "--use-current-runtime", $"-p:CppCompilerAndLinker={linker}");
        Assert.SkipWhen(published.All.Contains("NU1301", StringComparison.Ordinal), "No package source can be reached.");
        Assert.True(published.ExitCode == 0, published.All);
        Assert.DoesNotContain("warning", published.All, StringComparison.OrdinalIgnoreCase);

        string[] graphs = ["fill", "membrane", "unet"];
        string scene = Path.Combine(_program.Folder, "scene.png");
        File.WriteAllBytes(scene, PhotoCodec.Encode(SceneGenerator.Draw(4, 96).Photo));
        string native = Directory.GetFiles(_program.Built("publish"), "Native", SearchOption.AllDirectories).Single();
        Launched run = Launched.Run(native, [scene, _program.Folder, .. graphs.Select(_program.Graph)], _program.Folder);
        Assert.True(run.ExitCode == 0, run.All);
        Assert.Contains("DeadlineSeconds is '-1'; expected a number from 0.001 to 86400", run.Output, StringComparison.Ordinal);
        foreach (string graph in graphs)
        {
            var package = GraphPackage.Load(_program.Graph(graph));
            using var inpainter = new Inpainter(package);
            Photo expected = inpainter.Complete(PhotoCodec.Decode(scene), captions: ["a red boat"]);
            Assert.Equal(expected.Pixels, PhotoCodec.Decode(Path.Combine(_program.Folder, $"{graph}.png")).Pixels);

            // It writes keys with default values too.
            byte[] manifest = File.ReadAllBytes(Path.Combine(_program.Folder, $"{graph}.json"));
            Assert.Equal(package.Manifest.ToJson(), GraphManifest.Parse(manifest, graph).ToJson());
        }
    }
}
