namespace Inpaint.Onnx.Format;

/// <summary>The names of values that nodes may read at one place of a graph: its own so far, and those of the graphs around it.</summary>
internal sealed class GraphScope(GraphScope? outer)
{
    private readonly HashSet<string> names = [];

    /// <summary>Adds a name; false when this graph has it.</summary>
    public bool Add(string name) => names.Add(name);

    /// <summary>Whether this graph has the name.</summary>
    public bool HasOwn(string name) => names.Contains(name);

    /// <summary>Whether this graph, or one around it, has the name.</summary>
    public bool Has(string name)
    {
        for (GraphScope? scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope.HasOwn(name))
            {
                return true;
            }
        }

        return false;
    }

    private GraphScope? Outer { get; } = outer;
}
