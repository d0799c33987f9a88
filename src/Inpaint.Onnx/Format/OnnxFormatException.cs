namespace Inpaint.Onnx;

/// <summary>A file is not a usable ONNX model. The message says what was found, what was expected and what to do, and names node and value where there are any.</summary>
public sealed class OnnxFormatException : Exception
{
    /// <summary>An error without words of its own.</summary>
    public OnnxFormatException() : base("The file is not a usable ONNX model.")
    {
    }

    /// <summary>An error that says what is wrong.</summary>
    public OnnxFormatException(string message) : base(message)
    {
    }

    /// <summary>The same, with the error behind it.</summary>
    public OnnxFormatException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}
