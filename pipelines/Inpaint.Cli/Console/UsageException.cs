namespace Inpaint.Cli;

/// <summary>The command line, or a settings file that it names, is not understood: exit code 2.</summary>
internal sealed class UsageException(string message, Exception? innerException = null) : Exception(message, innerException);
