using Inpaint.Onnx.TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Benchmarks;

/// <summary>A temporary folder with the graphs and the picture files; deleted at the end.</summary>
internal sealed class BenchmarkFolder : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("inpaint-benchmarks-").FullName;
    private PhotoFiles? _small, _large;

    public PhotoFiles SmallPngs(int count) => _small ??= PhotoFiles.SmallPngs(Path.Combine(_root, "png"), count);

    public PhotoFiles LargeJpegs() => _large ??= PhotoFiles.LargeJpegs(Path.Combine(_root, "jpeg"));

    /// <summary>A path in the folder.</summary>
    public string PathOf(string name) => Path.Combine(_root, name);

    /// <summary>The included graph for any mask, and photos with masks.</summary>
    /// <param name="name">The name of their folder.</param>
    /// <param name="sizes">See <see cref="MaskedPhotos.Draw"/>.</param>
    public InterleavedRun RunMasked(string name, params IReadOnlyList<(int Width, int Height, int Hole)> sizes)
    {
        string photos = Path.Combine(_root, name), list = photos + ".txt";
        File.WriteAllLines(list, MaskedPhotos.Draw(photos, sizes).Paths);
        return new InterleavedRun(GraphLocator.Find("pushpull"), list);
    }

    public InterleavedRun Run(ConvolutionGraph graph, PhotoFiles files) => Run(graph.Write(Path.Combine(_root, "graphs")), files.Paths);

    /// <summary>A graph, or what the contender makes of the name, over files.</summary>
    public InterleavedRun Run(string graphFolder, IEnumerable<string> paths)
    {
        string list = Path.Combine(_root, "files.txt");
        File.WriteAllLines(list, paths);
        return new InterleavedRun(graphFolder, list);
    }

    /// <summary>The steps of a batch job over 32x32 scenes, with an included graph of free size.</summary>
    public InterleavedRun RunJob(int rows)
    {
        string folder = Path.Combine(_root, string.Create(CultureInfo.InvariantCulture, $"job-{rows}")), list = folder + ".txt";
        File.WriteAllLines(list, [string.Create(CultureInfo.InvariantCulture, $"scenes:{rows}:32"), folder]);
        return new InterleavedRun("pushpull", list);
    }

    /// <summary>The network's graph, in a folder named after it; its contenders generate their own pictures.</summary>
    public InterleavedRun Run(BenchmarkNetwork network)
    {
        string folder = Path.Combine(_root, "networks", network.Name), graph = Path.Combine(folder, "model.onnx");
        string list = Path.Combine(_root, "random.txt");
        File.WriteAllText(list, "random numbers");
        if (!File.Exists(graph))
        {
            using nn.Module<Tensor, Tensor> module = network.Create();
            using Tensor picture = network.Pictures(1);
            OnnxExporter.Export(module, graph, picture);
        }

        return new InterleavedRun(folder, list);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
