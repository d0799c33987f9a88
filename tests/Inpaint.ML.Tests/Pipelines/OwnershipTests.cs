using Inpaint.ML.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Inpaint.ML.Tests.Pipelines;

/// <summary>What the look-ahead keeps of earlier rows.</summary>
public sealed class OwnershipTests(Samples samples)
{
    private readonly MLContext _ml = new();

    private sealed class Named
    {
        public string Name { get; set; } = "";
    }

    private sealed class AllTypes
    {
        public string Path { get; set; } = "";

        [PhotoColumn]
        public MLImage? Image { get; set; }

        [VectorType(6)]
        public float[] Vector { get; set; } = [];

        public string Caption { get; set; } = "";

        public bool Flag { get; set; }

        public sbyte Int8 { get; set; }

        public short Int16 { get; set; }

        public long Int64 { get; set; }

        public byte UInt8 { get; set; }

        public ushort UInt16 { get; set; }

        public uint UInt32 { get; set; }

        public ulong UInt64 { get; set; }

        public double Double { get; set; }

        public TimeSpan Time { get; set; }

        public DateTime Date { get; set; }

        public DateTimeOffset Zoned { get; set; }

        [VectorType(2)]
        public bool[] Flags { get; set; } = [];

        public long[] Longs { get; set; } = [];

        public string[] Texts { get; set; } = [];
    }

    [Fact]
    public void Stock_image_transforms_before_it_may_dispose_their_images()
    {
        IDataView names = _ml.Data.LoadFromEnumerable(samples.Rows.Select(r => new Named { Name = Path.GetFileName(r.Path) }));
        IEstimator<ITransformer> stock = _ml.Transforms.LoadImages("Loaded", samples.Folder, "Name")
            .Append(_ml.Transforms.ResizeImages("Resized", 64, 64, "Loaded", ImageResizingEstimator.ResizingKind.Fill))
            .Append(_ml.Transforms.ConvertToGrayscale("Grey", "Resized"));
        IDataView before = stock.Fit(names).Transform(names);
        List<string> expected = TestRows.Read(before, "Resized", "Grey");
        IEstimator<ITransformer> whole =
            stock.Append(
                _ml.Transforms.InpaintPhotos(
                    "Completed", "Resized", options: new InpaintingOptions { Execution = new() { BatchSize = 3, Workers = 2 } }));
        ITransformer model = whole.Fit(names);
        Assert.Equal(expected, TestRows.Read(model.Transform(names), "Resized", "Grey"));

        List<string> completed = TestRows.Read(model.Transform(names), "Completed");
        using PredictionEngine<Named, Everything> engine = _ml.Model.CreatePredictionEngine<Named, Everything>(
            model, ignoreMissingColumns: true);
        Assert.Equal(
            completed, samples.Rows.Select(
                r => $"Completed={TestRows.Text(engine.Predict(new Named { Name = Path.GetFileName(r.Path) }).Completed)}"));
    }

    [Fact]
    public void Stock_image_transforms_after_it_accept_its_images()
    {
        IDataView data = samples.View(_ml);
        IDataView output = _ml.Transforms.InpaintPhotos("Completed", "Path", graph: "unet")
            .Append(_ml.Transforms.ResizeImages("Completed", 32, 32))
            .Append(_ml.Transforms.ExtractPixels("Pixels", "Completed"))
            .Append(_ml.Transforms.NormalizeMinMax("Pixels"))
            .Fit(data).Transform(data);
        float[][] pixels = [.. output.GetColumn<float[]>("Pixels")];
        Assert.All(pixels, p => Assert.Equal(3 * 32 * 32, p.Length));
        Assert.All(pixels, p => Assert.All(p, v => Assert.InRange(v, 0, 1)));
        Assert.Equal(pixels.Length, pixels.Select(p => p.Sum()).Distinct().Count());
    }

    [Fact]
    public void Columns_of_every_type_pass_through_with_their_annotations()
    {
        IDataView plain = _ml.Data.LoadFromEnumerable(samples.Rows.Select((r, i) => new AllTypes
        {
            Path = r.Path,
            Image = r.Image,
            Vector = r.Vector,
            Caption = r.Caption,
            Flag = i % 3 == 0,
            Int8 = (sbyte)-i,
            Int16 = (short)(-300 * i),
            Int64 = -i * 10_000_000_000,
            UInt8 = (byte)(20 * i),
            UInt16 = (ushort)(4000 * i),
            UInt32 = uint.MaxValue - (uint)i,
            UInt64 = ulong.MaxValue - (ulong)i,
            Double = i / 7.0,
            Time = TimeSpan.FromMinutes(i),
            Date = new DateTime(2021, 2, 3, i, 0, 0, DateTimeKind.Utc),
            Zoned = new DateTimeOffset(2021, 2, 3, i, 0, 0, TimeSpan.FromHours(i - 5)),
            Flags = [i % 2 == 0, true],
            Longs = [.. Enumerable.Range(0, i).Select(k => (long)k)],
            Texts = r.Captions,
        }));
        IDataView data = _ml.Transforms.Conversion.MapValueToKey("Key", "Caption")
            .Append(_ml.Transforms.Categorical.OneHotEncoding("Sparse", "Path"))
            .Append(_ml.Transforms.Text.TokenizeIntoWords("Tokens", "Caption"))
            .Append(_ml.Transforms.Conversion.MapValueToKey("TokenKeys", "Tokens"))
            .Fit(plain).Transform(plain);
        string[] names = [.. data.Schema.Where(c => !c.IsHidden).Select(c => c.Name)];
        IDataView output =
            _ml.Transforms.InpaintPhotos(
                "Completed", "Path", options: new InpaintingOptions { Execution = new() { BatchSize = 3, Workers = 2 } })
            .Append(_ml.Transforms.ScoreOnnx(
                "Y", "Vector", samples.VectorGraph, new OnnxScoringOptions { Execution = new() { BatchSize = 4 } })).Fit(data)
                    .Transform(data);
        List<DataViewSchema.Column> columns = [.. names.Select(n => output.Schema[n])];
        using DataViewRowCursor cursor = output.GetRowCursor(output.Schema);
        Assert.Equal(TestRows.Read(data, names), TestRows.Read(cursor, columns));
        foreach (string name in names)
        {
            Assert.Equal(data.Schema[name].Type, output.Schema[name].Type);
            Assert.Equal(
                data.Schema[name].Annotations.Schema.Select(a => a.Name), output.Schema[name].Annotations.Schema.Select(a => a.Name));
        }

        IDataView words = _ml.Transforms.Conversion.MapKeyToValue("Back", "Key").Fit(output).Transform(output);
        Assert.Equal(samples.Rows.Select(r => r.Caption), words.GetColumn<string>("Back"));
        VBuffer<ReadOnlyMemory<char>> slots = default;
        output.Schema["Sparse"].GetSlotNames(ref slots);
        Assert.Equal(samples.Rows.Count, slots.Length);
        using DataViewRowCursor again = output.GetRowCursor(output.Schema);
        ValueGetter<VBuffer<float>> sparse = again.GetGetter<VBuffer<float>>(output.Schema["Sparse"]);
        Assert.True(again.MoveNext());
        VBuffer<float> vector = default;
        sparse(ref vector);
        Assert.False(vector.IsDense);
    }
}
