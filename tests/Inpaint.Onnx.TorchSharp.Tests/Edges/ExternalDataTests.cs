using Inpaint.Onnx.Format;
using Inpaint.Onnx.Proto;
using Inpaint.Onnx.TorchSharp.Tracing;
using Inpaint.TestSupport;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>Weights in a file beside the graph.</summary>
public sealed class ExternalDataTests(ITestOutputHelper output)
{
    [Fact]
    public void A_graph_whose_weights_lie_beside_it_gives_what_the_module_gives()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = NewDisposeScope();
        using nn.Module<Tensor, Tensor> net = ResNet.Of18().Seeded();
        Tensor image = SeededWeights.Input([2, 3, 64, 64], 5);
        string path = folder.File("deep/model.onnx");
        OnnxExportResult result = OnnxExporter.Export(net, path, image, new OnnxExportOptions { ExternalData = true });
        Assert.Equal(["model.onnx", "model.onnx.data"],
            Directory.EnumerateFileSystemEntries(folder.File("deep")).Select(Path.GetFileName).Order());
        (long graph, long weights) = (new FileInfo(path).Length, new FileInfo(path + ".data").Length);
        Assert.Equal(graph + weights, result.Bytes);
        // 11.7 million floats beside some kilobytes of graph; each begins at a page.
        Assert.InRange(weights, 4 * 11_600_000, 4 * 12_000_000);
        Assert.InRange(graph, 1, 100_000);
        TensorProto[] outside =
            [.. ModelProto.Parser.ParseFrom(File.ReadAllBytes(path)).Graph.Initializer.Where(i => i.ExternalData.Count > 0)];
        Assert.Equal(21, outside.Count(i => i.Dims.Count > 1));
        Assert.All(outside, i =>
            Assert.Equal(0,
                long.Parse(i.ExternalData.Single(e => e.Key == "offset").Value, System.Globalization.CultureInfo.InvariantCulture) % 4096));
        using var session = new InferenceSession(path);
        Assert.InRange(NetworkCase.RelativeDifference(session, net, [image]), 0, 1e-5);
        Assert.InRange(result.LargestDifference, 0, 1e-4);

        // Who did not ask for such graphs is told.
        Assert.Contains("model.onnx.data", Assert.Throws<OnnxFormatException>(() => GraphInspection.Inspect(path)).Message,
            StringComparison.Ordinal);
        Assert.Equal(outside.Length, GraphInspection.Inspect(path, new InspectionOptions { AllowExternalData = true }).ExternalData.Count);
    }

    [Fact]
    public void A_second_export_takes_the_place_of_the_first_and_one_that_fails_leaves_both_files()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = NewDisposeScope();
        Tensor image = SeededWeights.Input([1, 3, 64, 64], 5);
        string path = folder.File("model.onnx");
        var options = new OnnxExportOptions { ExternalData = true };
        foreach (ulong seed in (ulong[])[1, 2])
        {
            using nn.Module<Tensor, Tensor> net = new UNet().Seeded(seed);
            OnnxExporter.Export(net, path, image, options);
            using var session = new InferenceSession(path);
            Assert.InRange(NetworkCase.RelativeDifference(session, net, [image]), 0, 1e-5);
        }

        (byte[] graph, byte[] weights) = (File.ReadAllBytes(path), File.ReadAllBytes(path + ".data"));
        using nn.Module<Tensor, Tensor> other = new UNet().Seeded(3);
        Assert.Throws<ExportException>(() => OnnxExporter.Export(other, path, image, options with { Tolerance = 1e-30f }));
        Assert.Equal(graph, File.ReadAllBytes(path));
        Assert.Equal(weights, File.ReadAllBytes(path + ".data"));
        Assert.Equal(2, Directory.EnumerateFileSystemEntries(folder.Path).Count());
    }

    [Fact, Trait("Category", "Long")]
    public void Weights_of_more_than_two_gigabytes_go_beside_the_graph_by_themselves()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = NewDisposeScope();
        const long Side = 11_000;
        nn.Module<Tensor, Tensor>[] layers = [.. Enumerable.Range(0, 5).Select(_ => nn.Linear(Side, Side))];
        using nn.Module<Tensor, Tensor> net = nn.Sequential(layers);
        OnnxExportResult result = OnnxExporter.Export(net, folder.File("large.onnx"), rand(1, Side));
        output.WriteLine(result.ToString());
        Assert.True(new FileInfo(folder.File("large.onnx.data")).Length > 5 * 4 * Side * Side);
        Assert.InRange(result.LargestDifference, 0, 1e-4);
        ExportException inMemory = Assert.Throws<ExportException>(() =>
            OnnxExporter.ToBytes(net, [rand(1, Side)], new OnnxExportOptions { Verify = false }));
        Assert.Contains("ExternalData", inMemory.Message, StringComparison.Ordinal);
    }
}
