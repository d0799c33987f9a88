using Inpaint.Onnx.Inpainting;
using Inpaint.Photos;

namespace Inpaint.Evaluation;

/// <summary>A graph to be judged, and what the results call it.</summary>
/// <param name="Name">Its name in the results; each once.</param>
/// <param name="Graph">The graph with its manifest.</param>
public sealed record EvaluatedGraph(string Name, GraphPackage Graph);

/// <summary>How far an evaluation is.</summary>
/// <param name="Done">Photos scored.</param>
/// <param name="Bad">Photos that could not be used.</param>
/// <param name="Total">All photos, when the dataset knows.</param>
public readonly record struct EvaluationProgress(long Done, long Bad, long? Total);

/// <summary>How graphs are judged.</summary>
public sealed record EvaluationOptions
{
    /// <summary>The defaults.</summary>
    public static EvaluationOptions Default { get; } = new();

    /// <summary>
    /// Device, batch size, workers, decoding and the combination of captions. Settings of the pasted picture (extent, form, feather, picture side)
    /// do not count, nor does its own <see cref="InpaintingOptions.OnError"/>.
    /// </summary>
    public InpaintingOptions Inpainting { get; init; } = InpaintingOptions.Default;

    /// <summary>A photo that cannot be used: named in the result and left out of every figure (the default), or the end of the pass.</summary>
    public OnError OnError { get; init; } = OnError.Row;

    /// <summary>Whether graphs that take captions are also given other photos' captions and none. Default no.</summary>
    public bool CaptionTest { get; init; }

    /// <summary>How often photos are drawn anew for a 95 % interval, at least 2. Default 2,000.</summary>
    public int BootstrapResamples { get; init; } = 2000;

    /// <summary>Seed of the shuffled captions and of the intervals. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Only the first photos of the dataset, at least 1; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>Told of every scored photo, in the dataset's order, on the caller's thread; it may keep the pictures but not change them. Default: nobody.</summary>
    public Action<EvaluatedPhoto>? Observe { get; init; }

    /// <summary>Told after every batch, on the caller's thread. Default: nobody.</summary>
    public Action<EvaluationProgress>? Progress { get; init; }

    internal EvaluationOptions Validated()
    {
        if (BootstrapResamples < 2)
        {
            throw new ArgumentException($"BootstrapResamples is {BootstrapResamples}; expected 2 or more, such as 2000.", nameof(BootstrapResamples));
        }

        if (Limit < 1)
        {
            throw new ArgumentException($"Limit is {Limit}; expected 1 or more, or none for all photos.", nameof(Limit));
        }

        return this;
    }
}

/// <summary>A scored photo with all its fills.</summary>
/// <param name="Id">Its name in the dataset.</param>
/// <param name="Captions">What the dataset says of it.</param>
/// <param name="Pictures">It at every size and hole that it was judged at.</param>
public sealed record EvaluatedPhoto(string Id, IReadOnlyList<string> Captions, IReadOnlyList<EvaluatedPicture> Pictures);

/// <summary>A photo at one size, with the fills of one hole.</summary>
/// <param name="Picture">Size and hole.</param>
/// <param name="Truth">The photo at that size, nothing hidden.</param>
/// <param name="Fills">The completed pictures by the names of graphs and baselines, baselines last.</param>
public sealed record EvaluatedPicture(EvaluationPicture Picture, Photo Truth, IReadOnlyList<KeyValuePair<string, Photo>> Fills);
