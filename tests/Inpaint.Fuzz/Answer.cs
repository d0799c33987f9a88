namespace Inpaint.Fuzz;

/// <summary>What an error must be to count as an answer.</summary>
internal static class Answer
{
    // A log line; what a stranger wrote is to be cut before it is repeated.
    private const int LongestMessage = 20_000;

    /// <summary>Says something, and not all that the file says.</summary>
    public static void Check(Exception error)
    {
        if (error.Message.Length is 0 or > LongestMessage)
        {
            throw new OutOfBoundsException($"The error has a message of {error.Message.Length:N0} characters; the bound is {LongestMessage:N0}.");
        }
    }
}
