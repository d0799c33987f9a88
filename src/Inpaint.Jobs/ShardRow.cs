using System.Text.Json;
using System.Text.Json.Serialization;

namespace Inpaint.Jobs;

/// <summary>One line of a shard's file: a photo to complete.</summary>
internal sealed record ShardRow
{
    private static readonly JsonSerializerOptions OneLine = new(StrictJson.Options) { WriteIndented = false };

    /// <summary>The photo's id within the dataset.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>The photo's file, relative to the dataset's folder if it is inside; null when it is not a file.</summary>
    [JsonPropertyName("path")]
    public string? Path { get; init; }

    /// <summary>Its captions; null for none.</summary>
    [JsonPropertyName("captions")]
    public IReadOnlyList<string>? Captions { get; init; }

    public static ShardRow Of(PhotoRecord record, string root) => new()
    {
        Id = record.Id,
        Path = record.Path is { } path ? Relative(System.IO.Path.GetFullPath(path), root) : null,
        Captions = record.Captions.Count > 0 ? record.Captions : null,
    };

    public byte[] ToLine() => [.. JsonSerializer.SerializeToUtf8Bytes(this, OneLine), (byte)'\n'];

    /// <summary>Reads a shard's rows.</summary>
    /// <param name="content">The shard.</param>
    /// <param name="file">Its name in errors.</param>
    /// <exception cref="DatasetException">A line cannot be read; the message names it.</exception>
    public static IReadOnlyList<ShardRow> ReadAll(byte[] content, string file)
    {
        var rows = new List<ShardRow>();
        try
        {
            for (ReadOnlySpan<byte> rest = content; !rest.IsEmpty;)
            {
                int end = rest.IndexOf((byte)'\n');
                ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
                rest = end < 0 ? default : rest[(end + 1)..];
                rows.Add(JsonSerializer.Deserialize<ShardRow>(line, OneLine) ?? throw new JsonException("found null"));
            }
        }
        catch (JsonException e)
        {
            throw new DatasetException($"'{file}', line {rows.Count + 1}: {e.Message.Split(" Path:")[0]} The shard was changed since the "
                + $"job was planned; plan it again.", e);
        }

        return rows;
    }

    // Except on Windows, a backslash is an ordinary character.
    private static string Relative(string path, string root) =>
        path.StartsWith(root + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path[(root.Length + 1)..].Replace(System.IO.Path.DirectorySeparatorChar, '/') : path;
}
