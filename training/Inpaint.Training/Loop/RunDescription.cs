namespace Inpaint.Training;

/// <summary>What a training was given beside its configuration.</summary>
internal sealed record RunDescription
{
    /// <summary>The command that began it, without paths of the machine: what goes into the manifest.</summary>
    public required string Command { get; init; }

    /// <summary>The datasets trained on, as given.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>The dataset of choices; null for a twentieth of the training photos, held out.</summary>
    public string? Valid { get; init; }

    /// <summary>The dataset of final figures, for the manifest.</summary>
    public string? Test { get; init; }

    /// <summary>At most so many photos of each dataset; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>Where the first weights came from; null for fresh ones.</summary>
    public string? Init { get; init; }

    /// <summary>The datasets with their numbers of photos, for people.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>The same for the photos to choose by; null where they were held out, or not noted.</summary>
    public IReadOnlyList<string>? ValidSources { get; init; }

    /// <summary>Photos that are learned from; null where that was not noted.</summary>
    public int? Learned { get; init; }

    /// <summary>Photos of the datasets that were held out to choose by; null for none.</summary>
    public int? HeldOut { get; init; }

    /// <summary>The vocabulary; null without captions.</summary>
    public IReadOnlyList<string>? Vocabulary { get; init; }
}
