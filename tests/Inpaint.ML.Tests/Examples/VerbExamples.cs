using System.Text.RegularExpressions;
using Inpaint.ML.Tests.Support;
using Inpaint.TestSupport;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Tests.Examples;

/// <summary>The examples in the documentation comments of this package, compiled and run.</summary>
public sealed partial class VerbExamples(Samples samples)
{
    private sealed record Row(string ImagePath, string MaskPath, string Caption);

    [Fact]
    public void Examples_run()
    {
        var ml = new MLContext();
        IDataView captions = ml.Data.LoadFromEnumerable(samples.Rows.Select(r => new Row(r.Path, r.MaskPath, r.Caption)));
        IDataView photos = ml.Data.TakeRows(captions, 1);
        {
            var columns = new InpaintingColumns("Completed", "ImagePath") { Status = "Status", Error = "Error" };
            ITransformer model = ml.Transforms.InpaintPhotos(columns, options: new() { OnError = OnError.Row }).Fit(photos);
            string[] failed = [.. model.Transform(photos).GetColumn<string>("Error").Where(error => error.Length > 0)];
            Assert.Empty(failed);
            ITransformer other = model.WithGraph("onnx/pushpull");
            Assert.Equal("pushpull", Assert.IsType<PhotoInpaintingTransformer>(other).Manifest.Name);
        }
        {
            ITransformer model = ml.Transforms.LoadPhotos("Photo", "ImagePath")
                .Append(ml.Transforms.ResizeImages("Small", 32, 32, "Photo"))
                .Append(ml.Transforms.ExtractPixels("Pixels", "Small")).Fit(photos);
            Assert.All(model.Transform(photos).GetColumn<float[]>("Pixels"), pixels => Assert.Equal(3 * 32 * 32, pixels.Length));
        }
        {
            ITransformer model = ml.Transforms.MaskPhotos("Picture", "Hidden", "Window", "ImagePath", "MaskPath", "unet")
                .Append(ml.Transforms.ScoreOnnx("Fill", "Picture", "unet"))
                .Append(ml.Transforms.PasteFills("Completed", "ImagePath", "Fill", "Window", "MaskPath", "unet")).Fit(photos);
            Assert.All(model.Transform(photos).GetColumn<MLImage>("Completed"), Assert.NotNull);
        }
        {
            ITransformer words = ml.Transforms.FeaturizeCaptions("Words", "Caption").Fit(captions);
            VBuffer<ReadOnlyMemory<char>> names = default;
            words.Transform(captions).Schema["Words"].GetSlotNames(ref names);
            Assert.NotEqual(0, names.Length);
        }
        {
            IDataView loaded =
                ml.Transforms.LoadPhotos("Photo", "ImagePath", new() { OnError = OnError.Row }).Fit(photos).Transform(photos);
            IDataView good = ml.Data.FilterFailedRows(loaded, "Photo");
            Assert.Single(good.GetColumn<string>("PhotoStatus"));
        }
        {
            string before = Environment.CurrentDirectory;
            Environment.CurrentDirectory = samples.Folder;
            try
            {
                File.Copy(samples.Rows[0].Path, "photo.jpg");
                File.Copy(samples.Rows[0].MaskPath, "mask.png");
                CompleteFiles(ml);
                ScoreAnySize(ml, photos);
            }
            finally
            {
                Environment.CurrentDirectory = before;
            }
        }
    }

    private static void ScoreAnySize(MLContext ml, IDataView photos)
    {
        var builder = new GraphBuilder("any size");
        string x = builder.Input("pixels", DataType.Float, "N", 3, "H", "W");
        builder.Output(
            "colours", builder.Node("ReduceMean", [x], ("axes", new long[] { 2, 3 }), ("keepdims", 0)), DataType.Float, "N", 3);
        builder.Build().Write("any-size.onnx");
        var sizes = new Dictionary<string, string> { ["pixels"] = "size" };
        ITransformer model = ml.Transforms.ExtractPhotoPixels("pixels", "size", "ImagePath", new() { Scale = 1 / 255f })
            .Append(ml.Transforms.ScoreOnnx(["colours"], ["pixels"], "any-size.onnx", new() { ShapeColumns = sizes })).Fit(photos);
        Assert.All(model.Transform(photos).GetColumn<float[]>("colours"), c => Assert.All(c, v => Assert.InRange(v, 0, 1)));
    }

    private static void CompleteFiles(MLContext ml)
    {
        IDataView photos = ml.Data.LoadFromEnumerable([new { ImagePath = "photo.jpg", MaskPath = "mask.png" }]);
        ITransformer model = ml.Transforms.InpaintPhotos("Completed", "ImagePath", maskColumnName: "MaskPath").Fit(photos);
        using MLImage completed = model.Transform(photos).GetColumn<MLImage>("Completed").First();
        Assert.Equal(64, completed.Width);
    }

    [Fact]
    public void Examples_of_verbs_are_these()
    {
        string code = Normal(File.ReadAllText(Path.Combine(Places.Repository, "tests/Inpaint.ML.Tests/Examples/VerbExamples.cs")));
        string verbs = File.ReadAllText(Path.Combine(Places.Repository, "src/Inpaint.ML/InpaintCatalog.cs"))
            + File.ReadAllText(Path.Combine(Places.Repository, "src/Inpaint.ML/GraphSwap.cs"));
        string[] examples = [.. Example().Matches(verbs).Select(m => Normal(m.Groups[1].Value
            .Replace("///", "", StringComparison.Ordinal).Replace("&lt;", "<", StringComparison.Ordinal)))];
        Assert.True(examples.Length >= 8, $"{examples.Length} examples");
        Assert.All(examples, example => Assert.Contains(example, code, StringComparison.Ordinal));
    }

    private static string Normal(string code) => Spaces().Replace(code, " ").Trim();

    [GeneratedRegex("<code>(.*?)</code>", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
