namespace Inpaint.ClassicGraphs;

/// <summary>The graphs of the repository that are built by this program.</summary>
public static class ClassicGraphCatalog
{
    /// <summary>Builds each of them.</summary>
    public static IEnumerable<ClassicGraph> Shipped()
    {
        yield return MembraneGraph.Build();
        yield return PushPullGraph.Build();
    }
}
