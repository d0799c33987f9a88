using System.Globalization;
using System.Text;

namespace Inpaint.Training.Export;

/// <summary>The <c>README.md</c> next to a trained graph.</summary>
internal static class ModelCard
{
    private static readonly Metric[] Columns = [.. Metric.All.Where(metric => metric.InTable && !metric.NeedsNetwork)];

    private const string Sheet = "![Scenes: hole, completion, truth](sheet.png)";

    public static bool IsCard(string text) => text.Contains(Sheet, StringComparison.Ordinal);

    /// <summary>The text of the card.</summary>
    /// <param name="exported">The graph and its figures.</param>
    /// <param name="config">The configuration.</param>
    /// <param name="description">The data.</param>
    /// <param name="summary">The duration.</param>
    /// <param name="hasAdversarialPlot">Whether there is an <c>adversarial.svg</c> next to the card.</param>
    public static string Of(
        ExportedRun exported, TrainingConfig config, RunDescription description, TrainingSummary summary, bool hasAdversarialPlot)
    {
        GraphManifest manifest = exported.Manifest;
        var text = new StringBuilder();
        text.Append(string.Create(CultureInfo.InvariantCulture, $"""
            # {manifest.Name}

            {manifest.Description}

            {Sheet}

            | | |
            |---|---|
            {ShapeRows(manifest, config.Picture)}
            | weights | {exported.Weights:N0}, {exported.Model.Length / 1e6:0.0} MB |
            | graph vs. network | largest difference {exported.Export.LargestDifference:0.0e+0} |


            """).ReplaceLineEndings("\n"));
        AppendTraining(text, manifest, config, description, summary);
        if (hasAdversarialPlot)
        {
            text.Append("![Accuracy of the discriminator on real and filled patches](adversarial.svg)\n\n");
        }

        if (exported.Evaluation is { } evaluation)
        {
            AppendFigures(text, manifest, evaluation, exported.Test, config.Picture.Hole);
        }

        text.Append(string.Create(CultureInfo.InvariantCulture, $"""
            ## Licence

            The graph has the licence of the code, {manifest.Provenance!.Licence}.
            The training photos, which are not part of this project, have their own: {manifest.Provenance.DataLicence}

            """).ReplaceLineEndings("\n"));
        return text.ToString();
    }

    private static string ShapeRows(GraphManifest manifest, PictureConfig picture) => manifest.Hole.Kind == HoleKind.Free
        ? $"""
            | picture | any size up to {manifest.Size.MaxSide}, both sides a multiple of {manifest.Size.MultipleOf}; any pixels hidden |
            | input `image` | float32 [N, 3, H, W], RGB, 0..1, zero in the hole |
            | input `mask` | float32 [N, 1, H, W], 1 in the hole, 0 elsewhere |
            | output `{manifest.Output.Name}` | float32 [N, 3, H, W], 0..1, the completed picture |
            """
        : $"""
            | picture | {picture.Size}x{picture.Size}, its centre {picture.Hole}x{picture.Hole} hidden |
            | input `image` | float32 [N, 3, {picture.Size}, {picture.Size}], RGB, 0..1, zero in the hole |
            {CaptionRow(manifest)}| output `fill` | float32 [N, 3, {picture.Hole}, {picture.Hole}], 0..1 |
            """;

    private static string CaptionRow(GraphManifest manifest) => manifest.Caption is { } caption
        ? $"| input `caption` | float32 [N, {caption.Vocabulary.Count}], 1 for each word of the vocabulary in the captions; zeros without "
            + $"captions |\n"
        : "";

    private static void AppendTraining(
        StringBuilder text, GraphManifest manifest, TrainingConfig config, RunDescription description, TrainingSummary summary)
    {
        string valid = description.HeldOut is { } held ? $"{held} held-out photos of these" : "the validation photos";
        string chosen = summary.BestStep is null ? "the last weights, not validated" : $"chosen by {config.ChooseBy} on {valid}";
        string best = summary.BestStep is { } step && step != summary.Step ? $"; the weights are those of step {step:N0}" : "";
        int batch = Math.Min(config.BatchSize, description.Learned ?? config.BatchSize);
        text.Append(string.Create(CultureInfo.InvariantCulture, $"""
            ## Training

            `{manifest.Provenance!.Command}`

            Trained on {string.Join(", ", manifest.Provenance.Data ?? [])}; {chosen}; seed {config.Seed}.
            {summary.Step:N0} steps of {batch} photos ({summary.Epochs:0.0} epochs), {summary.Hours:0.0} hours{best}.


            """).ReplaceLineEndings("\n"));
    }

    private static void AppendFigures(StringBuilder text, GraphManifest manifest, EvaluationResult evaluation, TestUse use, int hole)
    {
        text.Append(string.Create(CultureInfo.InvariantCulture, $"""
            ## Figures

            From `inpaint evaluate`, on {evaluation.Photos:N0} photos{UseText(use)} ({evaluation.Protocol.Dataset}):
            {evaluation.Protocol.Truth}; {evaluation.Protocol.Fill}.

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
                hole_mse is {c.True:0.00000} with the photos' own captions, {c.Shuffled:0.00000} with those of other photos
                ({Interval(c.ShuffledMinusTrue)})
                and {c.Empty:0.00000} without captions ({Interval(c.EmptyMinusTrue)}).{BoxText(own.CaptionTest.Box)}


                """).ReplaceLineEndings("\n"));
        }
    }

    private static string UseText(TestUse use) => use switch
    {
        TestUse.Unseen => " that were not used in training",
        TestUse.Learned => " that it was trained on",
        TestUse.Chosen => " that its weights were chosen by",
        _ => "",
    };

    private static string BoxText(CaptionErrors? box) => box is { } b
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"\nInside the box of the captioned object: {b.True:0.00000} with own captions, {b.Shuffled:0.00000} with others, "
                + $"{b.Empty:0.00000} without.")
        : "";

    private static string Interval(BootstrapInterval i) => string.Create(
        CultureInfo.InvariantCulture, $"a difference of {i.Difference:+0.000000;-0.000000}, 95 % between {i.Low:+0.000000;-0.000000} and "
            + $"{i.High:+0.000000;-0.000000}");

    private static void AppendRow(StringBuilder text, string name, FillScores scores, int hole) => text.Append(
        $"| {name} | {string.Join(" | ", Columns.Select(m => m.Text(scores[m])))} "
        + $"| {DeepMse(scores["depth_9-12"], scores["depth_13-16"], hole)} |\n");

    /// <summary>
    /// The mean squared error of the pixels 9 to 16 px from the hole's edge, from those at 9-12 and 13-16 px; empty if there are none.
    /// </summary>
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

        // Pixels of the hole at that depth or deeper.
        int SquareFrom(int depth)
        {
            int side = Math.Max(0, hole - 2 * (depth - 1));
            return side * side;
        }
    }
}
