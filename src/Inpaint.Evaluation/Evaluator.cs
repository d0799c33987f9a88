using Inpaint.Datasets;
using Inpaint.Onnx.Runtime;
using Inpaint.Photos;

namespace Inpaint.Evaluation;

/// <summary>
/// Judges graphs over a dataset beside two baselines, all on the same photos and in one pass: a photo is decoded once, filled by everyone on
/// one of the workers, and scored in the dataset's order, so that the figures are the same with any number of workers.
/// Held in memory: some photos a worker, a few numbers a photo, and the names of bad photos.
/// </summary>
public static class Evaluator
{
    /// <summary>The baseline of one colour, the mean of the known pixels along the hole's edge.</summary>
    public const string BorderMean = "border_mean";

    /// <summary>The baseline of Laplace's equation.</summary>
    public const string Membrane = "membrane";

    /// <summary>Runs the graphs and baselines over the dataset.</summary>
    /// <param name="dataset">The photos. One that cannot be used (unreadable, no caption where a graph requires one, a graph that fails on it) is named in the result and in no figure of any graph.</param>
    /// <param name="graphs">The graphs, each with a name of its own; none for the baselines alone, at 64x64.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <param name="cancellation">Ends the pass.</param>
    /// <exception cref="ArgumentException">Two graphs have one name, or a setting is out of its range.</exception>
    /// <exception cref="GraphException">A graph cannot be loaded, or a caption test is asked of graphs that take no captions.</exception>
    /// <exception cref="DatasetException">The dataset is damaged, none of its photos can be used, or too few have captions for a caption test.</exception>
    /// <exception cref="PhotoException">A photo cannot be used, and the options say that the pass ends there.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static EvaluationResult Run(IPhotoDataset dataset, IReadOnlyList<EvaluatedGraph> graphs, EvaluationOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(graphs);
        options = (options ?? EvaluationOptions.Default).Validated();
        if (graphs.GroupBy(g => g.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Graph '{twice.Key}' is given {twice.Count()} times; expected every name once.", nameof(graphs));
        }

        if (options.CaptionTest && graphs.All(g => g.Graph.Manifest.Caption is null))
        {
            throw new GraphException($"A caption test needs a graph that takes captions; found {(graphs.Count == 0 ? "no graph" : string.Join(", ", graphs.Select(g => $"'{g.Name}'")))}. Leave the caption test out, or add such a graph.");
        }

        using var pass = new EvaluationPass(dataset, graphs, options);
        return pass.Run(cancellation);
    }
}
