namespace Inpaint.Cli;

/// <summary>The command cannot be carried out, for a reason that its message tells a person: exit code 1.</summary>
internal sealed class FailedException(string message, Exception? innerException = null) : Exception(message, innerException);
