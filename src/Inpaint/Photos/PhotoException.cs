namespace Inpaint;

/// <summary>A picture cannot be used: missing, cut off, too large, or not a picture. The message says which, and names the file.</summary>
public sealed class PhotoException : Exception
{
    /// <summary>An error without words of its own.</summary>
    public PhotoException() : base("The picture cannot be used.")
    {
    }

    /// <summary>An error that says what was found, what was expected and what to do.</summary>
    public PhotoException(string message) : base(message)
    {
    }

    /// <summary>The same, with the error behind it.</summary>
    public PhotoException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}
