using System.ComponentModel;
using System.Diagnostics;

namespace Inpaint.Benchmarks;

/// <summary>A program outside this project that completes photos.</summary>
/// <param name="Name">Its name among the contenders.</param>
/// <param name="Title">Its name in tables.</param>
/// <param name="Probe">A command that succeeds where the program is installed.</param>
/// <param name="Install">How to install it.</param>
/// <param name="Commands">The commands for photos, masks and completed photos: arrays of the same length.</param>
internal sealed record FillProgram(
    string Name, string Title, string[] Probe, string Install, Func<string[], string[], string[], IEnumerable<string[]>> Commands)
{
    private const string OpenCvScript = """
        import sys, cv2
        method, files = int(sys.argv[1]), sys.argv[2:]
        n = len(files) // 3
        for photo, mask, completed in zip(files[:n], files[n:2 * n], files[2 * n:]):
            hidden = cv2.threshold(cv2.imread(mask, cv2.IMREAD_GRAYSCALE), 127, 255, cv2.THRESH_BINARY)[1]
            cv2.imwrite(completed, cv2.inpaint(cv2.imread(photo), hidden, 3, method))
        """;

    // Another Python without the system's packages may precede the system's in PATH.
    private const string Python = "/usr/bin/python3";

    /// <summary>All programs, by name.</summary>
    public static IReadOnlyDictionary<string, FillProgram> All { get; } = new FillProgram[]
    {
        OpenCv("opencv-ns", "OpenCV, Navier-Stokes", 0),
        OpenCv("opencv-telea", "OpenCV, Telea", 1),
        Gmic("gmic-inpaint", "G'MIC, inpaint 9,10", "inpaint[0]", "[1],9,10"),
        Gmic("gmic-matchpatch", "G'MIC, inpaint_matchpatch", "inpaint_matchpatch[0]", "[1]"),
    }.ToDictionary(p => p.Name);

    /// <summary>Why the program cannot run here; null where it can.</summary>
    public string? Missing()
    {
        try
        {
            return Start(Probe) is { ExitCode: 0 } ? null : $"{string.Join(' ', Probe)} failed: {Install}";
        }
        catch (Win32Exception)
        {
            return $"{Probe[0]} is not installed: {Install}";
        }
    }

    /// <summary>Runs a command to its end.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <returns>Its exit code, and its peak memory, read every 10 ms.</returns>
    public static (int ExitCode, long PeakBytes) Start(string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        long peak = 0;
        do
        {
            peak = Math.Max(peak, PeakOf(process));
        }
        while (!process.WaitForExit(10));

        return (process.ExitCode, peak);
    }

    private static long PeakOf(Process process)
    {
        try
        {
            process.Refresh();
            return process.PeakWorkingSet64;
        }
        catch (InvalidOperationException)
        {
            return 0; // it has ended
        }
    }

    private static FillProgram OpenCv(string name, string title, int method) => new(
        name, title, [Python, "-c", "import cv2"], "apt-get install python3-opencv", (photos, masks, completed) =>
            [[Python, "-c", OpenCvScript, method.ToString(CultureInfo.InvariantCulture), .. photos, .. masks, .. completed]]);

    private static FillProgram Gmic(string name, string title, params string[] fill) => new(
        name, title, ["gmic", "version"], "apt-get install gmic", (photos, masks, completed) => photos.Select((photo, i) => (string[])
            ["gmic", photo, masks[i], "channels[0]", "0,2", "channels[1]", "0", .. fill, "keep[0]", "round", "output", completed[i]]));
}

/// <summary>A <see cref="FillProgram"/> as a contender.</summary>
internal sealed class ProgramFill(FillProgram program) : IContender
{
    /// <summary>The peak memory of the programs so far.</summary>
    public long PeakBytes { get; private set; }

    public int Run(IEnumerable<string> paths)
    {
        string[] photos = [.. paths];
        foreach (string[] command in program.Commands(
            photos, [.. photos.Select(FillFiles.Mask)], [.. photos.Select(p => FillFiles.Completed(p, program.Name))]))
        {
            (int exitCode, long peak) = FillProgram.Start(command);
            PeakBytes = exitCode == 0 ? Math.Max(PeakBytes, peak)
                : throw new InvalidOperationException($"{program.Title} ended with {exitCode}: {string.Join(' ', command.Take(6))} ...");
        }

        return photos.Length;
    }

    public void Dispose()
    {
    }

    /// <summary>The processor time of all ended child processes of this process, from /proc/self/stat, in units of 10 ms.</summary>
    public static TimeSpan ChildrenTime()
    {
        const string stat = "/proc/self/stat";
        if (!File.Exists(stat))
        {
            return TimeSpan.Zero;
        }

        // After the name in parentheses: state is field 3, cutime 16, cstime 17; 100 ticks are a second on Linux.
        string text = File.ReadAllText(stat);
        string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromMilliseconds(10 * (long.Parse(fields[13], CultureInfo.InvariantCulture)
            + long.Parse(fields[14], CultureInfo.InvariantCulture)));
    }
}
