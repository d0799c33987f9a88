namespace Inpaint;

/// <summary>A dataset cannot be opened or read. The message says what was found, what was expected and what to do; bad single photos are <see cref="PhotoException"/>s.</summary>
public sealed class DatasetException : Exception
{
    /// <summary>An error without words of its own.</summary>
    public DatasetException() : base("The dataset cannot be read.")
    {
    }

    /// <summary>An error that names the file and, where there is one, the line.</summary>
    public DatasetException(string message) : base(message)
    {
    }

    /// <summary>The same, with the error behind it.</summary>
    public DatasetException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}
