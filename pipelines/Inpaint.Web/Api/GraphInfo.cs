using Inpaint.Web.Serving;

namespace Inpaint.Web.Api;

/// <summary>All graphs.</summary>
/// <param name="Default">The graph for requests that name none.</param>
/// <param name="Graphs">All of them.</param>
internal sealed record ServedGraphList(string Default, IReadOnlyList<GraphInfo> Graphs);

/// <summary>What a graph does with captions.</summary>
internal sealed record CaptionInfo(bool Required, CaptionEncoding Encoding, CaptionCombination Combine, int VocabularySize);

/// <summary>A graph and its manifest.</summary>
internal sealed record GraphInfo
{
    public required string Name { get; init; }

    public string? Description { get; init; }

    /// <summary>SHA-256 of the loaded graph, or of the one on disk if none is loaded.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Whether it is in memory.</summary>
    public required bool Loaded { get; init; }

    public DateTimeOffset? LoadedAt { get; init; }

    /// <summary>The device it runs on, if loaded.</summary>
    public string? Provider { get; init; }

    /// <summary>Why the files on disk were last rejected, if they were.</summary>
    public string? Refused { get; init; }

    public SizeContract? Size { get; init; }

    public HoleContract? Hole { get; init; }

    public IReadOnlyList<InputContract>? Inputs { get; init; }

    public OutputContract? Output { get; init; }

    public CaptionInfo? Caption { get; init; }

    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>>? Scores { get; init; }

    public string? Licence { get; init; }

    /// <summary>Whether it has a model card.</summary>
    public required bool HasCard { get; init; }

    /// <summary>Whether it has a sheet of scenes.</summary>
    public required bool HasSheet { get; init; }

    /// <summary>Describes the loaded graph, or the one on disk if none is loaded.</summary>
    public static GraphInfo Of(string name, GraphHost host, GraphFolders folders)
    {
        GraphState? state = host.StateOf(name);
        ServedGraph? served = state?.Current;
        string? refused = state?.Refused;
        GraphManifest? manifest = served?.Manifest;
        try
        {
            manifest ??= folders.LoadManifest(name);
        }
        catch (InpaintException e)
        {
            refused ??= e.Message;
        }

        return new GraphInfo
        {
            Name = name,
            Description = manifest?.Description,
            Sha256 = manifest?.Graph.Sha256,
            Loaded = served is not null,
            LoadedAt = served?.LoadedAt,
            Provider = served?.Provider,
            Refused = refused,
            Size = manifest?.Size,
            Hole = manifest?.Hole,
            Inputs = manifest?.Inputs,
            Output = manifest?.Output,
            Caption = manifest?.Caption is { } caption
                ? new CaptionInfo(caption.Required, caption.Encoding, caption.Combine, caption.Vocabulary.Count)
                : null,
            Scores = manifest?.Scores,
            Licence = manifest?.Provenance?.Licence,
            HasCard = folders.FileOf(name, "README.md") is not null,
            HasSheet = folders.FileOf(name, "sheet.png") is not null,
        };
    }
}
