using Inpaint.Evaluation.Baselines;

namespace Inpaint.Evaluation;

/// <summary>
/// Evaluates graphs and two baselines over a dataset, all on the same photos and in one pass: a photo is decoded once, filled by every
/// graph and baseline on one of the workers, and scored in the dataset's order, so the figures do not depend on the number of workers.
/// Memory: some photos per worker, a few numbers per photo, and the names of bad photos.
/// </summary>
public static class Evaluator
{
    /// <summary>The baseline of one colour, the mean of the known pixels along the hole's edge.</summary>
    public const string BorderMean = "border_mean";

    /// <summary>The baseline of Laplace's equation.</summary>
    public const string Membrane = "membrane";

    internal static IReadOnlyList<(string Name, Action<Photo, Hole> Apply)> Baselines { get; } =
        [(BorderMean, BorderMeanFill.Apply), (Membrane, MembraneFill.Apply)];

    /// <summary>Runs the graphs and baselines over the dataset.</summary>
    /// <param name="dataset">
    /// The photos. One that cannot be used (unreadable, no caption where a graph requires one, a graph fails on it) is listed in the result
    /// and excluded from every figure.
    /// </param>
    /// <param name="graphs">The graphs, with unique names; empty to evaluate the baselines alone, at 64x64.</param>
    /// <param name="options">Settings; default <see cref="EvaluationOptions.Default"/>.</param>
    /// <param name="cancellation">Stops the evaluation.</param>
    /// <exception cref="ArgumentException">Two graphs have one name, or a setting is out of its range.</exception>
    /// <exception cref="GraphException">A graph cannot be loaded, or a caption test is requested and no graph takes captions.</exception>
    /// <exception cref="DatasetException">
    /// The dataset is damaged, none of its photos can be used, or too few photos have captions for a caption test.
    /// </exception>
    /// <exception cref="PhotoException">
    /// A photo cannot be used and <see cref="EvaluationOptions.OnError"/> is <see cref="OnError.Fail"/>.
    /// </exception>
    /// <exception cref="OperationCanceledException">The evaluation was cancelled.</exception>
    public static EvaluationResult Run(IPhotoDataset dataset, IReadOnlyList<EvaluatedGraph> graphs, EvaluationOptions? options = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(graphs);
        options = (options ?? EvaluationOptions.Default).Validated();
        if (graphs.GroupBy(g => g.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Graph '{twice.Key}' is given {twice.Count()} times; expected unique names.", nameof(graphs));
        }

        if (options.CaptionTest && graphs.All(g => g.Graph.Manifest.Caption is null))
        {
            string found = graphs.Count == 0 ? "no graph" : string.Join(", ", graphs.Select(g => $"'{g.Name}'"));
            throw new GraphException($"A caption test needs a graph that takes captions; found {found}. "
                + "Omit the caption test, or add such a graph.");
        }

        using var pass = new EvaluationPass(dataset, graphs, options);
        return pass.Run(cancellation);
    }
}
