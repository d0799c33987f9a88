using Inpaint.Onnx.Proto;
using Inpaint.Onnx.TorchSharp.Tracing;
using Inpaint.TestSupport;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>Weights in an external file.</summary>
public sealed class ExternalDataTests(ITestOutputHelper output)
{
    [Fact]
    public void A_graph_with_external_weights_matches_the_module()
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
        // 11.7 million floats, page-aligned, and a few kilobytes of graph.
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

        // Inspection rejects external data by default.
        Assert.Contains("model.onnx.data", Assert.Throws<OnnxFormatException>(() => GraphInspection.Inspect(path)).Message,
            StringComparison.Ordinal);
        Assert.Equal(outside.Length, GraphInspection.Inspect(path, new InspectionOptions { AllowExternalData = true }).ExternalData.Count);
    }

    [Fact]
    public void A_second_export_replaces_the_first_and_a_failed_one_keeps_both_files()
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
    public void Weights_of_more_than_two_gigabytes_are_external_by_default()
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
