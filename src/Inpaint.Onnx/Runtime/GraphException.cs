namespace Inpaint.Onnx;

/// <summary>A graph cannot be loaded or run here. The message says what was found, what was expected and what to do.</summary>
public sealed class GraphException : Exception
{
    /// <summary>An error without words of its own.</summary>
    public GraphException() : base("The graph cannot be used.")
    {
    }

    /// <summary>An error that says what was found, what was expected and what to do.</summary>
    public GraphException(string message) : base(message)
    {
    }

    /// <summary>The same, with the error behind it.</summary>
    public GraphException(string message, Exception? innerException) : base(message, innerException)
    {
    }

    /// <summary>Whether the graph was stopped at its deadline, so that another try would only take as long again.</summary>
    public bool PastDeadline { get; init; }
}
