using Inpaint.ML.Tests.Support;
using Inpaint.TestSupport;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Tests.Pipelines;

/// <summary>Inputs as paths, bytes or images; outputs as images or file bytes.</summary>
public sealed class FormsTests(Samples samples)
{
    private readonly MLContext _ml = new();

    private sealed class ImageRow
    {
        [PhotoColumn]
        public MLImage? Photo;

        public string Name = "";
    }

    private sealed class CompletedRow
    {
        [PhotoColumn]
        public MLImage? Completed;

        public byte[]? File { get; set; }

        public string? Name { get; set; }
    }

    [Fact]
    public void Paths_bytes_and_images_give_the_same_result()
    {
        IDataView data = samples.View(_ml);
        List<string> Complete(string input) =>
            TestRows.Read(_ml.Transforms.InpaintPhotos("Completed", input, graph: "unet").Fit(data).Transform(data), "Completed");
        List<string> expected = Complete("Path");
        Assert.Equal(expected, Complete("Bytes"));
        Assert.Equal(expected, Complete("Image"));
    }

    [Fact]
    public void Classes_hold_images_of_any_size_in_fields_and_properties()
    {
        ImageRow[] rows = [.. samples.Rows.Select(r => new ImageRow { Photo = r.Image, Name = r.Path })];
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        ITransformer model = _ml.Transforms.InpaintPhotos("Completed", "Photo", graph: "unet")
            .Append(_ml.Transforms.InpaintPhotos(
                "File", "Photo", graph: "unet",
                options: new InpaintingOptions { Output = new() { Format = PhotoFormat.Png } })).Fit(data);
        CompletedRow[] completed = [.. _ml.Data.CreateEnumerable<CompletedRow>(model.Transform(data), reuseRowObject: false)];
        CompletedRow[] reused = [.. _ml.Data.CreateEnumerable<CompletedRow>(model.Transform(data), reuseRowObject: true)
            .Select(r => new CompletedRow { Completed = r.Completed, File = r.File, Name = r.Name })];
        using PredictionEngine<ImageRow, CompletedRow> engine = _ml.Model.CreatePredictionEngine<ImageRow, CompletedRow>(model);
        for (int i = 0; i < rows.Length; i++)
        {
            Assert.Equal(rows[i].Name, completed[i].Name);
            Assert.Equal((rows[i].Photo!.Width, rows[i].Photo!.Height), (completed[i].Completed!.Width, completed[i].Completed!.Height));
            Photo file = PhotoCodec.Decode(completed[i].File!);
            Assert.Equal(completed[i].Completed!.Pixels, file.Pixels);
            Assert.Equal(TestRows.Text(completed[i].Completed), TestRows.Text(reused[i].Completed));
            Assert.Equal(completed[i].File, engine.Predict(rows[i]).File);
            Assert.Equal(TestRows.Text(completed[i].Completed), TestRows.Text(engine.Predict(rows[i]).Completed));
        }
    }

    [Fact]
    public void Images_of_stock_ML_NET_are_read_in_their_channel_order()
    {
        using var folder = new TemporaryFolder();
        MLImage[] images = [.. samples.Rows.Take(4).Select(r => MLImage.CreateFromFile(r.Path))];
        IDataView data = _ml.Data.LoadFromEnumerable(images.Select(i => new ImageRow { Photo = i }));
        List<string> completed = TestRows.Read(
            _ml.Transforms.InpaintPhotos("Completed", "Photo", graph: "unet").Fit(data).Transform(data), "Completed");
        IDataView paths = _ml.Data.TakeRows(samples.View(_ml), 4);
        Assert.Equal(
            TestRows.Read(_ml.Transforms.InpaintPhotos("Completed", "Path", graph: "unet").Fit(paths).Transform(paths), "Completed"),
            completed);
    }

    [Fact]
    public void Relative_paths_start_from_the_folder_option()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(samples.Rows.Select(r => new ImageRow { Name = Path.GetFileName(r.Path) }));
        List<string> Read(IEstimator<ITransformer> estimator, string column) =>
            [.. TestRows.Read(estimator.Fit(data).Transform(data), column)];
        List<string> completed =
            Read(_ml.Transforms.InpaintPhotos(
                "Completed", "Name", options: new InpaintingOptions { Decoding = new() { Folder = samples.Folder } }), "Completed");
        Assert.Equal(samples.Rows.Count, completed.Distinct().Count());
        Assert.Equal(
            samples.Rows.Select(r => $"Photo={TestRows.Text(r.Image)}"),
            Read(_ml.Transforms.LoadPhotos("Photo", "Name", new PhotoLoadingOptions { Decoding = new() { Folder = samples.Folder } }),
            "Photo"));
    }

    [Fact]
    public void The_fill_is_the_completed_photo_cropped_to_the_hole()
    {
        IDataView data = samples.View(_ml);
        IDataView output =
            _ml.Transforms.InpaintPhotos(new InpaintingColumns("Completed", "Path") { Mask = "MaskPath", Fill = "Fill" }, "pushpull")
                .Fit(data).Transform(data);
        MLImage[] completed = [.. output.GetColumn<MLImage>("Completed")], fills = [.. output.GetColumn<MLImage>("Fill")];
        for (int i = 0; i < fills.Length; i++)
        {
            Assert.Equal((20, 18), (fills[i].Width, fills[i].Height));
            int x = completed[i].Width / 3, y = completed[i].Height / 4;
            for (int row = 0; row < 18; row++)
            {
                Assert.Equal(
                    completed[i].Pixels.Slice(4 * (((y + row) * completed[i].Width) + x), 80), fills[i].Pixels.Slice(80 * row, 80));
            }
        }
    }
}
