using Inpaint.ML.Tests.Support;
using Inpaint.Scenes;
using Inpaint.TestSupport;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Tests.Pipelines;

public sealed class ErrorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new();

    private sealed class Row
    {
        public string Path { get; set; } = "";

        public byte[] Bytes { get; set; } = [];

        public string MaskPath { get; set; } = "";

        public string Caption { get; set; } = "";
    }

    public static TheoryData<string, string> BadPhotos => new()
    {
        { "missing", "does not exist" },
        { "empty", "is empty" },
        { "text", "is not a picture" },
        { "cut", "cut" },
        { "folder", "is a folder" },
        { "none", "row 6 is empty" },
    };

    [Theory]
    [MemberData(nameof(BadPhotos))]
    public void A_bad_photo_is_named_and_ends_the_pass_after_the_rows_before_it(string kind, string message)
    {
        IDataView data = View(kind);
        foreach (IEstimator<ITransformer> estimator in new IEstimator<ITransformer>[]
        {
            _ml.Transforms.InpaintPhotos(
                "Completed", "Path", options: new InpaintingOptions { Execution = new() { BatchSize = 4, Workers = 2 } }),
            _ml.Transforms.LoadPhotos("Completed", "Path"),
        })
        {
            IDataView output = estimator.Fit(data).Transform(data);
            var read = new List<MLImage>();
            PhotoException error = Assert.Throws<PhotoException>(() =>
            {
                foreach (MLImage image in output.GetColumn<MLImage>("Completed"))
                {
                    read.Add(image);
                }
            });
            Assert.Equal(6, read.Count);
            Assert.Contains(message, error.Message, StringComparison.Ordinal);
            Assert.Contains("ow 6", error.Message, StringComparison.Ordinal);
            Assert.True(kind == "none" || error.Message.Contains(kind, StringComparison.Ordinal), error.Message);
        }
    }

    [Theory]
    [MemberData(nameof(BadPhotos))]
    public void With_OnError_Row_a_bad_photo_is_a_row_with_status_and_message(string kind, string message)
    {
        IDataView data = View(kind);
        foreach (IEstimator<ITransformer> estimator in new IEstimator<ITransformer>[]
        {
            _ml.Transforms.InpaintPhotos(
                new InpaintingColumns("Completed", "Path") { Fill = "Fill" },
                options: new InpaintingOptions { Execution = new() { BatchSize = 4 }, OnError = OnError.Row }),
            _ml.Transforms.LoadPhotos("Completed", "Path", new PhotoLoadingOptions { OnError = OnError.Row }),
        })
        {
            IDataView output = estimator.Fit(data).Transform(data);
            Assert.Equal(Enumerable.Range(0, 10).Select(i => i == 6 ? "bad_photo" : "ok"), output.GetColumn<string>("CompletedStatus"));
            string[] errors = [.. output.GetColumn<string>("CompletedError")];
            Assert.All(errors.Where((_, i) => i != 6), e => Assert.Empty(e));
            Assert.Contains(message, errors[6], StringComparison.Ordinal);
            Assert.Equal(Enumerable.Range(0, 10).Select(i => i == 6), output.GetColumn<MLImage>("Completed").Select(i => i is null));
        }

        IDataView files =
            _ml.Transforms.InpaintPhotos(
                "File", "Path", options: new InpaintingOptions { Output = new() { Format = PhotoFormat.Png }, OnError = OnError.Row })
                    .Fit(data).Transform(data);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => i == 6), files.GetColumn<byte[]>("File").Select(f => f.Length == 0));
    }

    [Fact]
    public void A_photo_that_LoadPhotos_cannot_load_passes_through_the_chain_as_null()
    {
        IDataView data = View("cut");
        var rows = new PhotoMaskingOptions { OnError = OnError.Row };
        IDataView output = _ml.Transforms.LoadPhotos("Photo", "Path", new PhotoLoadingOptions { OnError = OnError.Row })
            .Append(_ml.Transforms.MaskPhotos("Picture", "Hidden", "Window", "Photo", graph: "membrane", options: rows))
            .Append(_ml.Transforms.ScoreOnnx("Fill", "Picture", "membrane"))
            .Append(_ml.Transforms.PasteFills(
                "Completed", "Photo", "Fill", "Window", graph: "membrane", options: new FillPastingOptions { Masking = rows })).Fit(data)
                    .Transform(data);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => i == 6), output.GetColumn<MLImage>("Completed").Select(i => i is null));
        Assert.Equal("bad_photo", output.GetColumn<string>("PhotoStatus").ElementAt(6));
    }

    [Fact]
    public void A_mask_of_another_size_is_a_bad_mask()
    {
        IDataView data = View("mask");
        IDataView output = _ml.Transforms.InpaintPhotos(
            "Completed", "Path", options: new InpaintingOptions { OnError = OnError.Row }, maskColumnName: "MaskPath").Fit(data)
                .Transform(data);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => i == 6 ? "bad_mask" : "ok"), output.GetColumn<string>("CompletedStatus"));
        Assert.Contains("6.png", output.GetColumn<string>("CompletedError").ElementAt(6), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_required_caption_is_a_bad_caption()
    {
        string graph = TinyGraphs.WriteCaptionGraph(_folder.File("required"), required: true);
        IDataView data = View("caption");
        IDataView output = _ml.Transforms.InpaintPhotos(
            "Completed", "Path", "Caption", graph: graph, options: new InpaintingOptions { OnError = OnError.Row }).Fit(data)
                .Transform(data);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => i == 6 ? "bad_caption" : "ok"), output.GetColumn<string>("CompletedStatus"));
        IDataView words = _ml.Transforms.FeaturizeCaptions("Words", "Caption", graph).Fit(data).Transform(data);
        Assert.Contains(
            "Row 6", Assert.Throws<InvalidOperationException>(() => words.GetColumn<float[]>("Words").ToList()).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "requires a caption",
            Assert.Throws<GraphException>(() => _ml.Transforms.InpaintPhotos("Completed", "Path", graph: graph).Fit(data)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_that_returns_NaN_fails_its_rows()
    {
        string graph = TinyGraphs.WriteCaptionGraph(_folder.File("nan"), required: false, step: float.NaN);
        IDataView data = View("caption");
        IDataView output = _ml.Transforms.InpaintPhotos(
            "Completed", "Path", "Caption", graph: graph, options: new InpaintingOptions { OnError = OnError.Row }).Fit(data)
                .Transform(data);
        Assert.All(output.GetColumn<string>("CompletedStatus"), status => Assert.Equal("graph_failed", status));
        Assert.Throws<GraphException>(
            () => TestRows.Read(_ml.Transforms.InpaintPhotos("Completed", "Path", "Caption", graph: graph).Fit(data).Transform(data)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_row_that_the_graph_fails_on_does_not_fail_others(int batchSize)
    {
        string graph = TinyGraphs.WriteCaptionGraph(_folder.File("two"), required: false, step: 0.05f, mostWords: 2);
        Row[] rows = Make("good");
        rows[6].Caption = "a red boat under a tree";
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        var options = new InpaintingOptions { Execution = new() { BatchSize = batchSize }, OnError = OnError.Row };
        IDataView output = _ml.Transforms.InpaintPhotos("Completed", "Path", "Caption", graph: graph, options: options).Fit(data)
            .Transform(data);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => i == 6 ? "graph_failed" : "ok"), output.GetColumn<string>("CompletedStatus"));

        string sound = TinyGraphs.WriteCaptionGraph(_folder.File("any"), required: false);
        IDataView expected = _ml.Transforms.InpaintPhotos("Completed", "Path", "Caption", graph: sound, options: options).Fit(data)
            .Transform(data);
        Assert.Equal(
            TestRows.Read(expected, "Completed").Where((_, i) => i != 6), TestRows.Read(output, "Completed").Where((_, i) => i != 6));
    }

    [Fact]
    public void Bytes_that_are_not_a_picture_are_named_by_their_row()
    {
        IDataView data = View("text");
        IDataView output = _ml.Transforms.InpaintPhotos("Completed", "Bytes", graph: "unet").Fit(data).Transform(data);
        Assert.StartsWith(
            "row 6 is not a picture", Assert.Throws<PhotoException>(() => TestRows.Read(output, "Completed")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_prediction_engine_works_after_a_bad_row()
    {
        Row[] rows = Make("cut");
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        ITransformer model = _ml.Transforms.InpaintPhotos("Completed", "Path", graph: "unet").Fit(data);
        using PredictionEngine<Row, Everything> engine = _ml.Model.CreatePredictionEngine<Row, Everything>(
            model, ignoreMissingColumns: true);
        string first = engine.Predict(rows[0]).Text();
        Assert.Contains("cut", Assert.Throws<PhotoException>(() => engine.Predict(rows[6])).Message, StringComparison.Ordinal);
        Assert.Equal(first, engine.Predict(rows[0]).Text());
    }

    public void Dispose() => _folder.Dispose();

    private IDataView View(string kind) => _ml.Data.LoadFromEnumerable(Make(kind));

    /// <summary>Ten rows, of which the seventh is bad.</summary>
    private Row[] Make(string kind)
    {
        Row[] rows = [.. Enumerable.Range(0, 10).Select(i =>
        {
            byte[] png = PhotoCodec.Encode(Samples.Scene(i, 64, 64));
            string path = _folder.File($"{i}.png"), mask = _folder.File($"{i}-mask.png");
            File.WriteAllBytes(path, png);
            File.WriteAllBytes(
                mask, PhotoCodec.Encode(Samples.MaskOf(kind == "mask" && i == 6 ? 65 : 64, 64, new PixelRect(9, 9, 20, 20))));
            return new Row { Path = path, Bytes = png, MaskPath = mask, Caption = "a red boat" };
        })];
        Row bad = rows[6];
        string file = _folder.File(kind);
        switch (kind)
        {
            case "missing":
                bad.Path = file;
                break;
            case "none":
                bad.Path = "";
                break;
            case "folder":
                bad.Path = Directory.CreateDirectory(file).FullName;
                break;
            case "caption":
                bad.Caption = " ";
                break;
            case "empty" or "text" or "cut":
                bad.Bytes = kind switch { "empty" => [], "text" => "not a picture"u8.ToArray(), _ => bad.Bytes[..(bad.Bytes.Length / 2)] };
                File.WriteAllBytes(file, bad.Bytes);
                bad.Path = file;
                break;
        }

        return rows;
    }
}
