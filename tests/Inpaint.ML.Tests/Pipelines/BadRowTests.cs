using Inpaint.ML.Tests.Support;
using Inpaint.TestSupport;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Tests.Pipelines;

/// <summary>Rows that failed, and ML.NET's own image transforms after them.</summary>
public sealed class BadRowTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new();

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (string verb in new[] { "InpaintPhotos", "LoadPhotos", "PasteFills", "behind InpaintPhotos" })
            {
                foreach (string rows in new[] { "good bad good", "bad good", "good good bad", "good bad bad good" })
                {
                    cases.Add(verb, rows);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void With_BlankBadRows_a_bad_row_is_black_for_image_transforms(string verb, string rows)
    {
        IDataView data = View(rows);
        IDataView output = Resized(verb, blank: true).Fit(data).Transform(data);
        float[][] pixels = [.. output.GetColumn<float[]>("Pixels")];
        bool[] bad = [.. rows.Split(' ').Select(row => row == "bad")];
        Assert.Equal(bad, pixels.Select(p => p.All(value => value == 0)));
        Assert.All(pixels, p => Assert.Equal(48, p.Length));
        Assert.Equal(bad.Select(b => b ? (1, 1) : (64, 64)), output.GetColumn<MLImage>("C").Select(i => (i.Width, i.Height)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Without_it_the_error_names_the_row_the_file_and_the_remedy(string verb, string rows)
    {
        IDataView data = View(rows);
        IDataView output = Resized(verb, blank: false).Fit(data).Transform(data);
        PhotoException error = Assert.Throws<PhotoException>(() => output.GetColumn<float[]>("Pixels").ToList());
        int first = Array.IndexOf(rows.Split(' '), "bad");
        Assert.Contains($"Row {first}:", error.Message, StringComparison.Ordinal);
        Assert.True(verb == "behind InpaintPhotos" || error.Message.Contains($"bad{first}.png", StringComparison.Ordinal), error.Message);
        Assert.Contains("BlankBadRows", error.Message, StringComparison.Ordinal);
        Assert.Contains("FilterFailedRows", error.Message, StringComparison.Ordinal);
        // Readers of values have nulls.
        Assert.Equal(rows.Split(' ').Select(row => row == "bad"), output.GetColumn<MLImage>("C").Select(image => image is null));
    }

    [Fact]
    public void A_format_gives_blank_files()
    {
        IDataView data = View("good bad");
        var options = new InpaintingOptions { OnError = OnError.Row, BlankBadRows = true, Output = new() { Format = PhotoFormat.Png } };
        ITransformer model = _ml.Transforms.InpaintPhotos("File", "Path", graph: "membrane", options: options).Fit(data);
        byte[][] files = [.. model.Transform(data).GetColumn<byte[]>("File")];
        Assert.Equal([(64, 64), (1, 1)], files.Select(file =>
        {
            Photo photo = PhotoCodec.Decode(file);
            return (photo.Width, photo.Height);
        }));
    }

    [Theory]
    [InlineData("C")]
    [InlineData("CStatus")]
    public void Failed_rows_are_filtered_out(string column)
    {
        IDataView data = View("bad good bad bad good good bad");
        foreach (string verb in new[] { "InpaintPhotos", "LoadPhotos" })
        {
            IDataView output = Step(verb, blank: false).Fit(data).Transform(data);
            IDataView good = _ml.Data.FilterFailedRows(output, column);
            int[] kept = [1, 4, 5];
            Assert.Equal(kept, good.GetColumn<int>("Id"));
            List<string> all = TestRows.Read(output);
            Assert.Equal(kept.Select(i => all[i]), TestRows.Read(good));
            IDataView resized = _ml.Transforms.ResizeImages("S", 4, 4, "C").Append(_ml.Transforms.ExtractPixels("Pixels", "S")).Fit(good)
                .Transform(good);
            Assert.Equal(3, resized.GetColumn<float[]>("Pixels").Count(p => p.Any(value => value > 0)));
            Assert.Equal(kept.Order(), _ml.Data.ShuffleRows(good, seed: 1).GetColumn<int>("Id").Order());
            using DataViewRowCursor cursor = good.GetRowCursor([good.Schema["Id"]]);
            Assert.False(cursor.IsColumnActive(good.Schema["CStatus"]));
        }
    }

    [Fact]
    public void A_view_without_status_cannot_be_filtered()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => _ml.Data.FilterFailedRows(View("good"), "Id"));
        Assert.Contains("no text column 'IdStatus' or 'Id'; it has Id, Path", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private IEstimator<ITransformer> Resized(string verb, bool blank) => Step(verb, blank)
        .Append(_ml.Transforms.ResizeImages("S", 4, 4, "C")).Append(_ml.Transforms.ExtractPixels("Pixels", "S"));

    private IEstimator<ITransformer> Step(string verb, bool blank)
    {
        var loading = new PhotoLoadingOptions { OnError = OnError.Row, BlankBadRows = blank };
        var inpainting = new InpaintingOptions { OnError = OnError.Row, BlankBadRows = blank };
        var masking = new PhotoMaskingOptions { OnError = OnError.Row, BlankBadRows = blank };
        return verb switch
        {
            "LoadPhotos" => _ml.Transforms.LoadPhotos("C", "Path", loading),
            "PasteFills" => _ml.Transforms.MaskPhotos("P", "H", "W", "Path", graph: "membrane", options: masking)
                .Append(_ml.Transforms.ScoreOnnx("F", "P", "membrane"))
                .Append(_ml.Transforms.PasteFills(
                    "C", "Path", "F", "W", graph: "membrane", options: new FillPastingOptions { Masking = masking })),
            "behind InpaintPhotos" => _ml.Transforms.LoadPhotos("C", "Path", loading)
                .Append(_ml.Transforms.InpaintPhotos("Other", "C", graph: "membrane", options: inpainting)),
            _ => _ml.Transforms.InpaintPhotos("C", "Path", graph: "membrane", options: inpainting),
        };
    }

    private IDataView View(string rows) => _ml.Data.LoadFromEnumerable(rows.Split(' ').Select((kind, i) =>
    {
        string path = _folder.File($"{kind}{i}.png");
        File.WriteAllBytes(path, kind == "good" ? PhotoCodec.Encode(Samples.Scene(i, 64, 64)) : "no picture"u8.ToArray());
        return new Row { Id = i, Path = path };
    }).ToList());

    private sealed class Row
    {
        public int Id { get; set; }

        public string Path { get; set; } = "";
    }
}
