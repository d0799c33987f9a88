namespace Inpaint.ClassicGraphs;

/// <summary>The graphs of the repository that are built by this program.</summary>
public static class ClassicGraphCatalog
{
    /// <summary>Builds each of them.</summary>
    /// <param name="folder">The folder of graphs, with the trained network that <c>fill</c> contains; without it there is no fill.</param>
    public static IEnumerable<ClassicGraph> Shipped(string folder)
    {
        yield return MembraneGraph.Build();
        yield return PushPullGraph.Build();
        yield return PatchesGraph.Build();
        string network = Path.Combine(folder, FillGraph.Network);
        if (Directory.Exists(network))
        {
            yield return FillGraph.Build(GraphPackage.LoadFolder(network, network));
        }
    }
}
