namespace Inpaint.Cli.Doctor;

/// <summary>What <c>doctor</c> found; what <c>doctor --json</c> prints.</summary>
internal sealed record DoctorReport
{
    /// <summary>Whether everything works.</summary>
    public required bool Ok { get; init; }

    /// <summary>The program's version.</summary>
    public required string Version { get; init; }

    /// <summary>The .NET that runs it.</summary>
    public required string Runtime { get; init; }

    /// <summary>The .NET SDK; null where there is none, which running needs not.</summary>
    public required string? Sdk { get; init; }

    /// <summary>Operating system and processor.</summary>
    public required string System { get; init; }

    /// <summary>Cores that the program may use.</summary>
    public required int Cores { get; init; }

    /// <summary>Memory that the program may use, in GiB.</summary>
    public required double MemoryGib { get; init; }

    /// <summary>What was tried, in order.</summary>
    public required IReadOnlyList<DoctorCheck> Checks { get; init; }

    /// <summary>Folders that graphs are looked up in.</summary>
    public required IReadOnlyList<string> GraphFolders { get; init; }

    /// <summary>Photos completed a second in the trial; null where it failed.</summary>
    public required double? PhotosPerSecond { get; init; }
}

/// <summary>One thing that was tried.</summary>
/// <param name="Name">What.</param>
/// <param name="Ok">Whether it works.</param>
/// <param name="Found">What was found.</param>
/// <param name="Remedy">What to do where it does not work; null where it does.</param>
internal sealed record DoctorCheck(string Name, bool Ok, string Found, string? Remedy = null);
