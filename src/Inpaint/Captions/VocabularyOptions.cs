namespace Inpaint.Captions;

/// <summary>Which words of a corpus enter a vocabulary.</summary>
public sealed record VocabularyOptions
{
    /// <summary>The defaults: words that occur at least 5 times, the 2,000 most frequent of them.</summary>
    public static VocabularyOptions Default { get; } = new();

    /// <summary>How often a word must occur in the whole corpus, repetitions within a caption counted; at least 1. Default 5.</summary>
    public int MinimumCount { get; init; } = 5;

    /// <summary>The most words; the most frequent are kept; at least 1. Default 2,000.</summary>
    public int MaximumSize { get; init; } = 2000;

    /// <summary>How captions become words. Default <see cref="CaptionRules.Default"/>.</summary>
    public CaptionRules Rules { get; init; } = CaptionRules.Default;
}
