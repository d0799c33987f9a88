using System.Text.Json;
using System.Text.Json.Serialization;
using Inpaint.Json;
using Inpaint.Photos;

namespace Inpaint.Cli.Score;

/// <summary>One line of <c>results.jsonl</c>: what became of one photo.</summary>
internal sealed record ResultRow
{
    private static readonly JsonSerializerOptions OneLine = new(StrictJson.Options)
    {
        WriteIndented = false,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    };

    /// <summary>Names the photo among all of the folder, once: its path below the folder, less the format's ending.</summary>
    public required string Photo { get; init; }

    /// <summary>Where the photo came from.</summary>
    public required string Input { get; init; }

    /// <summary>The completed picture, relative to the folder; null when there is none.</summary>
    public required string? Output { get; init; }

    /// <summary>The outcome.</summary>
    public required InpaintingStatus Status { get; init; }

    /// <summary>What went wrong; null when nothing did.</summary>
    public required string? Error { get; init; }

    /// <summary>From reading the photo to writing its picture, the wait in its batch included.</summary>
    public required double Milliseconds { get; init; }

    /// <summary>Length of the completed picture's file; 0 when there is none.</summary>
    public required long Bytes { get; init; }

    /// <summary>Size and time of photo and mask, and the captions where the graph reads them.</summary>
    public required string Stamp { get; init; }

    /// <summary>The settings that show in the picture.</summary>
    public required string Settings { get; init; }

    /// <summary>The graph's name.</summary>
    public required string Graph { get; init; }

    /// <summary>SHA-256 of the graph.</summary>
    public required string GraphSha256 { get; init; }

    /// <summary>Whether photo, graph or settings changed since: equal while they are the same.</summary>
    [JsonIgnore]
    public UInt128 Version => VersionOf(Stamp, Settings, GraphSha256);

    public static UInt128 VersionOf(string stamp, string settings, string graphSha256) => Fingerprint.Of($"{stamp}\n{settings}\n{graphSha256}");

    /// <summary>Reads a line.</summary>
    /// <exception cref="JsonException">It is not such a row.</exception>
    public static ResultRow Parse(ReadOnlySpan<byte> line) =>
        JsonSerializer.Deserialize<ResultRow>(line, OneLine) ?? throw new JsonException("It holds null.");

    /// <summary>The row as one line with its end.</summary>
    public byte[] ToLine() => [.. JsonSerializer.SerializeToUtf8Bytes(this, OneLine), (byte)'\n'];
}
