namespace Inpaint.Training.Loop;

/// <summary>The inputs of a training other than its configuration.</summary>
internal sealed record RunDescription
{
    /// <summary>The command that started it, without paths of the machine; goes into the manifest.</summary>
    public required string Command { get; init; }

    /// <summary>The training datasets, as given.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>The validation dataset; null if a twentieth of the training photos is held out.</summary>
    public string? Valid { get; init; }

    /// <summary>The dataset of final figures.</summary>
    public string? Test { get; init; }

    /// <summary>Most photos of each dataset; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>Source of the first weights; null for random ones.</summary>
    public string? Init { get; init; }

    /// <summary>The training datasets with their numbers of photos.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>The same for validation; null if photos were held out, or if unknown.</summary>
    public IReadOnlyList<string>? ValidSources { get; init; }

    /// <summary>Number of training photos; null if unknown.</summary>
    public int? Learned { get; init; }

    /// <summary>Number of photos that were held out for validation; null for none.</summary>
    public int? HeldOut { get; init; }

    /// <summary>The vocabulary; null without captions.</summary>
    public IReadOnlyList<string>? Vocabulary { get; init; }
}
