namespace Inpaint.ML;

/// <summary>The graph in this package, the default of every verb.</summary>
public static class DefaultGraph
{
    /// <summary>Loads the graph and its manifest.</summary>
    public static GraphPackage Load() => GraphHandle.Load(null, GraphStorage.Embed).Package!;
}
