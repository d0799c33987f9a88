using Inpaint.Onnx.TorchSharp.Tracing;
using Inpaint.TestSupport;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>A file that cannot be written is an error that names the requested path, and leaves no files behind.</summary>
public sealed class GraphFileTests
{
    [Fact]
    public void A_folder_instead_of_a_file_is_an_error_before_anything_runs()
    {
        using var folder = new TemporaryFolder();
        int runs = 0;
        string path = folder.File("model.onnx");
        Directory.CreateDirectory(path);
        IOException error = Assert.Throws<IOException>(() => Export(path, () => runs++));
        Assert.Contains($"'{path}' is a folder", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, runs);
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_read_only_location_is_an_error_before_anything_runs()
    {
        using var folder = new TemporaryFolder();
        int runs = 0;
        File.WriteAllText(folder.File("note"), "a file, not a folder");
        string path = folder.File("note/model.onnx");
        IOException error = Assert.Throws<IOException>(() => Export(path, () => runs++));
        Assert.StartsWith($"'{path}' cannot be written: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotMatch("[0-9a-f]{32}", error.Message);
        Assert.Equal(0, runs);
    }

    [Fact]
    public void A_failure_at_the_end_leaves_no_files_behind()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("model.onnx");

        // The path is free at first, and a folder is created there before the graph is written.
        IOException error = Assert.Throws<IOException>(() => Export(path, () => Directory.CreateDirectory(path)));
        Assert.StartsWith($"'{path}' cannot be written: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotMatch("[0-9a-f]{32}", error.Message);
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Folders_are_created_only_for_a_successful_export()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a/b/model.onnx");
        Assert.Throws<ExportException>(() => Export(path, () => throw new InvalidOperationException("no")));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
        Export(path, () => { });
        Assert.Equal([path], Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories));
    }

    private static void Export(string path, Action inForward)
    {
        using var net = new Acting(inForward);
        using Tensor example = rand(1, 3);
        OnnxExporter.Export(net, path, example);
    }

    private sealed class Acting(Action act) : nn.Module<Tensor, Tensor>(nameof(Acting))
    {
        public override Tensor forward(Tensor input)
        {
            act();
            return input + 1;
        }
    }
}
