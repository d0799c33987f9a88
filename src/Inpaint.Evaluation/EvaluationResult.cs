using Inpaint.Evaluation.Metrics;

namespace Inpaint.Evaluation;

/// <summary>The result of an evaluation. All figures are over the same photos.</summary>
public sealed record EvaluationResult
{
    /// <summary>Photos scored.</summary>
    public required long Photos { get; init; }

    /// <summary>Photos that could not be used, in the dataset's order; they are excluded from every figure.</summary>
    public required IReadOnlyList<UnscoredPhoto> BadPhotos { get; init; }

    /// <summary>How photos were evaluated.</summary>
    public required EvaluationProtocol Protocol { get; init; }

    /// <summary>The graphs by their names, in the order given.</summary>
    public required IReadOnlyDictionary<string, FillEvaluation> Graphs { get; init; }

    /// <summary>
    /// <c>border_mean</c> and <c>membrane</c>. Where graphs were evaluated at several sizes or holes, each has its own baselines:
    /// <c>membrane@64x64</c>, <c>membrane@128x128</c>.
    /// </summary>
    public required IReadOnlyDictionary<string, FillEvaluation> Baselines { get; init; }
}

/// <summary>A photo that could not be used.</summary>
/// <param name="Id">Its name in the dataset.</param>
/// <param name="Error">Why it could not be used.</param>
public sealed record UnscoredPhoto(string Id, string Error);

/// <summary>How photos were evaluated.</summary>
public sealed record EvaluationProtocol
{
    /// <summary>The dataset's name.</summary>
    public required string Dataset { get; init; }

    /// <summary>Number of photos the dataset was limited to; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>Sizes and holes, each once, in the order of the graphs.</summary>
    public required IReadOnlyList<EvaluationPicture> Pictures { get; init; }

    /// <summary>The name of the <see cref="HoleSource"/>; null when graphs were evaluated with their own holes.</summary>
    public string? Holes { get; init; }

    /// <summary>SHA-256 of the network of <c>perceptual</c> and <c>kid</c>; null without it.</summary>
    public string? PerceptualNetwork { get; init; }

    /// <summary>How several captions of a photo become one vector, by graph; only graphs that take captions.</summary>
    public required IReadOnlyDictionary<string, CaptionCombination> Captions { get; init; }

    /// <summary>Seed of shuffled captions and intervals.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Number of resamples for an interval.</summary>
    public required int BootstrapResamples { get; init; }

    /// <summary>How a photo becomes the truth.</summary>
    public string Truth { get; init; } = Square;

    /// <summary>What is evaluated.</summary>
    public string Fill { get; } = "rounded to 8 bits, pasted; known pixels equal the truth bit for bit";

    internal static string Square => "centred square, scaled (area mean down, Lanczos-3 up); untouched at the picture's size";

    internal static string WholePhoto => "whole photo, scaled down (area mean) where it is larger than the picture";
}

/// <summary>The figures of one graph or baseline.</summary>
/// <param name="Picture">Size and hole.</param>
/// <param name="Scores">The figures.</param>
public sealed record FillEvaluation(EvaluationPicture Picture, FillScores Scores)
{
    /// <summary>
    /// Words of the captions that the vocabulary contains, repetitions counted; null for baselines and graphs without captions.
    /// </summary>
    public CaptionCoverage? Words { get; init; }

    /// <summary>The effect of captions; null without a caption test, and for baselines and graphs without captions.</summary>
    public CaptionTest? CaptionTest { get; init; }
}

/// <summary>
/// The same graph with a photo's own captions, another photo's, and none, over the photos that have captions.
/// Shuffled: each photo has the captions of the one <see cref="Shift"/> positions further on, the first following the last.
/// </summary>
/// <param name="Shift">Positions between a photo and the one whose captions it was given: 1 to photos - 1, from the seed.</param>
/// <param name="Hole">The error in the hole.</param>
/// <param name="Box">The error in the hidden part of the box that the caption describes; null when the dataset has no boxes.</param>
public sealed record CaptionTest(long Shift, CaptionErrors Hole, CaptionErrors? Box);

/// <summary>
/// Mean squared errors, pixels in 0..1, each the mean of the photos' own, and how much lower the error is with true captions. A difference
/// whose interval is above 0 means that captions help.
/// </summary>
/// <param name="Photos">Photos counted.</param>
/// <param name="True">With a photo's own captions.</param>
/// <param name="Shuffled">With another photo's.</param>
/// <param name="Empty">With none: a vector of zeros.</param>
/// <param name="ShuffledMinusTrue">The difference with its 95 % paired-bootstrap interval.</param>
/// <param name="EmptyMinusTrue">The difference with its 95 % paired-bootstrap interval.</param>
public sealed record CaptionErrors(long Photos, double True, double Shuffled, double Empty, BootstrapInterval ShuffledMinusTrue,
    BootstrapInterval EmptyMinusTrue);
