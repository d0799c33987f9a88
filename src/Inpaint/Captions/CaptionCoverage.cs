namespace Inpaint.Captions;

/// <summary>How many words of a caption a vocabulary knows, repetitions counted; stop words and dropped numbers are not words.</summary>
/// <param name="Known">Words that have a place in the vector.</param>
/// <param name="Unknown">Words that have none.</param>
public readonly record struct CaptionCoverage(int Known, int Unknown)
{
    /// <summary>All words.</summary>
    public int Total => Known + Unknown;

    /// <summary>The counts of both together.</summary>
    public static CaptionCoverage operator +(CaptionCoverage left, CaptionCoverage right) => left.Add(right);

    /// <summary>The counts of both together.</summary>
    public CaptionCoverage Add(CaptionCoverage other) => new(Known + other.Known, Unknown + other.Unknown);
}
