using Inpaint.ML.Tests.Support;
using Inpaint.Scenes;
using Inpaint.TestSupport;
using Microsoft.ML;
using Microsoft.ML.Data;

[assembly: AssemblyFixture(typeof(Samples))]

namespace Inpaint.ML.Tests.Support;

/// <summary>A photo in every supported form, with unrelated columns.</summary>
internal sealed class SampleRow
{
    public string Path { get; set; } = "";

    public byte[]? Bytes { get; set; }

    [PhotoColumn]
    public MLImage? Image { get; set; }

    public string MaskPath { get; set; } = "";

    public string Caption { get; set; } = "";

    public string[] Captions { get; set; } = [];

    public bool Label { get; set; }

    public float Number { get; set; }

    public int Whole { get; set; }

    public DateTime Taken { get; set; }

    [VectorType(6)]
    public float[] Vector { get; set; } = [];
}

/// <summary>Scenes of several sizes as files, bytes and images, with masks and captions, and graphs for them.</summary>
public sealed class Samples : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public Samples()
    {
        Rows = [.. Enumerable.Range(0, 14).Select(Make)];
        CaptionGraph = TinyGraphs.WriteCaptionGraph(_folder.File("captioned"), required: false);
        VectorGraph = _folder.File("vector.onnx");
        File.WriteAllBytes(VectorGraph, TinyGraphs.Affine(6));
    }

    /// <summary>A graph whose fill is a colour that depends on the photo and on the caption.</summary>
    public string CaptionGraph { get; }

    /// <summary>An ONNX file: <c>y = 2x + 1</c> for vectors of six.</summary>
    public string VectorGraph { get; }

    public string Folder => _folder.Path;

    internal IReadOnlyList<SampleRow> Rows { get; }

    internal IDataView View(MLContext ml) => ml.Data.LoadFromEnumerable(Rows);

    /// <summary>A scene cropped to a size.</summary>
    internal static Photo Scene(int index, int width, int height) =>
        SceneGenerator.Draw(index, Math.Max(width, height), seed: 5).Photo.Crop(new PixelRect(0, 0, width, height));

    /// <summary>A mask of boxes.</summary>
    internal static Photo MaskOf(int width, int height, params PixelRect[] boxes)
    {
        var mask = new Photo(width, height);
        foreach (PixelRect box in boxes)
        {
            for (int y = box.Y; y < box.Bottom; y++)
            {
                mask.Pixels.Slice(4 * ((y * width) + box.X), 4 * box.Width).Fill(255);
            }
        }

        return mask;
    }

    public void Dispose() => _folder.Dispose();

    private SampleRow Make(int i)
    {
        (int width, int height) = (i % 3) switch { 0 => (64, 64), 1 => (97, 131), _ => (120, 80) };
        Photo photo = Scene(i, width, height);
        byte[] png = PhotoCodec.Encode(photo);
        string path = _folder.File($"photo-{i:D2}.png"), mask = _folder.File($"mask-{i:D2}.png");
        File.WriteAllBytes(path, png);
        File.WriteAllBytes(mask, PhotoCodec.Encode(MaskOf(width, height, new PixelRect(width / 3, height / 4, 20, 18))));
        string caption = SceneGenerator.Describe(i, 64, 5).Caption;
        return new SampleRow
        {
            Path = path,
            Bytes = png,
            Image = MLImage.CreateFromPixels(width, height, MLPixelFormat.Rgba32, photo.Pixels),
            MaskPath = mask,
            Caption = caption,
            Captions = i % 4 == 0 ? [] : [caption, "a red car"],
            Label = i % 2 == 0,
            Number = i * 1.5f,
            Whole = i * i,
            Taken = new DateTime(2020, 1, 1 + i, 12, 0, 0, DateTimeKind.Utc),
            Vector = [.. Enumerable.Range(0, 6).Select(k => (i * 0.25f) - k)],
        };
    }
}
