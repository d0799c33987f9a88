using System.Reflection;
using Inpaint.Jobs;
using Inpaint.ML.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Tests.Conformance;

/// <summary>Names and types that ML.NET checks, checked as early.</summary>
public sealed class ContractTests(Samples samples)
{
    private readonly MLContext _ml = new();

    public static TheoryData<string> Cases => TransformerCase.Names;

    [Fact]
    public void No_public_type_has_the_name_of_a_type_of_ML_NET()
    {
        Assembly[] ours = [typeof(Photo).Assembly, typeof(Inpainter).Assembly, typeof(InpaintCatalog).Assembly, typeof(JobFolder).Assembly];
        Assembly[] stock = [.. Directory.GetFiles(AppContext.BaseDirectory, "Microsoft.ML*.dll").Select(Assembly.LoadFrom)];
        Assert.Contains("Microsoft.ML.OnnxTransformer", stock.Select(a => a.GetName().Name));
        HashSet<string> taken = [.. stock.SelectMany(a => a.GetExportedTypes()).Where(t => !t.IsNested).Select(t => t.Name)];
        Assert.Contains("OnnxScoringEstimator", taken);
        Assert.Empty(ours.SelectMany(a => a.GetExportedTypes()).Where(t => !t.IsNested && taken.Contains(t.Name)).Select(t => t.FullName));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_getter_for_another_type_is_refused_when_it_is_requested(string name)
    {
        IDataView data = samples.View(_ml);
        IDataView output = TransformerCase.Named(name).Estimator(_ml, samples).Fit(data).Transform(data);
        using DataViewRowCursor cursor = output.GetRowCursor(output.Schema);
        IRowToRowMapper mapper = TransformerCase.Named(name).Estimator(_ml, samples).Fit(data).GetRowToRowMapper(data.Schema);
        using DataViewRowCursor source = data.GetRowCursor(data.Schema);
        using DataViewRow row = mapper.GetRow(source, mapper.OutputSchema);
        foreach (DataViewSchema.Column column in output.Schema)
        {
            Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<DateTimeOffset>(column));
            Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<VBuffer<DateTimeOffset>>(column));
            Assert.Throws<InvalidOperationException>(() => row.GetGetter<DateTimeOffset>(mapper.OutputSchema[column.Index]));
        }
    }

    [Fact]
    public void Columns_without_a_name_or_of_one_name_are_refused()
    {
        Func<IEstimator<ITransformer>>[] nameless =
        [
            () => _ml.Transforms.InpaintPhotos((string)null!, "Path"),
            () => _ml.Transforms.LoadPhotos(null!, "Path"),
            () => _ml.Transforms.MaskPhotos("P", null!, "W", "Path"),
            () => _ml.Transforms.FeaturizeCaptions(null!, "Caption"),
            () => _ml.Transforms.FeaturizeCaptions("", "Caption", samples.CaptionGraph),
            () => _ml.Transforms.ScoreOnnx([null!], ["Vector"], samples.VectorGraph),
            () => _ml.Transforms.PasteFills(" ", "Path", "F", "W"),
        ];
        Assert.All(nameless, verb => Assert.ThrowsAny<ArgumentException>(verb));
        ArgumentException same = Assert.Throws<ArgumentException>(() => _ml.Transforms.MaskPhotos("A", "A", "A", "Path"));
        Assert.Contains("3 added columns are named 'A'", same.Message, StringComparison.Ordinal);
        IDataView data = samples.View(_ml);
        Assert.Throws<ArgumentException>(
            () => _ml.Transforms.InpaintPhotos(new InpaintingColumns("A", "Path") { Status = "A" }, "membrane").Fit(data));
    }

    [Fact]
    public void Slots_of_captions_are_named_after_their_words()
    {
        IDataView data = samples.View(_ml);
        ITransformer stock = _ml.Transforms.Text.ProduceWordBags("Words", "Caption").Fit(data);
        DataViewSchema.Annotations expected = stock.Transform(data).Schema["Words"].Annotations;
        foreach (IEstimator<ITransformer> estimator in new IEstimator<ITransformer>[]
        {
            _ml.Transforms.FeaturizeCaptions("Words", "Caption"),
            _ml.Transforms.FeaturizeCaptions("Words", "Caption", null),
            _ml.Transforms.FeaturizeCaptions("Words", "Caption", samples.CaptionGraph),
        })
        {
            IDataView output = estimator.Fit(data).Transform(data);
            DataViewSchema.Column column = output.Schema["Words"];
            VBuffer<ReadOnlyMemory<char>> names = default;
            column.GetSlotNames(ref names);
            string[] words = [.. names.DenseValues().Select(n => n.ToString())];
            Assert.Equal(expected.Schema["SlotNames"].Type.RawType, column.Annotations.Schema["SlotNames"].Type.RawType);
            Assert.Equal(((VectorDataViewType)column.Type).Size, words.Distinct().Count());
            float[][] vectors = [.. output.GetColumn<float[]>("Words")];
            string[] captions = [.. data.GetColumn<string>("Caption")];
            for (int i = 0; i < captions.Length; i++)
            {
                // By hand: the words of a caption are those of its slots that are not zero.
                string[] found = [.. words.Where((_, slot) => vectors[i][slot] > 0)];
                string[] known = captions[i].ToLowerInvariant().Split(' ', ',', '.').Where(words.Contains).Distinct().ToArray();
                Assert.Equal(known.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
            }
        }
    }

    [Fact]
    public void A_graph_is_opened_when_its_step_is_fitted()
    {
        IDataView data = samples.View(_ml);
        foreach (IEstimator<ITransformer> estimator in new IEstimator<ITransformer>[]
        {
            _ml.Transforms.InpaintPhotos("Completed", "Path", graph: "nowhere"),
            _ml.Transforms.MaskPhotos("P", "H", "W", "Path", graph: "nowhere"),
            _ml.Transforms.FeaturizeCaptions("Words", "Caption", "nowhere"),
        })
        {
            Assert.Contains("'nowhere' is not found", Assert.Throws<GraphException>(() => estimator.Fit(data)).Message,
                StringComparison.Ordinal);
        }
    }
}
