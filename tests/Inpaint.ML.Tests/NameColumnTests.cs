using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Tests;

public sealed class NameColumnTests
{
    private sealed class Input
    {
        public byte[] Photo { get; set; } = [];

        public string Entry { get; set; } = "";
    }

    private sealed class Output
    {
        public string Status { get; set; } = "";

        public string Error { get; set; } = "";
    }

    [Fact]
    public void A_bad_photo_is_named_by_its_name_column()
    {
        var ml = new MLContext();
        IDataView data = ml.Data.LoadFromEnumerable([new Input { Photo = [1, 2, 3], Entry = "holiday/beach.jpg" }]);
        var columns = new InpaintingColumns("Completed", "Photo") { Name = "Entry", Status = "Status", Error = "Error" };
        var estimator = ml.Transforms.InpaintPhotos(columns, options: new InpaintingOptions { OnError = OnError.Row });
        Output row = Assert.Single(ml.Data.CreateEnumerable<Output>(estimator.Fit(data).Transform(data), reuseRowObject: false));
        Assert.Equal("bad_photo", row.Status);
        Assert.StartsWith("holiday/beach.jpg is not a picture", row.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_column_that_is_not_text_is_rejected()
    {
        var ml = new MLContext();
        IDataView data = ml.Data.LoadFromEnumerable([new Input()]);
        var estimator = ml.Transforms.InpaintPhotos(new InpaintingColumns("Completed", "Photo") { Name = "Photo" });
        Assert.Contains("Photo", Assert.ThrowsAny<ArgumentException>(() => estimator.Fit(data)).Message, StringComparison.Ordinal);
    }
}
