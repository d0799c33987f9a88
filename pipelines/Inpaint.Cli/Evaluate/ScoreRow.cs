using Inpaint.Evaluation;
using Inpaint.Evaluation.Metrics;

namespace Inpaint.Cli.Evaluate;

/// <summary>A row of the table of scores.</summary>
/// <param name="Name">The graph or baseline.</param>
/// <param name="IsGraph">Whether it is a graph.</param>
/// <param name="Scores">Its figures.</param>
internal sealed record ScoreRow(string Name, bool IsGraph, FillScores Scores)
{
    /// <summary>The name in tables and plots: baselines are marked, as a graph may have the same name.</summary>
    public string Label => IsGraph ? Name : $"{Name} (baseline)";

    /// <summary>The row's figures as text.</summary>
    public IEnumerable<string> Cells(IEnumerable<Metric> columns) => columns.Select(metric => metric.Text(Scores[metric]));

    /// <summary>The metrics that are columns, from left to right.</summary>
    public static IReadOnlyList<Metric> Columns(IEnumerable<ScoreRow> rows) => Metric.Columns(rows.Select(r => r.Scores));

    /// <summary>Graphs first, in the order given, then baselines.</summary>
    public static IReadOnlyList<ScoreRow> Of(EvaluationResult result) =>
    [
        .. result.Graphs.Select(g => new ScoreRow(g.Key, true, g.Value.Scores)),
        .. result.Baselines.Select(b => new ScoreRow(b.Key, false, b.Value.Scores)),
    ];
}
