using Inpaint.Scenes;
using Inpaint.Evaluation;
using Inpaint.Evaluation.Metrics;
using Inpaint.TestSupport;

namespace Inpaint.Onnx.Tests;

public sealed class EvaluationTests
{
    private static readonly EvaluationOptions OnCpu = new() { Inpainting = new InpaintingOptions { Execution = new() { Device = "cpu",
        Workers = 2, BatchSize = 2 } } };

    [Fact]
    public void The_membrane_graph_has_the_error_of_the_baseline()
    {
        using IPhotoDataset dataset = DatasetFormats.Files.Open(Places.SharedData("photos64/test.zip"));

        EvaluationResult result = Evaluator.Run(dataset, [Shipped("membrane")],
            new EvaluationOptions { Inpainting = new InpaintingOptions { Execution = new() { Device = "cpu" } } });

        Assert.Equal(800, result.Photos);
        Assert.Empty(result.BadPhotos);
        FillScores graph = result.Graphs["membrane"].Scores, baseline = result.Baselines[Evaluator.Membrane].Scores;
        Assert.Equal(0.03795, graph["hole_mse"]!.Value, 0.00005);
        Assert.Equal(14.2079, graph["hole_psnr"]!.Value, 0.006);

        // The graph computes in 32 bits, the baseline in 64: values halfway between two grey levels may be rounded differently.
        Assert.Equal(baseline["hole_mse"]!.Value, graph["hole_mse"]!.Value, 1e-7);
        Assert.Equal(baseline["sharpness"]!.Value, graph["sharpness"]!.Value, 1e-4);
        Assert.True(result.Baselines[Evaluator.BorderMean].Scores["hole_mse"]!.Value > 0.05);
    }

    [Fact]
    public void A_grey_fill_of_two_flat_photos_has_the_error_computed_by_hand()
    {
        using var dataset = new MemoryDataset(MemoryDataset.Plain(100, 100, 100), MemoryDataset.Plain(10, 20, 30));

        EvaluationResult result = Evaluator.Run(dataset, [new EvaluatedGraph("grey", EvaluationGraphs.OneColour(0.5f, 0.5f, 0.5f))], OnCpu);

        // 0.5 is 127.5, which rounds to 128.
        double first = 28.0 * 28 / (255.0 * 255), second = (118.0 * 118 + 108 * 108 + 98 * 98) / (3 * 255.0 * 255);
        FillScores grey = result.Graphs["grey"].Scores;
        Assert.Equal(2, result.Photos);
        Assert.Equal([first, second], grey.PhotoErrors.Select(e => Math.Round(e, 14)), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal((first + second) / 2, grey["hole_mse"]!.Value, 1e-12);
        Assert.Equal(-10 * Math.Log10((first + second) / 2), grey["hole_psnr"]!.Value, 1e-9);
        Assert.Equal(0, grey["spread"]);
        Assert.Equal([0, 0], new[] { Evaluator.BorderMean, Evaluator.Membrane }.Select(b => result.Baselines[b].Scores["hole_mse"]!.Value));
    }

    [Fact]
    public void A_bad_photo_is_named_and_excluded_from_the_metrics()
    {
        using var dataset = new MemoryDataset(MemoryDataset.Plain(0, 0, 0), MemoryDataset.Broken(), MemoryDataset.Plain(255, 255, 255));

        EvaluationResult result = Evaluator.Run(dataset, [new EvaluatedGraph("black", EvaluationGraphs.OneColour(0, 0, 0))], OnCpu);

        UnscoredPhoto bad = Assert.Single(result.BadPhotos);
        Assert.Equal("1.png", bad.Id);
        Assert.Contains("1.png", bad.Error);
        Assert.Equal(2, result.Photos);
        Assert.Equal([0.0, 1.0], result.Graphs["black"].Scores.PhotoErrors);
        Assert.Equal(2, result.Baselines[Evaluator.Membrane].Scores.Photos);
    }

    [Fact]
    public void Photos_of_any_size_are_evaluated_on_their_centred_square()
    {
        // 192x96: the square is columns 48 to 143, one colour; the rest is another.
        using var dataset = new MemoryDataset(
            MemoryDataset.Plain(255, 0, 0, box: new PixelRect(48, 0, 96, 96), boxColour: (0, 0, 255), width: 192, height: 96));

        EvaluationResult result = Evaluator.Run(dataset, [new EvaluatedGraph("blue", EvaluationGraphs.OneColour(0, 0, 1))], OnCpu);

        Assert.Equal(0, result.Graphs["blue"].Scores["hole_mse"]!.Value);
        Assert.Equal(0, result.Baselines[Evaluator.Membrane].Scores["hole_mse"]!.Value);
    }

    [Fact]
    public void Every_size_and_hole_has_its_own_baselines()
    {
        using IPhotoDataset dataset = new SceneDataset(6);

        EvaluationResult result = Evaluator.Run(
            dataset,
            [Shipped("membrane"), Shipped("pushpull"), new EvaluatedGraph("small", EvaluationGraphs.OneColour(0, 0, 0, side: 32))],
            OnCpu);

        Assert.Equal(["64x64", "32x32"], result.Protocol.Pictures.Select(p => p.ToString()));
        Assert.Equal(["border_mean@64x64", "membrane@64x64", "border_mean@32x32", "membrane@32x32"], result.Baselines.Keys);
        Assert.Equal(["membrane", "pushpull", "small"], result.Graphs.Keys);
        Assert.Equal(new PixelRect(8, 8, 16, 16), result.Graphs["small"].Picture.Hole);
        Assert.InRange(result.Graphs["pushpull"].Scores["hole_mse"]!.Value, 1e-6,
            result.Baselines["border_mean@64x64"].Scores["hole_mse"]!.Value);
    }

    [Fact]
    public void Each_photo_may_have_its_own_hole_of_any_shape()
    {
        using IPhotoDataset dataset = new SceneDataset(5, 64, 3);
        var seen = new List<EvaluatedPhoto>();
        var holes = new HoleSource("discs", (record, photo) => Disc(photo, 8 + (record.Id.Sum(c => c) % 12)));

        EvaluationResult result = Evaluator.Run(
            dataset, [Shipped("pushpull"), Shipped("membrane") with { Name = "laplace" },
                new EvaluatedGraph("grey", EvaluationGraphs.OneColour(0.5f, 0.5f, 0.5f))],
                OnCpu with { Holes = holes, Observe = seen.Add });

        Assert.Empty(result.BadPhotos);
        Assert.Equal("discs", result.Protocol.Holes);
        Assert.Null(Assert.Single(result.Protocol.Pictures).Hole);
        Assert.True(seen.Select(p => p.Pictures[0].Hole.Bounds).Distinct().Count() > 2);
        foreach ((string name, FillEvaluation evaluation) in result.Graphs.Concat(result.Baselines))
        {
            var scorer = new FillScorer();
            foreach (EvaluatedPicture picture in seen.Select(p => p.Pictures[0]))
            {
                scorer.Add(picture.Truth, picture.Fills.Single(f => f.Key == name).Value, picture.Hole);
            }

            Assert.Equal(scorer.Result().ToJson().ToJsonString(), evaluation.Scores.ToJson().ToJsonString());
        }

        // A graph that fills its centre fills the hidden pixels alone.
        EvaluatedPicture first = seen[0].Pictures[0];
        Photo grey = first.Fills.Single(f => f.Key == "grey").Value;
        Assert.Equal([128, 128, 128, 255], grey.Pixels.Slice(4 * ((32 * 64) + 32), 4).ToArray());
        Assert.Equal(first.Truth.Pixels[..4].ToArray(), grey.Pixels[..4].ToArray());
    }

    [Fact]
    public void A_graph_of_a_fixed_size_fills_its_window_of_photos_of_other_sizes()
    {
        using IPhotoDataset wide = new MemoryDataset(MemoryDataset.Plain(200, 10, 10, width: 90, height: 60),
            MemoryDataset.Plain(10, 200, 10, width: 500, height: 300));
        EvaluatedGraph membrane = Shipped("membrane");
        var seen = new List<EvaluatedPhoto>();

        EvaluationResult result = Evaluator.Run(wide, [membrane, Shipped("pushpull")], OnCpu with
        {
            Picture = EvaluationPicture.Named["384"], Holes = HoleSource.Random(MaskKind.Blobs, 5), Observe = seen.Add,
        });

        Assert.Empty(result.BadPhotos);
        Assert.Equal(["border_mean", "membrane"], result.Baselines.Keys);
        Assert.Equal([(90, 60), (384, 230)], seen.Select(p => p.Pictures[0].Truth).Select(p => (p.Width, p.Height)));
        using var inpainter = new Inpainter(membrane.Graph, OnCpu.Inpainting);
        foreach (EvaluatedPhoto photo in seen)
        {
            EvaluatedPicture picture = photo.Pictures[0];
            Assert.Equal(RandomMasks.Create(MaskKind.Blobs, picture.Truth.Width, picture.Truth.Height, 5, photo.Id).Array,
                picture.Hole.Mask!.Array);
            Assert.Equal(inpainter.Complete(picture.Truth, picture.Hole).Pixels, picture.Fills[0].Value.Pixels);
        }
    }

    [Fact]
    public void A_mask_that_hides_nothing_or_everything_or_is_of_another_size_excludes_its_photo()
    {
        using var dataset = new MemoryDataset(
            MemoryDataset.Plain(0, 0, 0), MemoryDataset.Plain(9, 9, 9), MemoryDataset.Plain(8, 8, 8), MemoryDataset.Plain(7, 7, 7));
        var holes = new HoleSource("odd", (record, photo) => record.Id switch
        {
            "0.png" => Hole.FromMask(new Mask(64, 64)),
            "1.png" => Hole.FromMask(Mask.Rectangle(64, 64, new PixelRect(0, 0, 64, 64))),
            "2.png" => Hole.FromMask(Mask.Rectangle(32, 32, new PixelRect(1, 1, 2, 2))),
            _ => Hole.Default(photo.Width, photo.Height),
        });

        EvaluationResult result = Evaluator.Run(dataset, [Shipped("pushpull")], OnCpu with { Holes = holes });

        Assert.Equal(1, result.Photos);
        Assert.Equal(["no pixel", "every pixel", "32x32"], result.BadPhotos.Select(b => b.Error)
            .Zip(["no pixel", "every pixel", "32x32"], (error, words) => error.Contains(words, StringComparison.Ordinal) ? words : error));
    }

    [Fact]
    public void Batches_and_workers_do_not_change_the_metrics()
    {
        using IPhotoDataset dataset = new SceneDataset(13, 80);
        EvaluatedGraph[] graphs = [Shipped("membrane"), Shipped("pushpull")];

        EvaluationResult one = Evaluator.Run(dataset, graphs,
            OnCpu with { Inpainting = OnCpu.Inpainting with { Execution = new() { Device = "cpu", Workers = 1, BatchSize = 1 } } });
        EvaluationResult many = Evaluator.Run(dataset, graphs,
            OnCpu with { Inpainting = OnCpu.Inpainting with { Execution = new() { Device = "cpu", Workers = 3, BatchSize = 4 } } });

        foreach ((string name, FillEvaluation graph) in one.Graphs)
        {
            Assert.Equal(graph.Scores.ToJson().ToJsonString(), many.Graphs[name].Scores.ToJson().ToJsonString());
            Assert.Equal(graph.Scores.PhotoErrors, many.Graphs[name].Scores.PhotoErrors);
        }
    }

    [Fact]
    public void A_limit_takes_the_first_photos_and_progress_counts_them()
    {
        using var dataset = new MemoryDataset(MemoryDataset.Plain(0, 0, 0), MemoryDataset.Broken(), MemoryDataset.Plain(9, 9, 9),
            MemoryDataset.Plain(255, 0, 0));
        var seen = new List<string>();
        EvaluationProgress last = default;

        EvaluationResult result = Evaluator.Run(dataset, [],
            OnCpu with { Limit = 3, Observe = p => seen.Add(p.Id), Progress = p => last = p });

        Assert.Equal(["0.png", "2.png"], seen);
        Assert.Equal(new EvaluationProgress(2, 1, 3), last);
        Assert.Equal(3, result.Protocol.Limit);
    }

    [Fact]
    public void An_observer_receives_the_original_and_every_fill()
    {
        using var dataset = new MemoryDataset(MemoryDataset.Plain(10, 20, 30, "a wall"));
        EvaluatedPhoto? seen = null;

        Evaluator.Run(dataset, [new EvaluatedGraph("green", EvaluationGraphs.OneColour(0, 1, 0))], OnCpu with { Observe = p => seen = p });

        EvaluatedPicture picture = Assert.Single(seen!.Pictures);
        Assert.Equal(["a wall"], seen.Captions);
        Assert.Equal(["green", "border_mean", "membrane"], picture.Fills.Select(f => f.Key));
        Assert.Equal([10, 20, 30, 255], picture.Truth.Pixels[..4].ToArray());
        int centre = 4 * ((32 * 64) + 32);
        Assert.Equal([0, 255, 0, 255], picture.Fills[0].Value.Pixels.Slice(centre, 4).ToArray());
        Assert.Equal([10, 20, 30, 255], picture.Fills[1].Value.Pixels.Slice(centre, 4).ToArray());
    }

    [Fact]
    public void Two_graphs_with_the_same_name_are_rejected()
    {
        using IPhotoDataset dataset = new SceneDataset(1);
        EvaluatedGraph graph = Shipped("membrane");
        Assert.Contains("'membrane' is given 2 times", Assert.Throws<ArgumentException>(() => Evaluator.Run(dataset, [graph, graph], OnCpu))
            .Message);
    }

    [Fact]
    public void A_dataset_without_a_usable_photo_is_an_error_with_the_reason()
    {
        using var bad = new MemoryDataset(MemoryDataset.Broken(), MemoryDataset.Broken());
        using var none = new MemoryDataset();
        string message = Assert.Throws<DatasetException>(() => Evaluator.Run(bad, [], OnCpu)).Message;
        Assert.Contains("None of the 2 photos", message);
        Assert.Contains("0.png", message);
        Assert.Contains("no photos", Assert.Throws<DatasetException>(() => Evaluator.Run(none, [], OnCpu)).Message);
    }

    [Fact]
    public void A_graph_that_fails_on_every_photo_is_named()
    {
        using var dataset = new MemoryDataset(MemoryDataset.Plain(1, 2, 3));
        EvaluatedGraph good = new("good", EvaluationGraphs.OneColour(0, 0, 0)),
            broken = new("broken", EvaluationGraphs.OneColour(float.NaN, 0, 0));

        string message = Assert.Throws<DatasetException>(() => Evaluator.Run(dataset, [good, broken], OnCpu)).Message;

        Assert.Contains("NaN", message);
        Assert.Contains("Graph 'broken'", message);
    }

    [Fact]
    public void With_OnError_Fail_a_bad_photo_ends_the_pass()
    {
        using var dataset = new MemoryDataset(MemoryDataset.Plain(0, 0, 0), MemoryDataset.Broken());
        Assert.Contains("1.png", Assert.Throws<PhotoException>(() => Evaluator.Run(dataset, [], OnCpu with { OnError = OnError.Fail }))
            .Message);
    }

    [Fact]
    public void A_cancelled_evaluation_ends()
    {
        using IPhotoDataset dataset = new SceneDataset(1000000);
        using var cancel = new CancellationTokenSource();

        Assert.ThrowsAny<OperationCanceledException>(() =>
            Evaluator.Run(dataset, [], OnCpu with { Progress = _ => cancel.Cancel() }, cancel.Token));
    }

    private static Hole Disc(Photo picture, int radius)
    {
        var mask = new Mask(picture.Width, picture.Height);
        for (int i = 0; i < mask.Pixels.Length; i++)
        {
            (int x, int y) = ((i % picture.Width) - 32, (i / picture.Width) - 32);
            mask.Pixels[i] = (x * x) + (y * y) < radius * radius ? (byte)255 : (byte)0;
        }

        return Hole.FromMask(mask);
    }

    private static EvaluatedGraph Shipped(string name) => new(name, GraphPackage.Load(Path.Combine(Places.Repository, "onnx", name)));
}
