using Inpaint.Scenes;
using Inpaint.TestSupport;
using Inpaint.Evaluation;

namespace Inpaint.Onnx.Tests;

public sealed class EvaluationCaptionTests
{
    private static readonly EvaluationOptions Options = new() { CaptionTest = true,
        Inpainting = new InpaintingOptions { Execution = new() { Device = "cpu", Workers = 2, BatchSize = 2 } } };
    private static readonly (string, float[])[] RedAndGreen = [("red", [1, 0, 0]), ("green", [0, 1, 0])];
    private static readonly PixelRect Box = new(24, 24, 16, 16);

    [Fact]
    public void True_shuffled_and_empty_captions_have_the_errors_computed_by_hand()
    {
        // A box of the caption's colour, 256 of the hole's 1024 pixels, on black; a third photo has no caption.
        using var dataset = new MemoryDataset(
            MemoryDataset.Plain(0, 0, 0, "A red ball", Box, (255, 0, 0)),
            MemoryDataset.Plain(0, 0, 0),
            MemoryDataset.Plain(0, 0, 0, "A green ball", Box, (0, 255, 0)));

        EvaluationResult result = Evaluator.Run(dataset, [new EvaluatedGraph("words", EvaluationGraphs.ColourOfWords(RedAndGreen))],
            Options);

        FillEvaluation graph = result.Graphs["words"];
        CaptionTest test = graph.CaptionTest!;
        Assert.Equal(1, test.Shift);
        Assert.Equal(2, test.Hole.Photos);

        // The hole is filled with the caption's colour: right in the box; outside it one channel of three is wrong.
        Assert.Equal(0.75 / 3, test.Hole.True, 1e-12);
        Assert.Equal((0.25 * 2 / 3) + (0.75 / 3), test.Hole.Shuffled, 1e-12);
        Assert.Equal(0.25 / 3, test.Hole.Empty, 1e-12);
        Assert.Equal(1.0 / 6, test.Hole.ShuffledMinusTrue.Difference, 1e-12);
        Assert.Equal(-1.0 / 6, test.Hole.EmptyMinusTrue.Difference, 1e-12);
        Assert.Equal(-1.0 / 6, test.Hole.EmptyMinusTrue.Low, 1e-12);
        Assert.Equal(-1.0 / 6, test.Hole.EmptyMinusTrue.High, 1e-12);

        Assert.Equal(2, test.Box!.Photos);
        Assert.Equal(0, test.Box.True);
        Assert.Equal(2.0 / 3, test.Box.Shuffled, 1e-12);
        Assert.Equal(1.0 / 3, test.Box.Empty, 1e-12);
        Assert.Equal(2.0 / 3, test.Box.ShuffledMinusTrue.Difference, 1e-12);

        // The table itself is over all three photos, with their own captions: the third is black, and so is its fill.
        Assert.Equal(2 * 0.25 / 3, graph.Scores["hole_mse"]!.Value, 1e-12);
        Assert.Equal(new CaptionCoverage(2, 2), graph.Words);
        Assert.Equal(CaptionCombination.Union, result.Protocol.Captions["words"]);
    }

    [Fact]
    public void On_scenes_true_captions_beat_those_of_other_scenes_in_the_box()
    {
        (string, float[])[] colours =
        [
            ("red", [.80f, .14f, .13f]), ("orange", [.93f, .48f, .09f]), ("yellow", [.95f, .81f, .16f]), ("green", [.17f, .54f, .23f]),
                ("blue", [.14f, .32f, .75f]),
            ("purple", [.48f, .21f, .63f]), ("pink", [.94f, .50f, .67f]), ("brown", [.48f, .29f, .16f]), ("black", [.13f, .13f, .15f]),
                ("white", [.94f, .94f, .93f]),
        ];
        using IPhotoDataset dataset = new SceneDataset(100);

        EvaluationResult result = Evaluator.Run(dataset, [new EvaluatedGraph("words", EvaluationGraphs.ColourOfWords(colours))], Options);

        CaptionErrors box = result.Graphs["words"].CaptionTest!.Box!;
        Assert.True(box.Photos > 90);
        Assert.True(box.True < box.Shuffled);
        Assert.True(box.ShuffledMinusTrue.Low > 0, $"{box.ShuffledMinusTrue}");
        Assert.InRange(box.ShuffledMinusTrue.Difference, box.ShuffledMinusTrue.Low, box.ShuffledMinusTrue.High);
    }

    [Fact]
    public void A_graph_that_requires_captions_is_also_tested_without()
    {
        using var dataset = new MemoryDataset(MemoryDataset.Plain(255, 0, 0, "red"), MemoryDataset.Plain(0, 255, 0),
            MemoryDataset.Plain(0, 255, 0, "green"));

        EvaluationResult result = Evaluator.Run(dataset,
            [new EvaluatedGraph("words", EvaluationGraphs.ColourOfWords(RedAndGreen, required: true))], Options);

        UnscoredPhoto bad = Assert.Single(result.BadPhotos);
        Assert.Equal("1.png", bad.Id);
        Assert.Contains("has no caption", bad.Error);
        CaptionErrors hole = result.Graphs["words"].CaptionTest!.Hole;
        Assert.Equal((0.0, 2.0 / 3, 1.0 / 3), (hole.True, Math.Round(hole.Shuffled, 12), Math.Round(hole.Empty, 12)), (a, b) =>
            Math.Abs(a.Item2 - b.Item2) + Math.Abs(a.Item3 - b.Item3) + Math.Abs(a.Item1 - b.Item1) < 1e-9);
        Assert.Null(result.Graphs["words"].CaptionTest!.Box);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(50)]
    public void Shuffled_captions_are_a_derangement(int count)
    {
        var items = Enumerable.Range(0, 2 * count).Select(i => MemoryDataset.Plain(0, 0, 0, i % 2 == 0 ? $"caption {i}" : null)).ToArray();
        using var dataset = new MemoryDataset(items);
        using var source = new EvaluationSource(dataset, Options with { Seed = 7 }, shuffle: true);
        var given = new List<string>();
        while (source.Next() is var (record, shuffled))
        {
            Assert.Equal(record.Captions.Count, shuffled?.Count ?? 0);
            if (shuffled is not null)
            {
                Assert.NotEqual(record.Captions[0], shuffled[0]);
                given.Add(shuffled[0]);
            }
        }

        Assert.Equal(Enumerable.Range(0, count).Select(i => $"caption {2 * i}").Order(), given.Order());
    }

    [Fact]
    public void Another_seed_shuffles_differently()
    {
        using var dataset = new MemoryDataset(
            [.. Enumerable.Range(0, 1000).Select(i => MemoryDataset.Plain(0, 0, 0, "x", width: 2, height: 2))]);
        var shifts = Enumerable.Range(0, 20).Select(seed =>
        {
            using var source = new EvaluationSource(dataset, Options with { Seed = (ulong)seed }, shuffle: true);
            return source.Shift;
        }).ToHashSet();
        Assert.True(shifts.Count > 15);
        Assert.All(shifts, shift => Assert.InRange(shift, 1, 999));
    }

    [Fact]
    public void A_caption_test_without_captions_is_an_error_with_a_remedy()
    {
        using var one = new MemoryDataset(MemoryDataset.Plain(0, 0, 0, "red"), MemoryDataset.Plain(0, 0, 0));
        EvaluatedGraph words = new("words", EvaluationGraphs.ColourOfWords(RedAndGreen)),
            plain = new("plain", EvaluationGraphs.OneColour(0, 0, 0));

        Assert.Contains("1 photos with captions", Assert.Throws<DatasetException>(() => Evaluator.Run(one, [words], Options)).Message);
        Assert.Contains("takes captions; found 'plain'", Assert.Throws<GraphException>(() => Evaluator.Run(one, [plain], Options)).Message);
    }
}
