using Inpaint.Evaluation.Perception;

namespace Inpaint.Evaluation;

/// <summary>A graph to evaluate and its name in the results.</summary>
/// <param name="Name">Unique among the evaluated graphs.</param>
/// <param name="Graph">The graph with its manifest.</param>
public sealed record EvaluatedGraph(string Name, GraphPackage Graph);

/// <summary>Progress of an evaluation.</summary>
/// <param name="Done">Photos scored.</param>
/// <param name="Bad">Photos that could not be used.</param>
/// <param name="Total">All photos; null when the dataset does not know their number.</param>
public readonly record struct EvaluationProgress(long Done, long Bad, long? Total);

/// <summary>How graphs are evaluated.</summary>
public sealed record EvaluationOptions
{
    /// <summary>The defaults.</summary>
    public static EvaluationOptions Default { get; } = new();

    /// <summary>
    /// Device, batch size, workers, decoding and the combination of captions. Settings of the completed picture (output, feather, picture
    /// side) and its <see cref="InpaintingOptions.OnError"/> are ignored.
    /// </summary>
    public InpaintingOptions Inpainting { get; init; } = InpaintingOptions.Default;

    /// <summary>
    /// Whether a photo that cannot be used is listed in the result and excluded from every figure (the default), or ends the evaluation.
    /// </summary>
    public OnError OnError { get; init; } = OnError.Row;

    /// <summary>
    /// The hidden pixels of each photo. Default: the fixed hole of the graph's manifest, otherwise the centre half; at a
    /// <see cref="Picture"/> without a hole, the centre half for all graphs.
    /// </summary>
    public HoleSource? Holes { get; init; }

    /// <summary>
    /// The size at which all graphs and baselines are evaluated; graphs of another size fill their window of the photo, as
    /// <see cref="Inpainter"/> does. Default: each graph at its own size, one of any size at 64x64.
    /// </summary>
    public EvaluationPicture? Picture { get; init; }

    /// <summary>The network of the metrics that need one. Default none, and these metrics are not defined.</summary>
    public PerceptualNetwork? Perceptual { get; init; }

    /// <summary>Whether graphs that take captions are also run with other photos' captions and with none. Default no.</summary>
    public bool CaptionTest { get; init; }

    /// <summary>Number of resamples for a 95 % interval, at least 2. Default 2,000.</summary>
    public int BootstrapResamples { get; init; } = 2000;

    /// <summary>Seed of the shuffled captions and of the intervals. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Use only the first photos of the dataset, at least 1. Default: all.</summary>
    public int? Limit { get; init; }

    /// <summary>
    /// Receives every scored photo, in the dataset's order, on the caller's thread; it may keep the pictures but not modify them. Optional.
    /// </summary>
    public Action<EvaluatedPhoto>? Observe { get; init; }

    /// <summary>Receives the progress after every batch, on the caller's thread. Optional.</summary>
    public Action<EvaluationProgress>? Progress { get; init; }

    internal EvaluationOptions Validated()
    {
        if (BootstrapResamples < 2)
        {
            throw new ArgumentException($"BootstrapResamples is {BootstrapResamples}; expected 2 or more, such as 2000.",
                nameof(BootstrapResamples));
        }

        if (Limit < 1)
        {
            throw new ArgumentException($"Limit is {Limit}; expected 1 or more, or null for all photos.", nameof(Limit));
        }

        return Picture is { Hole: null } && Holes is null ? this with { Holes = HoleSource.Random(MaskKind.Centre) } : this;
    }
}

/// <summary>A scored photo with all its fills.</summary>
/// <param name="Id">Its name in the dataset.</param>
/// <param name="Captions">Its captions in the dataset.</param>
/// <param name="Pictures">The photo at every size and hole it was evaluated at.</param>
public sealed record EvaluatedPhoto(string Id, IReadOnlyList<string> Captions, IReadOnlyList<EvaluatedPicture> Pictures);

/// <summary>A photo at one size, with the fills of one hole.</summary>
/// <param name="Picture">The size.</param>
/// <param name="Truth">The photo at that size, nothing hidden.</param>
/// <param name="Hole">The hidden pixels.</param>
/// <param name="Fills">The completed pictures by the names of graphs and baselines, baselines last.</param>
public sealed record EvaluatedPicture(EvaluationPicture Picture, Photo Truth, Hole Hole, IReadOnlyList<KeyValuePair<string, Photo>> Fills);
