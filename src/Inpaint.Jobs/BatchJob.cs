using System.Security.Cryptography;
using System.Text.Json;
using Inpaint.Settings;

namespace Inpaint.Jobs;

/// <summary>
/// What a batch job is: the content of <c>job.json</c>, written once by planning and never changed. All that shows in its results follows
/// from this, the shards and the graph, whoever runs which part in which order.
/// </summary>
public sealed record BatchJob
{
    /// <summary>The version that this code writes and reads.</summary>
    public const int CurrentVersion = 2;

    /// <summary><see cref="CurrentVersion"/>.</summary>
    public required int Version { get; init; }

    /// <summary>The photos: a path, absolute, or <c>scenes:COUNT:SIZE:SEED</c>.</summary>
    public required string Dataset { get; init; }

    /// <summary>What the dataset is: <c>folder</c>, <c>zip</c>, <c>parquet</c> or <c>scenes</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>How many photos there are.</summary>
    public required long Rows { get; init; }

    /// <summary>Photos a shard; the last may have fewer.</summary>
    public required int ShardSize { get; init; }

    /// <summary>How many shards there are.</summary>
    public required int Shards { get; init; }

    /// <summary>SHA-256 of <c>shards.sha256</c>, which has that of each shard.</summary>
    public required string InputSha256 { get; init; }

    /// <summary>The graph's name.</summary>
    public required string Graph { get; init; }

    /// <summary>SHA-256 of the job's own copy of the graph.</summary>
    public required string GraphSha256 { get; init; }

    /// <summary>SHA-256 of the job's own copy of the manifest.</summary>
    public required string ManifestSha256 { get; init; }

    /// <summary>The settings that show in the results.</summary>
    public required BatchJobOptions Options { get; init; }

    /// <summary>SHA-256 of all the rest; the parts carry it.</summary>
    public required string JobSha256 { get; init; }

    /// <summary>The same with the hash that it must have.</summary>
    internal BatchJob Sealed() => this with { JobSha256 = Hash() };

    /// <summary>Reads a description.</summary>
    /// <exception cref="DatasetException">It is of another version, damaged, or was changed.</exception>
    internal static BatchJob Read(byte[] json, string file)
    {
        try
        {
            // Of another version, the keys are others too.
            if (VersionOf(json) is { } version && version != CurrentVersion)
            {
                throw new DatasetException($"'{file}' is of version {version}, expected {CurrentVersion}. Run it with the program that "
                    + $"planned it, or plan it again in another folder.");
            }

            BatchJob job = StrictJson.Read<BatchJob>(json, file);
            return job.JobSha256 == job.Hash() && job.IsPossible()
                ? job
                : throw new DatasetException($"'{file}' was changed since the job was planned: its SHA-256 is {job.Hash()}, expected "
                    + $"{job.JobSha256}. Copy the file back, or plan the job again in another folder.");
        }
        catch (StrictJsonException e)
        {
            throw new DatasetException($"{e.Message} The file is not as planning wrote it: copy it back, or plan the job again in "
                + $"another folder.", e);
        }
    }

    private static int? VersionOf(byte[] json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("version", out JsonElement version) && version.TryGetInt32(out int number) ? number
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private string Hash() => Convert.ToHexStringLower(SHA256.HashData(StrictJson.Write(this with { JobSha256 = "" })));

    private bool IsPossible() => Dataset.Length > 0 && Rows >= 1 && ShardSize >= 1 && Shards is >= 1 and <= BatchPlanner.MostShards
        && Shards == ((Rows - 1) / ShardSize) + 1;
}

/// <summary>The settings of a job that show in its results.</summary>
public sealed record BatchJobOptions
{
    /// <summary>Photos scored in one run of the graph, 1 to 4096. A graph's last bit may depend on it. Default 8.</summary>
    [Setting("Photos scored in one run of the graph.", Key = "batch", Min = 1, Max = 4096)]
    public int BatchSize { get; init; } = 8;

    /// <summary>Pixels over which the fill is blended into the photo, inside the hole. Default 0.</summary>
    [Setting("Pixels over which the fill is blended into the photo, inside the hole.", Min = 0, Max = 4096)]
    public int Feather { get; init; }

    /// <summary>Whether to compare the fills with the originals, which are decoded once more for it. Default false.</summary>
    [Setting("Compare the fills with the hidden parts of the photos (hole_mse, hole_psnr).")]
    public bool Metrics { get; init; }
}
