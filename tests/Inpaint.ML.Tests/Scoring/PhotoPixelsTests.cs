using Inpaint.ML.Tests.Support;
using Inpaint.Scenes;
using Inpaint.TestSupport;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Microsoft.ML.Transforms.Image;
using SkiaSharp;

namespace Inpaint.ML.Tests.Scoring;

/// <summary>Pictures of different sizes for any graph.</summary>
public sealed class PhotoPixelsTests : IDisposable
{
    private readonly MLContext _ml = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(TensorLayout.Nchw, ChannelOrder.Rgb, 0, 1 / 255f)]
    [InlineData(TensorLayout.Nchw, ChannelOrder.Bgr, 127.5f, 1 / 127.5f)]
    [InlineData(TensorLayout.Nhwc, ChannelOrder.Rgb, 0, 1)]
    [InlineData(TensorLayout.Nhwc, ChannelOrder.Bgr, 10, 0.5f)]
    public void Scores_of_pictures_of_several_sizes_are_those_of_ONNX_Runtime_alone(
        TensorLayout layout, ChannelOrder order, float offset, float scale)
    {
        byte[] graph = Graph(layout);
        Picture[] pictures = [.. new[] { (20, 12), (33, 40), (20, 12), (12, 20), (1, 1), (64, 48) }.Select((size, i) => Draw(i, size))];
        IDataView data = _ml.Data.LoadFromEnumerable(pictures);
        var options = new PhotoPixelsOptions { Layout = layout, Order = order, Offset = offset, Scale = scale };
        ITransformer model = _ml.Transforms.ExtractPhotoPixels("pixels", "size", "Path", options)
            .Append(_ml.Transforms.ScoreOnnx(
                ["colours", "doubled"], ["pixels"], graph,
                new OnnxScoringOptions { ShapeColumns = new Dictionary<string, string> { ["pixels"] = "size" } }))
            .Fit(data);
        _ml.Model.Save(model, data.Schema, _folder.File("model.zip"));
        ITransformer loaded = new MLContext().Model.Load(_folder.File("model.zip"), out _);
        using var session = new InferenceSession(graph);
        foreach (ITransformer either in new[] { model, loaded })
        {
            IDataView scored = either.Transform(data);
            float[][] colours = [.. scored.GetColumn<float[]>("colours")], doubled = [.. scored.GetColumn<float[]>("doubled")];
            for (int i = 0; i < pictures.Length; i++)
            {
                float[][] expected = Alone(session, pictures[i].Path, layout, order, offset, scale);
                Assert.Equal(expected[0], colours[i], (a, b) => Math.Abs(a - b) <= 1e-4f * Math.Max(1, Math.Abs(a)));
                Assert.Equal(expected[1], doubled[i], (a, b) => Math.Abs(a - b) <= 1e-4f * Math.Max(1, Math.Abs(a)));
            }
        }
    }

    [Fact]
    public void Paths_bytes_and_images_give_the_same_numbers_as_stock_ExtractPixels()
    {
        Picture[] pictures = [.. Enumerable.Range(0, 3).Select(i => Draw(i, (24, 16)))];
        IDataView data = _ml.Transforms.LoadImages("Image", null, "Path").Fit(_ml.Data.LoadFromEnumerable(pictures))
            .Transform(_ml.Data.LoadFromEnumerable(pictures));
        IDataView resized = _ml.Transforms.ResizeImages("Image", 24, 16, "Image").Append(_ml.Transforms.ExtractPixels(
            "stock", "Image", orderOfExtraction: ImagePixelExtractingEstimator.ColorsOrder.ABGR, offsetImage: 100, scaleImage: 0.25f))
            .Fit(data).Transform(data);
        float[][] expected = [.. resized.GetColumn<float[]>("stock")];
        var options = new PhotoPixelsOptions { Order = ChannelOrder.Bgr, Offset = 100, Scale = 0.25f };
        foreach (string column in new[] { "Path", "Bytes", "Image" })
        {
            IDataView extracted = _ml.Transforms.ExtractPhotoPixels("pixels", "size", column, options).Fit(data).Transform(data);
            Assert.Equal(expected, extracted.GetColumn<float[]>("pixels"));
            Assert.All(extracted.GetColumn<long[]>("size"), size => Assert.Equal([3, 16, 24], size));
        }
    }

    [Fact]
    public void A_bad_picture_is_an_error_that_names_it_or_a_row_with_a_status()
    {
        string bad = _folder.File("bad.png");
        File.WriteAllBytes(bad, [1, 2, 3]);
        IDataView data = _ml.Data.LoadFromEnumerable([Draw(0, (8, 8)), new Picture { Path = bad }, Draw(1, (8, 8))]);
        IDataView strict = _ml.Transforms.ExtractPhotoPixels("pixels", "size", "Path").Fit(data).Transform(data);
        PhotoException error = Assert.Throws<PhotoException>(() => _ = strict.GetColumn<float[]>("pixels").ToList());
        Assert.Contains("bad.png", error.Message, StringComparison.Ordinal);
        IDataView rows = _ml.Transforms.ExtractPhotoPixels("pixels", "size", "Path", new PhotoPixelsOptions { OnError = OnError.Row })
            .Fit(data).Transform(data);
        Assert.Equal(["ok", "bad_photo", "ok"], rows.GetColumn<string>("pixelsStatus"));
        Assert.Equal([192, 0, 192], rows.GetColumn<float[]>("pixels").Select(p => p.Length));
        Assert.Contains("bad.png", rows.GetColumn<string>("pixelsError").ElementAt(1), StringComparison.Ordinal);
        Assert.Throws<SettingException>(
            () => _ml.Transforms.ExtractPhotoPixels("pixels", "size", "Path", new PhotoPixelsOptions { Scale = float.NaN }));
    }

    private Picture Draw(int seed, (int Width, int Height) size)
    {
        Photo scene = SceneGenerator.Draw(seed, 64).Photo;
        byte[] png = PhotoCodec.Encode(scene.Crop(new PixelRect(0, 0, size.Width, size.Height)));
        string path = _folder.File($"{seed}.png");
        File.WriteAllBytes(path, png);
        return new Picture { Path = path, Bytes = png };
    }

    /// <summary>The mean of each colour, and each number doubled: an output of one size and one of any size.</summary>
    private static byte[] Graph(TensorLayout layout)
    {
        bool planes = layout == TensorLayout.Nchw;
        var builder = new GraphBuilder("any size");
        string x = builder.Input("pixels", DataType.Float, planes ? ["N", 3, "H", "W"] : ["N", "H", "W", 3]);
        builder.Output(
            "colours",
            builder.Node("ReduceMean", [x], ("axes", planes ? [2L, 3] : new long[] { 1, 2 }), ("keepdims", 0)), DataType.Float, "N", 3);
        builder.Output("doubled", builder.Node("Mul", [x, builder.Constant("two", [2f])]), DataType.Float,
            planes ? ["N", 3, "H", "W"] : ["N", "H", "W", 3]);
        return builder.Build().ToBytes();
    }

    /// <summary>The outputs of ONNX Runtime on a tensor that is filled pixel by pixel from SkiaSharp's bitmap.</summary>
    private static float[][] Alone(
        InferenceSession session, string path, TensorLayout layout, ChannelOrder order, float offset, float scale)
    {
        using var bitmap = SKBitmap.Decode(path);
        bool planes = layout == TensorLayout.Nchw;
        var tensor = new DenseTensor<float>(planes ? [1, 3, bitmap.Height, bitmap.Width] : [1, bitmap.Height, bitmap.Width, 3]);
        for (int y = 0; y < bitmap.Height; y++)
        {
            for (int x = 0; x < bitmap.Width; x++)
            {
                SKColor colour = bitmap.GetPixel(x, y);
                byte[] channels = order == ChannelOrder.Rgb
                    ? [colour.Red, colour.Green, colour.Blue] : [colour.Blue, colour.Green, colour.Red];
                for (int c = 0; c < 3; c++)
                {
                    float value = (channels[c] - offset) * scale;
                    if (planes)
                    {
                        tensor[0, c, y, x] = value;
                    }
                    else
                    {
                        tensor[0, y, x, c] = value;
                    }
                }
            }
        }

        using var results = session.Run([NamedOnnxValue.CreateFromTensor("pixels", tensor)]);
        return [.. results.Select(r => r.AsEnumerable<float>().ToArray())];
    }

    private sealed class Picture
    {
        public string Path { get; set; } = "";

        public byte[] Bytes { get; set; } = [];
    }
}
