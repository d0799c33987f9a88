namespace Inpaint.CommandLine;

/// <summary>The command cannot be carried out, for a reason that its message tells a person: exit code 1.</summary>
public sealed class FailedException(string message, Exception? innerException = null) : InpaintException(message, innerException);
