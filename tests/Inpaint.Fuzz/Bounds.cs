using System.Runtime.InteropServices;

namespace Inpaint.Fuzz;

/// <summary>Runs a target once within bounds of time and memory; exceeding them throws, which the fuzzer counts as a crash.</summary>
internal static partial class Bounds
{
    /// <summary>Managed bytes that any run may allocate, regardless of its input: 32 MiB.</summary>
    public const long FixedBytes = 32L << 20;

    /// <summary>Bytes by which a run may raise the process's peak resident memory, including native memory: 512 MiB.</summary>
    public const long PeakBytes = 512L << 20;

    /// <summary>CPU time of a run, over all threads.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromSeconds(3);

    public static void Run(FuzzTarget target, byte[] input)
    {
        long allocated = GC.GetTotalAllocatedBytes(), peak = PeakResidentBytes();
        TimeSpan time = Environment.CpuUsage.TotalTime;
        target.Read(input);
        allocated = GC.GetTotalAllocatedBytes() - allocated;
        peak = PeakResidentBytes() - peak;
        time = Environment.CpuUsage.TotalTime - time;

        long allowed = FixedBytes + (target.BytesPerByte * input.Length);
        if (allocated > allowed)
        {
            throw new OutOfBoundsException(
                $"{target.Name} allocated {allocated:N0} bytes for an input of {input.Length:N0} bytes; the bound is {allowed:N0}.");
        }

        if (peak > PeakBytes)
        {
            throw new OutOfBoundsException($"{target.Name} raised the peak resident memory by {peak:N0} bytes for an input of "
                + $"{input.Length:N0} bytes; the bound is {PeakBytes:N0}.");
        }

        if (time > Time)
        {
            throw new OutOfBoundsException($"{target.Name} took {time.TotalSeconds:0.0} s for an input of {input.Length:N0} bytes; "
                + $"the bound is {Time.TotalSeconds} s.");
        }
    }

    // struct rusage on Linux: two timevals of two longs each, then the peak in KiB.
    private static unsafe long PeakResidentBytes()
    {
        if (!OperatingSystem.IsLinux())
        {
            return 0;
        }

        long* usage = stackalloc long[18];
        return GetUsage(0, usage) == 0 ? usage[4] << 10 : 0;
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int GetUsage(int who, long* usage);
}
