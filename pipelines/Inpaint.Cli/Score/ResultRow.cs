using System.Text.Json;
using System.Text.Json.Serialization;

namespace Inpaint.Cli.Score;

/// <summary>One line of <c>results.jsonl</c>: the result of one photo.</summary>
internal sealed record ResultRow
{
    private static readonly JsonSerializerOptions OneLine = new(StrictJson.Options)
    {
        WriteIndented = false,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    };

    /// <summary>The photo's unique key: the path of its picture in the folder, without the added extension.</summary>
    public required string Photo { get; init; }

    /// <summary>Where the photo came from.</summary>
    public required string Input { get; init; }

    /// <summary>The completed picture, relative to the folder; null if none.</summary>
    public required string? Output { get; init; }

    public required InpaintingStatus Status { get; init; }

    /// <summary>The error message; null on success.</summary>
    public required string? Error { get; init; }

    /// <summary>From reading the photo to writing its picture, including the wait for its batch.</summary>
    public required double Milliseconds { get; init; }

    /// <summary>Size of the picture in bytes; 0 if none.</summary>
    public required long Bytes { get; init; }

    /// <summary>Size and time of photo and mask, and the captions if the graph uses them.</summary>
    public required string Stamp { get; init; }

    /// <summary>The settings that affect the picture.</summary>
    public required string Settings { get; init; }

    /// <summary>The graph's name.</summary>
    public required string Graph { get; init; }

    public required string GraphSha256 { get; init; }

    /// <summary>Changes with the photo, the graph and the settings.</summary>
    [JsonIgnore]
    public UInt128 Version => VersionOf(Stamp, Settings, GraphSha256);

    public static UInt128 VersionOf(string stamp, string settings, string graphSha256) =>
        Fingerprint.Of($"{stamp}\n{settings}\n{graphSha256}");

    /// <summary>Reads a line.</summary>
    /// <exception cref="JsonException">The line is not a row.</exception>
    public static ResultRow Parse(ReadOnlySpan<byte> line) =>
        JsonSerializer.Deserialize<ResultRow>(line, OneLine) ?? throw new JsonException("The line is null.");

    /// <summary>The row as one line, with a newline.</summary>
    public byte[] ToLine() => [.. JsonSerializer.SerializeToUtf8Bytes(this, OneLine), (byte)'\n'];
}
