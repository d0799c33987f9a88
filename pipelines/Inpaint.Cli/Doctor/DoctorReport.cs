namespace Inpaint.Cli.Doctor;

/// <summary>The report of <c>doctor</c>, which <c>doctor --json</c> prints.</summary>
internal sealed record DoctorReport
{
    /// <summary>Whether everything works.</summary>
    public required bool Ok { get; init; }

    /// <summary>The program's version.</summary>
    public required string Version { get; init; }

    /// <summary>The .NET that runs it.</summary>
    public required string Runtime { get; init; }

    /// <summary>The .NET SDK; null if none (it is not needed to run).</summary>
    public required string? Sdk { get; init; }

    /// <summary>Operating system and processor.</summary>
    public required string System { get; init; }

    /// <summary>Cores that the program may use.</summary>
    public required int Cores { get; init; }

    /// <summary>Memory that the program may use, in GiB.</summary>
    public required double MemoryGib { get; init; }

    /// <summary>The checks, in order.</summary>
    public required IReadOnlyList<DoctorCheck> Checks { get; init; }

    public required IReadOnlyList<string> GraphFolders { get; init; }

    /// <summary>Photos completed per second in the trial; null if it failed.</summary>
    public required double? PhotosPerSecond { get; init; }
}

/// <summary>One check.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Ok">Whether it passed.</param>
/// <param name="Found">The finding.</param>
/// <param name="Remedy">What to do if it failed; null otherwise.</param>
internal sealed record DoctorCheck(string Name, bool Ok, string Found, string? Remedy = null);
