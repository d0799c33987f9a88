namespace Inpaint.Captions;

/// <summary>
/// The number of words of a caption that are in the vocabulary. Repetitions count; stop words and dropped numbers do not.
/// </summary>
/// <param name="Known">Words in the vocabulary.</param>
/// <param name="Unknown">Words that are not in the vocabulary.</param>
public readonly record struct CaptionCoverage(int Known, int Unknown);
