namespace Inpaint.CommandLine;

/// <summary>The command line, or a settings file that it names, is invalid: exit code 2.</summary>
public sealed class UsageException(string message, Exception? innerException = null) : InpaintException(message, innerException);
