namespace Inpaint.ClassicGraphs;

/// <summary>The graphs that the repository ships and this program makes.</summary>
public static class ClassicGraphCatalog
{
    /// <summary>Each of them, made anew.</summary>
    public static IEnumerable<ClassicGraph> Shipped()
    {
        yield return MembraneGraph.Build();
        yield return PushPullGraph.Build();
    }
}
