namespace Inpaint.CommandLine;

/// <summary>What the program's exit codes mean.</summary>
public static class ExitCode
{
    /// <summary>Everything was done.</summary>
    public const int Done = 0;

    /// <summary>It failed; the message stands on stderr.</summary>
    public const int Failed = 1;

    /// <summary>The command line, or a settings file that it names, is not understood.</summary>
    public const int Usage = 2;

    /// <summary>Everything was done that could be; some photos could not be completed.</summary>
    public const int BadRows = 3;

    /// <summary>More photos could not be completed than allowed, as BSD's EX_DATAERR.</summary>
    public const int TooManyBad = 65;

    /// <summary>Stopped by Ctrl-C, or by SIGTERM but for batch jobs; what was done is kept.</summary>
    public const int Interrupted = 130;

    /// <summary>A command of batch jobs that was told to stop, as schedulers expect it of SIGTERM.</summary>
    public const int Terminated = 143;
}
