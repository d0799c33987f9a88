using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Inpaint.CommandLine;

/// <summary>Turns the first Ctrl-C or SIGTERM into a cancelled token; the second one terminates the program.</summary>
public sealed partial class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _signals;

    public Interruption() => _signals =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop),
    ];

    public CancellationToken Token => _source.Token;

    /// <summary>Whether it was SIGTERM.</summary>
    public bool IsTerm { get; private set; }

    /// <summary>Exits at once, without unloading native libraries under running threads.</summary>
    public static void EndProcess(int exitCode)
    {
        if (!OperatingSystem.IsWindows())
        {
            Exit(exitCode);
        }

        Environment.Exit(exitCode);
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration signal in _signals)
        {
            signal.Dispose();
        }

        _source.Dispose();
    }

    private void Stop(PosixSignalContext signal)
    {
        if (!_source.IsCancellationRequested)
        {
            signal.Cancel = true;
            IsTerm = signal.Signal == PosixSignal.SIGTERM;
            _source.Cancel();
        }
    }

    [UnsupportedOSPlatform("windows")]
    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int exitCode);
}
