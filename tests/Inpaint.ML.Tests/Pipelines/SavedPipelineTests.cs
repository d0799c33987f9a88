using System.Diagnostics;
using System.IO.Compression;
using Inpaint.ML.Tests.Support;
using Inpaint.TestSupport;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Tests.Pipelines;

/// <summary>Saved pipelines in a separate process that uses no type of this package.</summary>
public sealed class SavedPipelineTests(Samples samples) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new();

    [Fact]
    public void InpaintPhotos_and_the_chain_give_the_same_pixels_in_a_fresh_process()
    {
        IDataView data = _ml.Data.TakeRows(samples.View(_ml), 3);
        ITransformer model =
            _ml.Transforms.InpaintPhotos(
                "Completed", "Path", "Caption", graph: samples.CaptionGraph,
                    options: new InpaintingOptions { Fill = new() { Feather = 3 } })
            .Append(_ml.Transforms.LoadPhotos("Photo", "Path"))
            .Append(_ml.Transforms.MaskPhotos("Picture", "Hidden", "Window", "Photo"))
            .Append(_ml.Transforms.FeaturizeCaptions("Words", "Caption", new VocabularyOptions { MinimumCount = 1 }))
            .Append(_ml.Transforms.ScoreOnnx("Fill", "Picture", "membrane"))
            .Append(_ml.Transforms.PasteFills("Steps", "Photo", "Fill", "Window")).Fit(data);
        Save(model, data);
        string[] red = [.. samples.Rows.Take(3).Select(r => r.Path)];
        IDataView captioned = _ml.Data.LoadFromEnumerable(
            red.Select(path => new SampleRow { Path = path, Caption = "a red car", Vector = new float[6] }));
        Assert.Equal((0, Hashes(model, captioned, "Completed"), ""), Run("Completed"));
        Assert.Equal((0, Hashes(model, captioned, "Steps"), ""), Run("Steps"));
    }

    [Fact]
    public void A_file_from_which_the_embedded_graph_was_removed_is_an_error()
    {
        IDataView data = samples.View(_ml);
        _ = Save(_ml.Transforms.InpaintPhotos("Completed", "Path").Fit(data), data);
        using (ZipArchive file = ZipFile.Open(_folder.File("model.zip"), ZipArchiveMode.Update))
        {
            ZipArchiveEntry[] graph = [.. file.Entries.Where(e => e.Name is "Graph.onnx" or "Graph.json")];
            Assert.Equal(2, graph.Length);
            Assert.All(graph, e => e.Delete());
        }

        Exception error = Assert.ThrowsAny<Exception>(() => _ml.Model.Load(_folder.File("model.zip"), out _));
        Assert.Contains("neither contains nor names a graph", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_embedded_graph_does_not_need_its_folder()
    {
        string graph = TinyGraphs.Copy("pushpull", _folder.File("mine"));
        ITransformer model = Save(graph, GraphStorage.Embed);
        Directory.Delete(graph, recursive: true);
        Assert.Equal((0, Hashes(model, samples.View(_ml), "Completed"), ""), Run("Completed"));
    }

    [Fact]
    public void Replacing_the_files_of_a_referenced_graph_replaces_the_graph()
    {
        string graph = TinyGraphs.Copy("membrane", _folder.File("mine"));
        ITransformer model = Save(graph, GraphStorage.Reference);
        Assert.InRange(new FileInfo(_folder.File("model.zip")).Length, 1, 50_000);
        Assert.Equal((0, Hashes(model, samples.View(_ml), "Completed"), ""), Run("Completed"));
        _ = TinyGraphs.Copy("pushpull", graph);
        Assert.Equal((0, Hashes(model.WithGraph("pushpull"), samples.View(_ml), "Completed"), ""), Run("Completed"));
    }

    [Fact]
    public void A_referenced_name_is_looked_up_under_INPAINT_GRAPHS()
    {
        ITransformer model = Save("membrane", GraphStorage.Reference);
        _ = TinyGraphs.Copy("pushpull", _folder.File("graphs/membrane"));
        Assert.Equal(
            (0, Hashes(model.WithGraph("pushpull"), samples.View(_ml), "Completed"), ""), Run("Completed", _folder.File("graphs")));
    }

    [Fact]
    public void A_graph_that_does_not_match_its_manifest_is_rejected()
    {
        string graph = TinyGraphs.Copy("membrane", _folder.File("mine"));
        _ = Save(graph, GraphStorage.Reference);
        File.Copy(Path.Combine(Places.Repository, "onnx", "pushpull", "model.onnx"), Path.Combine(graph, "model.onnx"), overwrite: true);
        (int code, string output, string error) = Run("Completed");
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("graph.sha256 is ", error, StringComparison.Ordinal);
        Assert.Contains("but the graph's is ", error, StringComparison.Ordinal);
        Assert.Contains("write model.onnx first", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_referenced_graph_is_named()
    {
        string graph = TinyGraphs.Copy("membrane", _folder.File("mine"));
        _ = Save(graph, GraphStorage.Reference);
        Directory.Delete(graph, recursive: true);
        (int code, _, string error) = Run("Completed");
        Assert.Equal(1, code);
        Assert.Contains($"Graph '{graph}' is not found", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_relative_graph_that_is_not_found_names_every_place_tried()
    {
        string graphs = Directory.CreateDirectory(_folder.File("other")).FullName;
        foreach (string path in new[] { "sub/graph", "sub/vector.onnx" })
        {
            string before = Environment.CurrentDirectory;
            Environment.CurrentDirectory = samples.Folder;
            try
            {
                if (path == "sub/graph")
                {
                    _ = TinyGraphs.Copy("membrane", "sub/graph");
                    _ = Save("sub/graph", GraphStorage.Reference);
                }
                else
                {
                    File.Copy(samples.VectorGraph, path);
                    IDataView data = samples.View(_ml);
                    _ = Save(_ml.Transforms.ScoreOnnx("Y", "Vector", path, new() { Storage = GraphStorage.Reference }).Fit(data), data);
                }
            }
            finally
            {
                Environment.CurrentDirectory = before;
            }

            (int code, _, string error) = Run("Completed", graphs);
            Assert.Equal(1, code);
            Assert.Contains(Path.Combine(_folder.Path, path), error, StringComparison.Ordinal);
            Assert.Contains(Path.Combine(graphs, path), error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Without_the_native_ONNX_Runtime_one_error_says_which_package_to_add()
    {
        string program = _folder.File("program");
        foreach (string file in Directory.GetFiles(Program, "*", SearchOption.AllDirectories)
            .Where(f => !Path.GetFileName(f).Contains("onnxruntime.", StringComparison.Ordinal) || f.EndsWith(".xml",
                StringComparison.Ordinal)))
        {
            string copy = Path.Combine(program, Path.GetRelativePath(Program, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        _ = Save("membrane", GraphStorage.Embed);
        (int code, _, string error) = Run("Completed", program: program);
        Assert.Equal(1, code);
        Assert.StartsWith("The native library of ONNX Runtime is not there", error, StringComparison.Ordinal);
        Assert.Contains("Microsoft.ML.OnnxRuntime.Gpu", error, StringComparison.Ordinal);
        Assert.Contains("dotnet add package Microsoft.ML.OnnxRuntime", error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static string Program => AppContext.BaseDirectory.Replace("Inpaint.ML.Tests", "Inpaint.ML.FreshProcess",
        StringComparison.Ordinal);

    private ITransformer Save(string graph, GraphStorage storage)
    {
        IDataView data = samples.View(_ml);
        return Save(_ml.Transforms.InpaintPhotos("Completed", "Path", graph: graph, options: new InpaintingOptions { Storage = storage })
            .Fit(data), data);
    }

    private ITransformer Save(ITransformer model, IDataView data)
    {
        _ml.Model.Save(model, data.Schema, _folder.File("model.zip"));
        return model;
    }

    private static string Hashes(ITransformer model, IDataView data, string column) =>
        string.Concat(model.Transform(data).GetColumn<MLImage>(column).Take(3)
        .Select(i => $"{i.Width}x{i.Height} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(i.Pixels))}\n"));

    private (int Code, string Output, string Error) Run(string column, string? graphs = null, string? program = null)
    {
        string[] photos = [.. samples.Rows.Take(3).Select(r => r.Path)];
        var start = new ProcessStartInfo(
            "dotnet", [Path.Combine(program ?? Program, "Inpaint.ML.FreshProcess.dll"), _folder.File("model.zip"), column, .. photos])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["INPAINT_GRAPHS"] = graphs;
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output.ReplaceLineEndings("\n"), error.GetAwaiter().GetResult());
    }
}
