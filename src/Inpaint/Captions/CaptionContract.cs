namespace Inpaint.Captions;

/// <summary>What the numbers of a caption vector are.</summary>
public enum CaptionEncoding
{
    /// <summary>1 when the word occurs, else 0.</summary>
    Binary,

    /// <summary>How often the word occurs.</summary>
    Count,
}

/// <summary>What becomes of several captions of one photo.</summary>
public enum CaptionCombination
{
    /// <summary>The words of all captions together.</summary>
    Union,

    /// <summary>The first caption alone.</summary>
    First,

    /// <summary>Each caption by itself: one row a caption.</summary>
    Each,
}

/// <summary>How captions become a vector.</summary>
public sealed record CaptionContract
{
    /// <summary>Whether a photo without a caption is an error. Default no: the vector is all zeros.</summary>
    public bool Required { get; init; }

    /// <summary>0/1 or counts. Default 0/1.</summary>
    public CaptionEncoding Encoding { get; init; } = CaptionEncoding.Binary;

    /// <summary>Several captions. Default union.</summary>
    public CaptionCombination Combine { get; init; } = CaptionCombination.Union;

    /// <summary>How text becomes words.</summary>
    public CaptionRules Rules { get; init; } = CaptionRules.Default;

    /// <summary>The words, in the order of the vector.</summary>
    public required IReadOnlyList<string> Vocabulary { get; init; }
}
