using System.Runtime.InteropServices;

namespace Inpaint.Training;

/// <summary>
/// Settings of the C library that make libtorch's training on a CPU 1.5 to 3 times as fast. They must be made before libtorch is loaded:
/// OpenMP reads its environment once, and .NET's own copy of the environment is not the one it reads.
/// </summary>
internal static partial class NativeSettings
{
    private const int TrimThreshold = -1, MmapThreshold = -3;

    /// <summary>Applies what this system has.</summary>
    /// <returns>A line for each setting that could not be made; empty when all were.</returns>
    public static IReadOnlyList<string> Apply()
    {
        if (!OperatingSystem.IsLinux())
        {
            return ["OpenMP's waiting and the allocator's thresholds are left as they are: they are set on Linux only."];
        }

        var problems = new List<string>();
        try
        {
            // Threads that wait spin otherwise, and take the core from the one that works.
            if (SetEnvironment("OMP_WAIT_POLICY", "passive", overwrite: 0) != 0)
            {
                problems.Add("OMP_WAIT_POLICY could not be set: training may be slow while other programs run.");
            }
        }
        catch (EntryPointNotFoundException)
        {
            problems.Add("libc has no setenv: OMP_WAIT_POLICY is left as it is.");
        }

        try
        {
            // Large blocks stay with the process: a step takes and gives back the same ones.
            if (MallocOption(MmapThreshold, 1 << 30) == 0 | MallocOption(TrimThreshold, int.MaxValue) == 0)
            {
                problems.Add("The allocator refused its thresholds: each step asks the system for its memory anew.");
            }
        }
        catch (EntryPointNotFoundException)
        {
            problems.Add("libc has no mallopt: the allocator's thresholds are left as they are.");
        }

        return problems;
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int MallocOption(int option, int value);
}
