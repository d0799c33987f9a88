namespace Inpaint.Benchmarks;

/// <summary>A temporary folder with the graphs and the picture files; deleted at the end.</summary>
internal sealed class BenchmarkFolder : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("inpaint-benchmarks-").FullName;
    private PhotoFiles? _small, _large;

    public PhotoFiles SmallPngs(int count) => _small ??= PhotoFiles.SmallPngs(Path.Combine(_root, "png"), count);

    public PhotoFiles LargeJpegs() => _large ??= PhotoFiles.LargeJpegs(Path.Combine(_root, "jpeg"));

    public InterleavedRun Run(ConvolutionGraph graph, PhotoFiles files)
    {
        string list = Path.Combine(_root, "files.txt");
        File.WriteAllLines(list, files.Paths);
        return new InterleavedRun(graph.Write(Path.Combine(_root, "graphs")), list);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
