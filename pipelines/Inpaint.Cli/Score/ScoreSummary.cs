namespace Inpaint.Cli.Score;

/// <summary>What a run did; what <c>score --json</c> prints.</summary>
internal sealed record ScoreSummary
{
    /// <summary>Photos that the run came to.</summary>
    public required long Photos { get; init; }

    /// <summary>Photos completed in this run.</summary>
    public required long Completed { get; init; }

    /// <summary>Photos that an earlier run had completed.</summary>
    public required long Kept { get; init; }

    /// <summary>Photos that could not be completed.</summary>
    public required long Bad { get; init; }

    /// <summary>The first of them, with what went wrong.</summary>
    public required IReadOnlyList<BadPhoto> BadPhotos { get; init; }

    /// <summary>Whether the run went through all its photos.</summary>
    public required bool Finished { get; init; }

    /// <summary>How long it took.</summary>
    public required double Seconds { get; init; }

    /// <summary>Photos completed a second; null when none was.</summary>
    public required double? PhotosPerSecond { get; init; }

    /// <summary>The graph's name.</summary>
    public required string Graph { get; init; }

    /// <summary>SHA-256 of the graph.</summary>
    public required string GraphSha256 { get; init; }

    /// <summary>The folder of pictures.</summary>
    public required string Out { get; init; }

    /// <summary>The rows.</summary>
    public required string Results { get; init; }

    /// <summary>The sheet; null when none was made.</summary>
    public required string? Sheet { get; init; }
}

/// <summary>A photo that could not be completed.</summary>
internal sealed record BadPhoto(string Input, InpaintingStatus Status, string Error);
