using System.Globalization;
using Inpaint.Evaluation;
using Inpaint.Evaluation.Metrics;
using Inpaint.ML.Rows;

namespace Inpaint.Cli.Evaluate;

/// <summary>A column of the table of scores, on the terminal and in the report.</summary>
/// <param name="Title">Its head.</param>
/// <param name="Meaning">What it says, in a few words.</param>
/// <param name="Format">How numbers are written.</param>
/// <param name="Figure">The number; null where nothing defines it.</param>
internal sealed record ScoreColumn(string Title, string Meaning, string Format, Func<FillScores, double?> Figure)
{
    /// <summary>The columns, from left to right.</summary>
    public static IReadOnlyList<ScoreColumn> All { get; } =
    [
        new("hole_mse", "mean squared error in the hole, pixels in 0..1", "0.00000", s => s.HoleMse),
        new("hole_psnr", "the same in dB: higher is better", "0.00", s => s.HolePsnr),
        new("psnr mean", "mean of the photos' own PSNRs, in dB", "0.00", s => s.HolePsnrMean),
        new("l1 %", "mean absolute error in the hole, % of the range", "0.00", s => s.HoleL1),
        new("ssim", "structural similarity of the hole: 1 is equal", "0.000", s => s.HoleSsim),
        new("sharpness", "detail of the fill over that of the photo: 1 is as sharp", "0.000", s => s.Sharpness),
        new("spectrum", "distance of the spectra in log10 power: 0 is the photo's", "0.000", s => s.Spectrum),
        new("seam", "step across the hole's edge over the photo's: 1 is as smooth", "0.000", s => s.Seam),
        new("spread", "how much fills differ over how much photos do: near 0 is one fill for all", "0.000", s => s.Spread),
    ];

    /// <summary>The number as text; a dash where nothing defines it.</summary>
    public string Text(FillScores scores) => Figure(scores)?.ToString(Format, CultureInfo.InvariantCulture) ?? "–";
}

/// <summary>A row of the table of scores.</summary>
/// <param name="Name">The graph or baseline.</param>
/// <param name="IsGraph">Whether it is a graph.</param>
/// <param name="Scores">Its figures.</param>
internal sealed record ScoreRow(string Name, bool IsGraph, FillScores Scores)
{
    /// <summary>What tables and plots call it: a baseline says that it is one, as graphs may have its name.</summary>
    public string Label => IsGraph ? Name : $"{Name} (baseline)";

    /// <summary>Graphs first, in the order given, then baselines.</summary>
    public static IReadOnlyList<ScoreRow> Of(Inpaint.Evaluation.EvaluationResult result) =>
    [
        .. result.Graphs.Select(g => new ScoreRow(g.Key, true, g.Value.Scores)),
        .. result.Baselines.Select(b => new ScoreRow(b.Key, false, b.Value.Scores)),
    ];
}
