namespace Inpaint.Onnx.Format;

/// <summary>The values visible at a point of a graph: its own so far, and those of the enclosing graphs.</summary>
internal sealed class GraphScope(GraphScope? outer)
{
    private readonly HashSet<string> names = [];

    /// <summary>Adds a name; returns false if this graph already has it.</summary>
    public bool Add(string name) => names.Add(name);

    public bool HasOwn(string name) => names.Contains(name);

    /// <summary>Whether this graph or an enclosing one has the name.</summary>
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
