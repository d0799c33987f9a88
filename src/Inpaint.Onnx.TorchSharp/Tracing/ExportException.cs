namespace Inpaint.Onnx.TorchSharp.Tracing;

/// <summary>A module cannot be exported as it is. The message names the operator and the module, and says what to do.</summary>
public sealed class ExportException : Exception
{
    /// <summary>An error without words of its own.</summary>
    public ExportException() : base("The module cannot be exported.")
    {
    }

    /// <summary>An error that says what was found, what was expected and what to do.</summary>
    public ExportException(string message) : base(message)
    {
    }

    /// <summary>The same, with the error behind it.</summary>
    public ExportException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}
