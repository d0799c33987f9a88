namespace Inpaint.CommandLine;

/// <summary>The program's exit codes.</summary>
public static class ExitCode
{
    /// <summary>Success.</summary>
    public const int Done = 0;

    /// <summary>Failure; the message is on stderr.</summary>
    public const int Failed = 1;

    /// <summary>The command line, or a settings file that it names, is invalid.</summary>
    public const int Usage = 2;

    /// <summary>Finished, but some photos could not be completed.</summary>
    public const int BadRows = 3;

    /// <summary>More photos failed than allowed (BSD's EX_DATAERR).</summary>
    public const int TooManyBad = 65;

    /// <summary>Interrupted by Ctrl-C, or by SIGTERM outside batch jobs; finished photos are kept.</summary>
    public const int Interrupted = 130;

    /// <summary>A batch command was stopped by SIGTERM, as schedulers expect.</summary>
    public const int Terminated = 143;
}
