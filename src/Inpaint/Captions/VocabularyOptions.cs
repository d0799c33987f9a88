namespace Inpaint.Captions;

/// <summary>Which words of a corpus are included in a vocabulary.</summary>
public sealed record VocabularyOptions
{
    /// <summary>The defaults: the 2,000 most frequent words that occur at least 5 times.</summary>
    public static VocabularyOptions Default { get; } = new();

    /// <summary>
    /// The minimum number of occurrences of a word in the corpus, including repetitions within a caption; at least 1. Default 5.
    /// </summary>
    public int MinimumCount { get; init; } = 5;

    /// <summary>The maximum number of words; the most frequent are included. At least 1. Default 2,000.</summary>
    public int MaximumSize { get; init; } = 2000;

    /// <summary>The tokenization rules. Default <see cref="CaptionRules.Default"/>.</summary>
    public CaptionRules Rules { get; init; } = CaptionRules.Default;
}
