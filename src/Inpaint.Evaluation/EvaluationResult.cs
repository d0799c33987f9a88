using Inpaint.Captions;
using Inpaint.Evaluation.Metrics;
using Inpaint.Graphs;

namespace Inpaint.Evaluation;

/// <summary>What an evaluation found. All figures are over the same photos.</summary>
public sealed record EvaluationResult
{
    /// <summary>Photos scored.</summary>
    public required long Photos { get; init; }

    /// <summary>Photos that could not be used, in the dataset's order; they are in no figure.</summary>
    public required IReadOnlyList<UnscoredPhoto> BadPhotos { get; init; }

    /// <summary>How photos were judged.</summary>
    public required EvaluationProtocol Protocol { get; init; }

    /// <summary>The graphs by their names, in the order given.</summary>
    public required IReadOnlyDictionary<string, GraphEvaluation> Graphs { get; init; }

    /// <summary>
    /// <c>border_mean</c> and <c>membrane</c>. Where graphs were judged at several sizes or holes, each has its own:
    /// <c>membrane@64x64</c>, <c>membrane@128x128</c>.
    /// </summary>
    public required IReadOnlyDictionary<string, BaselineEvaluation> Baselines { get; init; }
}

/// <summary>A photo that could not be used.</summary>
/// <param name="Id">Its name in the dataset.</param>
/// <param name="Error">What is wrong with it.</param>
public sealed record UnscoredPhoto(string Id, string Error);

/// <summary>How photos were judged.</summary>
public sealed record EvaluationProtocol
{
    /// <summary>The dataset's name.</summary>
    public required string Dataset { get; init; }

    /// <summary>Only the first photos, when not all were taken.</summary>
    public int? Limit { get; init; }

    /// <summary>Sizes and holes, each once, in the order of the graphs.</summary>
    public required IReadOnlyList<EvaluationPicture> Pictures { get; init; }

    /// <summary>How several captions of a photo become one vector, by graph; only graphs that take captions.</summary>
    public required IReadOnlyDictionary<string, CaptionCombination> Captions { get; init; }

    /// <summary>Seed of shuffled captions and intervals.</summary>
    public required ulong Seed { get; init; }

    /// <summary>How often photos were drawn anew for an interval.</summary>
    public required int BootstrapResamples { get; init; }

    /// <summary>How a photo becomes the truth.</summary>
    public string Truth { get; } = "centred square, scaled (area mean down, Lanczos-3 up); untouched at the picture's size";

    /// <summary>What is judged.</summary>
    public string Fill { get; } = "rounded to 8 bits, pasted; known pixels equal the truth bit for bit";
}

/// <summary>The figures of one graph.</summary>
/// <param name="Picture">Size and hole.</param>
/// <param name="Scores">The figures.</param>
public sealed record GraphEvaluation(EvaluationPicture Picture, FillScores Scores)
{
    /// <summary>Words of the captions that the vocabulary knows, repetitions counted; null for a graph without captions.</summary>
    public CaptionWords? Words { get; init; }

    /// <summary>What captions bring; null when not asked for, or when the graph takes none.</summary>
    public CaptionTest? CaptionTest { get; init; }
}

/// <summary>How many words a graph's vocabulary knew.</summary>
/// <param name="Known">Words with a place in the vector.</param>
/// <param name="Unknown">Words without.</param>
public sealed record CaptionWords(long Known, long Unknown);

/// <summary>The figures of one baseline.</summary>
/// <param name="Picture">Size and hole.</param>
/// <param name="Scores">The figures.</param>
public sealed record BaselineEvaluation(EvaluationPicture Picture, FillScores Scores);

/// <summary>
/// The same graph with a photo's own captions, another photo's, and none, over the photos that have captions.
/// Shuffled: each photo has the captions of the one <see cref="Shift"/> places further on, the first following the last.
/// </summary>
/// <param name="Shift">Places between a photo and the one whose captions it was given: 1 to photos - 1, by the seed.</param>
/// <param name="Hole">The error of the hole.</param>
/// <param name="Box">The error of the box that the caption tells of, where it lies in the hole; null when the dataset has no boxes.</param>
public sealed record CaptionTest(long Shift, CaptionErrors Hole, CaptionErrors? Box);

/// <summary>
/// Mean squared errors, pixels in 0..1, each the mean of the photos' own (for the hole the same as the mean over its pixels), and how much less
/// the true captions have. A difference whose interval is above 0 says that captions help.
/// </summary>
/// <param name="Photos">Photos counted.</param>
/// <param name="True">With a photo's own captions.</param>
/// <param name="Shuffled">With another photo's.</param>
/// <param name="Empty">With none: a vector of zeros.</param>
/// <param name="ShuffledMinusTrue">The difference with its 95 % paired-bootstrap interval.</param>
/// <param name="EmptyMinusTrue">The difference with its 95 % paired-bootstrap interval.</param>
public sealed record CaptionErrors(long Photos, double True, double Shuffled, double Empty, BootstrapInterval ShuffledMinusTrue, BootstrapInterval EmptyMinusTrue);
