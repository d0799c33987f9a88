namespace Inpaint.CommandLine;

/// <summary>The command failed for the reason in the message: exit code 1.</summary>
public sealed class FailedException(string message, Exception? innerException = null) : InpaintException(message, innerException);
