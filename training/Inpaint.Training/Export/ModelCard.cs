using System.Globalization;
using System.Text;
using Inpaint.Onnx;

namespace Inpaint.Training;

/// <summary>The <c>README.md</c> beside a trained graph.</summary>
internal static class ModelCard
{
    private static readonly Metric[] Columns = [.. Metric.All.Where(metric => metric.InTable)];

    private const string Sheet = "![Scenes: the hole, the fill, the truth](sheet.png)";

    /// <summary>Whether a text is such a card.</summary>
    public static bool IsCard(string text) => text.Contains(Sheet, StringComparison.Ordinal);

    /// <summary>The text.</summary>
    /// <param name="exported">The graph and its figures.</param>
    /// <param name="config">What was trained.</param>
    /// <param name="description">On what.</param>
    /// <param name="summary">How long.</param>
    /// <param name="hasAdversarialPlot">Whether <c>adversarial.svg</c> lies beside the card.</param>
    public static string Of(ExportedRun exported, TrainingConfig config, RunDescription description, TrainingSummary summary, bool hasAdversarialPlot)
    {
        GraphManifest manifest = exported.Manifest;
        var text = new StringBuilder();
        text.Append(string.Create(CultureInfo.InvariantCulture, $"""
            # {manifest.Name}

            {manifest.Description}

            {Sheet}

            | | |
            |---|---|
            | picture | {config.Picture.Size}x{config.Picture.Size}, its centre {config.Picture.Hole}x{config.Picture.Hole} hidden |
            | input `image` | float32 [N, 3, {config.Picture.Size}, {config.Picture.Size}], red green blue, 0..1, zero in the hole |
            {CaptionRow(manifest)}| output `fill` | float32 [N, 3, {config.Picture.Hole}, {config.Picture.Hole}], 0..1 |
            | weights | {exported.Weights:N0} numbers, {exported.Model.Length / 1e6:0.0} MB |
            | graph against network | largest difference {exported.Export.LargestDifference:0.0e+0} |


            """).ReplaceLineEndings("\n"));
        AppendTraining(text, manifest, config, description, summary);
        if (hasAdversarialPlot)
        {
            text.Append("![The share of real patches and of filled ones that the discriminator gets right](adversarial.svg)\n\n");
        }

        if (exported.Evaluation is { } evaluation)
        {
            AppendFigures(text, manifest, evaluation, exported.Test, config.Picture.Hole);
        }

        text.Append(string.Create(CultureInfo.InvariantCulture, $"""
            ## Terms

            The graph: {manifest.Provenance!.Licence}, as the code. The photos that it was trained on have terms of their own: {manifest.Provenance.DataLicence} They are not part of this project.

            """).ReplaceLineEndings("\n"));
        return text.ToString();
    }

    private static string CaptionRow(GraphManifest manifest) => manifest.Caption is { } caption
        ? $"| input `caption` | float32 [N, {caption.Vocabulary.Count}], 1 for each word of the vocabulary that the captions have; zeros for none |\n"
        : "";

    private static void AppendTraining(StringBuilder text, GraphManifest manifest, TrainingConfig config, RunDescription description, TrainingSummary summary) => text.Append(string.Create(CultureInfo.InvariantCulture, $"""
        ## How it was trained

        `{manifest.Provenance!.Command}`

        On {string.Join(", ", manifest.Provenance.Data ?? [])}; chosen by {config.ChooseBy} on {(description.HeldOut is { } held ? $"{held} of these photos, which were held out of the training" : "valid")}; seed {config.Seed}. {summary.Step:N0} steps of {Math.Min(config.BatchSize, description.Learned ?? config.BatchSize)} photos ({summary.Epochs:0.0} epochs), {summary.Hours:0.0} hours{(summary.BestStep != summary.Step ? $"; the weights are those of step {summary.BestStep:N0}" : "")}.


        """).ReplaceLineEndings("\n"));

    private static void AppendFigures(StringBuilder text, GraphManifest manifest, EvaluationResult evaluation, TestUse use, int hole)
    {
        text.Append(string.Create(CultureInfo.InvariantCulture, $"""
            ## Figures

            From `inpaint evaluate`, on {evaluation.Photos:N0} photos{UseText(use)} ({evaluation.Protocol.Dataset}): {evaluation.Protocol.Truth}; {evaluation.Protocol.Fill}.

            | | {string.Join(" | ", Columns.Select(m => m.Title))} | mse at 9-16 px |
            |---|{string.Concat(Columns.Select(_ => "---:|"))}---:|

            """).ReplaceLineEndings("\n"));
        foreach ((string name, FillEvaluation baseline) in evaluation.Baselines)
        {
            AppendRow(text, name.Replace('_', ' '), baseline.Scores, hole);
        }

        FillEvaluation own = evaluation.Graphs[manifest.Name];
        AppendRow(text, $"**{manifest.Name}**", own.Scores, hole);
        text.Append('\n');
        if (own.CaptionTest is { Hole: { } c })
        {
            text.Append(string.Create(CultureInfo.InvariantCulture, $"""
                With the photos' own captions hole_mse is {c.True:0.00000}, with other photos' {c.Shuffled:0.00000} ({Interval(c.ShuffledMinusTrue)}), with none {c.Empty:0.00000} ({Interval(c.EmptyMinusTrue)}).{BoxText(own.CaptionTest.Box)}


                """).ReplaceLineEndings("\n"));
        }
    }

    private static string UseText(TestUse use) => use switch
    {
        TestUse.Unseen => " that were in no training",
        TestUse.Learned => " that it was trained on",
        TestUse.Chosen => " that its weights were chosen by",
        _ => "",
    };

    private static string BoxText(CaptionErrors? box) => box is { } b
        ? string.Create(CultureInfo.InvariantCulture, $" Inside the box of the thing that the caption names: {b.True:0.00000} with its own, {b.Shuffled:0.00000} with other pictures', {b.Empty:0.00000} with none.")
        : "";

    private static string Interval(BootstrapInterval i) =>
        string.Create(CultureInfo.InvariantCulture, $"{i.Difference:+0.000000;-0.000000} more, 95 % between {i.Low:+0.000000;-0.000000} and {i.High:+0.000000;-0.000000}");

    private static void AppendRow(StringBuilder text, string name, FillScores scores, int hole) => text.Append(CultureInfo.InvariantCulture,
        $"| {name} | {string.Join(" | ", Columns.Select(m => m.Text(scores[m])))} | {DeepMse(scores["depth_9-12"], scores["depth_13-16"], hole)} |\n");

    /// <summary>The mean squared error of the pixels 9 to 16 px from the hole's edge, from those at 9-12 and 13-16 px; empty when there are none.</summary>
    public static string DeepMse(double? middle, double? deep, int hole)
    {
        (double weighted, double weight) = (0, 0);
        foreach ((double? mse, int first, int last) in new[] { (middle, 9, 12), (deep, 13, 16) })
        {
            if (mse is { } found)
            {
                int pixels = SquareFrom(first) - SquareFrom(last + 1);
                weighted += found * pixels;
                weight += pixels;
            }
        }

        return weight > 0 ? (weighted / weight).ToString("0.0000", CultureInfo.InvariantCulture) : "";

        // Pixels of the hole that lie as deep as that, or deeper.
        int SquareFrom(int depth)
        {
            int side = Math.Max(0, hole - 2 * (depth - 1));
            return side * side;
        }
    }
}

/// <summary>How long a run was trained.</summary>
/// <param name="Step">Steps.</param>
/// <param name="BestStep">The step of the best weights.</param>
/// <param name="Epochs">Passes over the photos.</param>
/// <param name="Hours">Hours of training.</param>
internal sealed record TrainingSummary(long Step, long BestStep, double Epochs, double Hours);
