namespace Inpaint.Fuzz;

/// <summary>Checks that an error is an acceptable result.</summary>
internal static class Answer
{
    private const int MaxMessageLength = 20_000; // untrusted input must be shortened before it is quoted

    /// <summary>Requires a message that is neither empty nor too long.</summary>
    public static void Check(Exception error)
    {
        if (error.Message.Length is 0 or > MaxMessageLength)
        {
            throw new OutOfBoundsException(
                $"The error message has {error.Message.Length:N0} characters; expected 1 to {MaxMessageLength:N0}.");
        }
    }
}
