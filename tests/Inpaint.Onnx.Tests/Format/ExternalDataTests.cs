using System.Diagnostics;
using Inpaint.TestSupport;
using Inpaint.Onnx.Proto;

namespace Inpaint.Onnx.Tests.Format;

public sealed class ExternalDataTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public ExternalDataTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Link counts are read on Linux alone.");
        File.WriteAllBytes(folder.File("weights.bin"), new byte[8]);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_regular_file_next_to_the_graph_is_accepted_if_allowed()
    {
        GraphInspectionResult graph = Inspect("weights.bin", ("offset", "4"), ("length", "4"));

        Assert.Equal([new ExternalTensor("the graph: initializer 'w'", "weights.bin", 4, 4)], graph.ExternalData);
        Assert.Equal((1, 4), (graph.Parameters, graph.ParameterBytes));
    }

    [Fact]
    public void External_data_is_rejected_by_default() =>
        Assert.Contains(
            "allow external data", Assert.Throws<OnnxFormatException>(() => GraphInspection.Inspect(Save("weights.bin")))
                .Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("../weights.bin")]
    [InlineData("/etc/passwd")]
    [InlineData("a/weights.bin")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("weights.bin\0")]
    public void A_path_outside_the_folder_is_rejected(string location) =>
        Assert.Contains(
            "expected the name of a file next to the graph", Assert.Throws<OnnxFormatException>(() => Inspect(location))
                .Message, StringComparison.Ordinal);

    [Fact]
    public void A_symbolic_link_is_rejected()
    {
        File.CreateSymbolicLink(folder.File("link.bin"), folder.File("weights.bin"));

        Assert.Contains("not a link", Assert.Throws<OnnxFormatException>(() => Inspect("link.bin")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hard_link_is_rejected()
    {
        Run("ln", folder.File("weights.bin"), folder.File("hard.bin"));

        Assert.Contains("2 hard links", Assert.Throws<OnnxFormatException>(() => Inspect("hard.bin")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipe_is_rejected_without_blocking()
    {
        Run("mkfifo", folder.File("pipe.bin"));

        Assert.Contains(
            "expected a regular file", Assert.Throws<OnnxFormatException>(() => Inspect("pipe.bin")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_and_missing_files_are_rejected()
    {
        Directory.CreateDirectory(folder.File("data"));

        Assert.Contains(
            "expected a regular file", Assert.Throws<OnnxFormatException>(() => Inspect("data")).Message, StringComparison.Ordinal);
        Assert.Contains("No such file", Assert.Throws<OnnxFormatException>(() => Inspect("none.bin")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("9", "1", "but the file has 8 bytes")]
    [InlineData("4", "5", "but the file has 8 bytes")]
    [InlineData("8", "9223372036854775807", "but the file has 8 bytes")]
    [InlineData("-1", "4", "offset '-1'")]
    [InlineData("0", "99999999999999999999", "length '99999999999999999999'")]
    public void Data_beyond_the_file_is_rejected(string offset, string length, string words) =>
        Assert.Contains(
            words, Assert.Throws<OnnxFormatException>(() => Inspect("weights.bin", ("offset", offset), ("length", length)))
                .Message, StringComparison.Ordinal);

    [Fact]
    public void Bytes_without_a_folder_are_rejected() =>
        Assert.Contains(
            "folder is not known",
            Assert.Throws<OnnxFormatException>(() =>
                GraphInspection.Inspect(File.ReadAllBytes(Save("weights.bin")), new InspectionOptions { AllowExternalData = true }))
                    .Message,
            StringComparison.Ordinal);

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private GraphInspectionResult Inspect(string location, params (string Key, string Value)[] more) =>
        GraphInspection.Inspect(Save(location, more), new InspectionOptions { AllowExternalData = true });

    private string Save(string location, params (string Key, string Value)[] more)
    {
        ModelProto model = Hostile.Model();
        TensorProto tensor = Hostile.External("w", location);
        tensor.ExternalData.Add(more.Select(m => new StringStringEntryProto { Key = m.Key, Value = m.Value }));
        model.Graph.Initializer.Add(tensor);
        string path = folder.File("model.onnx");
        new OnnxModel(model).Write(path);
        return path;
    }
}
