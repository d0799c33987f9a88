using Inpaint.ML.Tests.Support;
using Inpaint.TestSupport;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Tests.Pipelines;

/// <summary>Masks of any number of parts: the steps give what the one verb gives, with the defaults of both.</summary>
public sealed class MaskWindowsTests(Samples samples) : IDisposable
{
    private const int Width = 200, Height = 150;

    private static readonly PixelRect[][] Masks =
    [
        [new(20, 20, 12, 14), new(150, 100, 20, 11)],
        [new(100, 70, 9, 9)],
        [new(4, 4, 10, 10), new(90, 10, 8, 12), new(170, 120, 16, 16), new(30, 110, 7, 5)],
        [new(0, 0, 15, 15), new(185, 135, 15, 15), new(0, 140, 12, 10)],
        [],
        [new(40, 40, 20, 20), new(70, 45, 20, 20), new(160, 20, 10, 10)],
        [new(50, 50, 40, 6), new(50, 56, 6, 30), new(180, 75, 1, 1)],
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new();

    public static TheoryData<string> Graphs =>
        ["membrane", "pushpull", "captioned", .. Enum.GetNames<MembraneContract>().Except(["Ours", "MiGanRaw", "DeepFill", "LamaBgr",
            "LamaManga"])];

    [Theory]
    [MemberData(nameof(Graphs))]
    public void The_steps_and_InpaintPhotos_give_the_same_pixels_for_masks_of_several_parts(string name)
    {
        string graph = Enum.TryParse(name, out MembraneContract contract) ? TinyGraphs.WriteMembrane(_folder.File(name), contract)
            : name == "captioned" ? samples.CaptionGraph
            : name;
        GraphManifest manifest = GraphPackage.Load(graph).Manifest;
        int? side = manifest.Size.IsFixed ? null : 64;
        IDataView data = _ml.Data.LoadFromEnumerable(Masks.Select(Make));
        var options = new InpaintingOptions { Fill = new() { PictureSide = side }, Execution = new() { BatchSize = 3 } };
        List<string> expected = TestRows.Read(
            _ml.Transforms.InpaintPhotos("Completed", "Path", "Caption", graph: graph, options: options, maskColumnName: "MaskPath")
                .Fit(data).Transform(data), "Completed");
        Assert.Equal(Masks.Length, expected.Distinct().Count());

        var masking = new PhotoMaskingOptions { PictureSide = side };
        PhotoMaskingEstimator mask = _ml.Transforms.MaskPhotos(
            "Picture", "Hidden", "Window", "Path", graph: graph, options: masking, holeMaskColumnName: "MaskPath");
        InputOutputColumnPair[] inputs = [.. manifest.Inputs.Select(i => new InputOutputColumnPair(i.Name, i.Parts[0].Role switch
        {
            PartRole.Image => "Picture",
            PartRole.Mask => "Hidden",
            _ => "Words",
        }))];
        IEstimator<ITransformer> steps = inputs.Any(i => i.InputColumnName == "Words")
            ? mask.Append(_ml.Transforms.FeaturizeCaptions("Words", "Caption", graph))
            : mask;
        var scoring = new OnnxScoringOptions { Execution = new() { BatchSize = 3 } };
        IEstimator<ITransformer> chain = steps
            .Append(_ml.Transforms.ScoreOnnx([new InputOutputColumnPair("Fill", manifest.Output.Name)], inputs, graph, scoring))
            .Append(_ml.Transforms.PasteFills(
                "Completed", "Path", "Fill", "Window", graph: graph, options: new FillPastingOptions { Masking = masking },
                holeMaskColumnName: "MaskPath"));
        ITransformer model = chain.Fit(data);
        Assert.Equal(expected, TestRows.Read(model.Transform(data), "Completed"));

        _ml.Model.Save(model, data.Schema, _folder.File("model.zip"));
        ITransformer loaded = new MLContext().Model.Load(_folder.File("model.zip"), out _);
        Assert.Equal(expected, TestRows.Read(loaded.Transform(data), "Completed"));
        using PredictionEngine<SampleRow, CompletedRow> engine = _ml.Model.CreatePredictionEngine<SampleRow, CompletedRow>(loaded);
        Assert.Equal(expected, Masks.Select((boxes, i) => $"Completed={TestRows.Text(engine.Predict(Make(boxes, i)).Completed)}"));
    }

    [Fact]
    public void A_row_has_the_windows_of_all_parts_one_after_another()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Masks.Select(Make));
        PhotoMaskingEstimator Mask(PhotoMaskingOptions options) => _ml.Transforms.MaskPhotos(
            "Picture", "Hidden", "Window", "Path", graph: "membrane", options: options, holeMaskColumnName: "MaskPath");
        IDataView several = Mask(PhotoMaskingOptions.Default).Fit(data).Transform(data);
        // By hand: a window is the square twice as wide as its part, around it; windows that overlap are joined.
        int[][] windows = [.. several.GetColumn<int[]>("Window")];
        Assert.Equal([12, 13, 28, 28, 140, 86, 40, 40], windows[0]);
        Assert.Equal([2, 1, 4, 3, 0, 1, 2], windows.Select(w => w.Length / 4));
        Assert.Equal(windows.Select(w => w.Length / 4 * 3 * 64 * 64), several.GetColumn<float[]>("Picture").Select(p => p.Length));

        IDataView one = Mask(new PhotoMaskingOptions { WindowPerComponent = false }).Fit(data).Transform(data);
        Assert.Equal(3 * 64 * 64, ((VectorDataViewType)one.Schema["Picture"].Type).Size);
        Assert.All(one.GetColumn<int[]>("Window"), window => Assert.Equal(4, window.Length));
    }

    [Fact]
    public void A_fill_of_other_windows_is_an_error()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([Make(Masks[0], 0)]);
        IDataView scored = _ml.Transforms.MaskPhotos("Picture", "Hidden", "Window", "Path", graph: "membrane",
            holeMaskColumnName: "MaskPath")
            .Append(_ml.Transforms.ScoreOnnx("Fill", "Picture", "membrane")).Fit(data).Transform(data);
        IDataView pasted = _ml.Transforms.PasteFills("Completed", "Path", "Fill", "Window", graph: "membrane").Fit(scored)
            .Transform(scored);
        InvalidOperationException error =
            Assert.Throws<InvalidOperationException>(() => pasted.GetColumn<MLImage>("Completed").ToList());
        Assert.Contains("'Window' has the windows", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private sealed class CompletedRow
    {
        [PhotoColumn]
        public MLImage? Completed { get; set; }
    }

    private SampleRow Make(PixelRect[] boxes, int i)
    {
        string path = _folder.File($"{i}.png"), mask = _folder.File($"{i}-mask.png");
        File.WriteAllBytes(path, PhotoCodec.Encode(Samples.Scene(i, Width, Height)));
        File.WriteAllBytes(mask, PhotoCodec.Encode(Samples.MaskOf(Width, Height, boxes)));
        return new SampleRow { Path = path, MaskPath = mask, Caption = $"a {TinyGraphs.Words[i % 6]} thing", Vector = new float[6] };
    }
}
