using Inpaint.TestSupport;

namespace Inpaint.Repository.Tests.Apps;

/// <summary>The example of an ML.NET app that uses Inpaint.</summary>
public sealed class ExistingAppTests
{
    [Fact]
    public void A_saved_pipeline_is_loaded_by_another_process_with_another_graph()
    {
        using var folder = new TemporaryFolder();
        string program = Programs.PathOf("ExistingApp");
        Launched first = Launched.Run(program, ["--out", folder.File("album")], folder.Path);
        ExistingAppChecks.Check(first, folder.File("album"));

        string list = folder.File("album/photos/album.csv"), model = folder.File("album/album.zip");
        Directory.Move(folder.File("album/completed"), folder.File("membrane"));
        Launched second = Launched.Run(program, [list, "--load", model, "--graph", "onnx/pushpull"], folder.Path);
        Assert.True(second.ExitCode == 0, second.All);
        Assert.Contains("with the graph onnx/pushpull", second.Output);
        ExistingAppChecks.CheckPictures(folder.File("album"), folder.File("album/completed"));
        Assert.NotEqual(
            File.ReadAllBytes(folder.File("membrane/scene-00000000.png")),
            File.ReadAllBytes(folder.File("album/completed/scene-00000000.png")));
    }

    [Fact]
    public void Loading_a_pipeline_uses_none_of_our_types_but_WithGraph()
    {
        string code = File.ReadAllText(Path.Combine(Places.Repository, "pipelines", "ExistingApp", "SavedAlbum.cs"));
        Assert.Contains("Model.Load", code);

        // But for the namespace of WithGraph.
        Assert.DoesNotContain("Inpaint", code.Replace("using Inpaint.ML;", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--grpah", "Unknown option '--grpah'; expected --load, --out or --graph.")]
    [InlineData("--out", "--out requires a value.")]
    public void An_invalid_command_line_is_rejected(string argument, string message)
    {
        using var folder = new TemporaryFolder();
        Launched rejected = Launched.Run(Programs.PathOf("ExistingApp"), [argument], folder.Path);
        Assert.Equal(2, rejected.ExitCode);
        Assert.Contains(message, rejected.Errors);
    }
}
