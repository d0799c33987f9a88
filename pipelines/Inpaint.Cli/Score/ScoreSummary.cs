namespace Inpaint.Cli.Score;

/// <summary>The summary of a run, which <c>score --json</c> prints.</summary>
internal sealed record ScoreSummary
{
    /// <summary>Photos that the run reached.</summary>
    public required long Photos { get; init; }

    /// <summary>Photos completed in this run.</summary>
    public required long Completed { get; init; }

    /// <summary>Photos that an earlier run had completed.</summary>
    public required long Kept { get; init; }

    /// <summary>Photos that could not be completed.</summary>
    public required long Bad { get; init; }

    /// <summary>The first of them, with their errors.</summary>
    public required IReadOnlyList<BadPhoto> BadPhotos { get; init; }

    /// <summary>Whether the run reached all its photos.</summary>
    public required bool Finished { get; init; }

    public required double Seconds { get; init; }

    /// <summary>Photos completed per second; null if there were none.</summary>
    public required double? PhotosPerSecond { get; init; }

    /// <summary>The graph's name.</summary>
    public required string Graph { get; init; }

    public required string GraphSha256 { get; init; }

    /// <summary>The folder of pictures.</summary>
    public required string Out { get; init; }

    /// <summary>The file of rows.</summary>
    public required string Results { get; init; }

    /// <summary>The sheet; null if none was written.</summary>
    public required string? Sheet { get; init; }
}

/// <summary>A photo that could not be completed.</summary>
internal sealed record BadPhoto(string Input, InpaintingStatus Status, string Error);
