namespace Inpaint;

/// <summary>
/// What a batch job is: the content of <c>job.json</c>, written once by planning and never changed. All that shows in its results follows from
/// this, the shards and the graph, whoever runs which part in which order.
/// </summary>
public sealed record BatchJob
{
    /// <summary>The version that this code writes and reads.</summary>
    public const int CurrentVersion = 1;

    /// <summary><see cref="CurrentVersion"/>.</summary>
    public required int Version { get; init; }

    /// <summary>The photos: a path, absolute, or <c>scenes:COUNT:SIZE:SEED</c>.</summary>
    public required string Dataset { get; init; }

    /// <summary>How many photos there are.</summary>
    public required long Rows { get; init; }

    /// <summary>Photos a shard; the last may have fewer.</summary>
    public required int ShardSize { get; init; }

    /// <summary>How many shards there are.</summary>
    public required int Shards { get; init; }

    /// <summary>SHA-256 over all shard files, one after the other.</summary>
    public required string InputSha256 { get; init; }

    /// <summary>The graph's name.</summary>
    public required string Graph { get; init; }

    /// <summary>SHA-256 of the job's own copy of the graph.</summary>
    public required string GraphSha256 { get; init; }

    /// <summary>SHA-256 of the job's own copy of the manifest.</summary>
    public required string ManifestSha256 { get; init; }

    /// <summary>The settings that show in the results.</summary>
    public required BatchJobOptions Options { get; init; }
}

/// <summary>The settings of a job that show in its results.</summary>
public sealed record BatchJobOptions
{
    /// <summary>Photos scored in one run of the graph, 1 to 4096. Part of the job, as a graph's last bit may depend on it. Default 8.</summary>
    public int BatchSize { get; init; } = 8;

    /// <summary>Pixels over which the fill is blended into the photo, inside the hole. Default 0.</summary>
    public int Feather { get; init; }

    /// <summary>Whether the photos are whole, so that fills are judged by what they hide. It costs decoding both once more. Default no.</summary>
    public bool Metrics { get; init; }
}
