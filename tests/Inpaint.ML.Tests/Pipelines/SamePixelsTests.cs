using Inpaint.ML.Tests.Support;
using Inpaint.Scenes;
using Inpaint.TestSupport;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Tests.Pipelines;

/// <summary>Compares the chain with InpaintPhotos, bit for bit.</summary>
public sealed class SamePixelsTests(Samples samples) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new();

    public static TheoryData<int, int, string> Cases()
    {
        var cases = new TheoryData<int, int, string>();
        foreach ((int width, int height) in new[] { (64, 64), (97, 131), (640, 480) })
        {
            foreach (string setting in new[] { "plain", "feather", "window", "mask", "free mask", "one window", "caption", "caption mask",
                "jpeg window", "bytes out" })
            {
                cases.Add(width, height, setting);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_chain_and_InpaintPhotos_give_the_same_pixels(int width, int height, string setting)
    {
        var options = new InpaintingOptions { Execution = new() { BatchSize = 2 } };
        options = setting switch
        {
            "feather" => options with { Fill = options.Fill with { Feather = 4 } },
            "window" or "jpeg window" => options with { Output = new() { Region = OutputRegion.Window } },
            "free mask" => options with { Fill = options.Fill with { PictureSide = 96, Feather = 2 } },
            "one window" => options with { Fill = options.Fill with { WindowPerComponent = false } },
            "bytes out" => options with { Output = new() { Format = PhotoFormat.Png } },
            _ => options,
        };
        string graph = setting switch
        {
            "free mask" => "pushpull",
            "caption" or "caption mask" => samples.CaptionGraph,
            _ => "membrane",
        };
        string? mask = setting.Contains("mask", StringComparison.Ordinal) || setting == "one window" ? "MaskPath" : null;
        int count = width > 200 ? 1 : 3;
        SampleRow[] rows = [.. Enumerable.Range(0, count)
            .Select(i => Make(i, width, height, setting == "jpeg window" ? PhotoFormat.Jpeg : PhotoFormat.Png))];
        IDataView data = _ml.Data.LoadFromEnumerable(rows);

        IDataView line = _ml.Transforms.InpaintPhotos("Completed", "Path", "Caption", graph: graph, options: options,
            maskColumnName: mask).Fit(data).Transform(data);
        List<string> expected = TestRows.Read(line, "Completed");
        Assert.Equal(count, expected.Distinct().Count());
        foreach (bool loaded in new[] { false, true })
        {
            if (!loaded || setting != "jpeg window")
            {
                Assert.Equal(expected, TestRows.Read(Chain(graph, options, mask, loaded).Fit(data).Transform(data), "Completed"));
            }
        }

        if (options.Output is { Region: OutputRegion.Photo, Format: null })
        {
            CheckKnownPixels(rows, [.. line.GetColumn<MLImage>("Completed")], mask is not null);
        }
    }

    public void Dispose() => _folder.Dispose();

    private IEstimator<ITransformer> Chain(string graph, InpaintingOptions options, string? mask, bool loaded)
    {
        string photo = loaded ? "Photo" : "Path";
        var masking = new PhotoMaskingOptions { PictureSide = options.Fill.PictureSide, Region = options.Output.Region,
            WindowPerComponent = options.Fill.WindowPerComponent };
        var pasting = new FillPastingOptions { Masking = masking, Feather = options.Fill.Feather, Format = options.Output.Format };
        IEstimator<ITransformer> chain = _ml.Transforms.MaskPhotos("Picture", "Hidden", "Window", photo, mask, graph, masking);
        InputOutputColumnPair image = new("image", "Picture");
        InputOutputColumnPair[] inputs = graph == "pushpull" ? [image, new("mask", "Hidden")] : [image];
        if (graph == samples.CaptionGraph)
        {
            chain = chain.Append(_ml.Transforms.FeaturizeCaptions("Words", "Caption", graph));
            inputs = [image, new("caption", "Words")];
        }

        chain = chain.Append(
            _ml.Transforms.ScoreOnnx(
                [new InputOutputColumnPair("Fill", graph == "pushpull" ? "output" : "fill")], inputs, graph,
                new OnnxScoringOptions { Execution = new() { BatchSize = 2 } }))
            .Append(_ml.Transforms.PasteFills("Completed", photo, "Fill", "Window", mask, graph, pasting));
        return loaded ? _ml.Transforms.LoadPhotos("Photo", "Path").Append(chain) : chain;
    }

    private static void CheckKnownPixels(SampleRow[] rows, MLImage[] completed, bool masked)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            Photo photo = PhotoCodec.Decode(rows[i].Path);
            Photo? mask = masked ? PhotoCodec.Decode(rows[i].MaskPath) : null;
            int side = Math.Min(photo.Width, photo.Height), changed = 0;
            for (int at = 0; at < photo.Width * photo.Height; at++)
            {
                // The default hole is the centre half of the centred square; a pixel around it may round either way.
                double dx = Math.Abs((at % photo.Width) + 0.5 - (photo.Width / 2.0)),
                    dy = Math.Abs((at / photo.Width) + 0.5 - (photo.Height / 2.0));
                bool known = mask is not null ? mask.Pixels[4 * at] == 0 : Math.Max(dx, dy) > (side / 4.0) + 1;
                bool same = completed[i].Pixels.Slice(4 * at, 4).SequenceEqual(photo.Pixels.Slice(4 * at, 4));
                Assert.True(same || !known, $"Photo {i}: known pixel {at} changed.");
                changed += same ? 0 : 1;
            }

            Assert.NotEqual(0, changed);
        }
    }

    private SampleRow Make(int i, int width, int height, PhotoFormat format)
    {
        string path = _folder.File($"{i}.{format}"), mask = _folder.File($"{i}-mask.png");
        File.WriteAllBytes(path, PhotoCodec.Encode(Samples.Scene(i, width, height), format));
        PixelRect[] boxes = [new(5 + i, 7, width / 5, height / 4), new(width / 2, height / 2, width / 4, height / 5)];
        File.WriteAllBytes(mask, PhotoCodec.Encode(Samples.MaskOf(width, height, boxes)));
        string caption = i == 2 ? "" : $"a {TinyGraphs.Words[i]} thing";
        return new SampleRow { Path = path, MaskPath = mask, Caption = caption, Vector = new float[6] };
    }
}
