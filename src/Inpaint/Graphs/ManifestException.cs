namespace Inpaint;

/// <summary>A manifest, or a graph beside it, is not as it must be. The message names the key, what was found, what was expected and what to do.</summary>
public sealed class ManifestException : Exception
{
    /// <summary>An error without words of its own.</summary>
    public ManifestException() : base("The manifest is not valid.")
    {
    }

    /// <summary>An error that names the key.</summary>
    public ManifestException(string message) : base(message)
    {
    }

    /// <summary>The same, with the error behind it.</summary>
    public ManifestException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}
