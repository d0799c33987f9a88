using Inpaint.CommandLine;

namespace Inpaint.Cli.Graphs;

/// <summary>Finds the folder of a graph that the command line names.</summary>
internal static class GraphFolder
{
    /// <summary>The folder that holds the graph's manifest.</summary>
    /// <exception cref="UsageException">There is no such graph; the message lists the known names.</exception>
    public static string Find(string nameOrPath)
    {
        if (string.IsNullOrWhiteSpace(nameOrPath))
        {
            throw new UsageException("The name of the graph is empty; expected a name that 'inpaint graph list' shows, or a path.");
        }

        try
        {
            return GraphLocator.Find(nameOrPath);
        }
        catch (GraphException e)
        {
            throw new UsageException(e.Message, e);
        }
    }
}
