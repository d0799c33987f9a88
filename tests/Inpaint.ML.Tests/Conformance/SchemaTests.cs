using System.Reflection;
using Inpaint.ML.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Tests.Conformance;

public sealed class SchemaTests(Samples samples)
{
    public static TheoryData<string> Cases => TransformerCase.Names;

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_promised_schema_is_the_delivered_schema(string name)
    {
        var ml = new MLContext();
        IDataView data = samples.View(ml);
        IEstimator<ITransformer> estimator = TransformerCase.Named(name).Estimator(ml, samples);
        ITransformer transformer = estimator.Fit(data);
        IDataView output = transformer.Transform(data);

        Assert.Equal(Describe(output.Schema), Describe(transformer.GetOutputSchema(data.Schema)));
        Assert.Equal(Describe(output.Schema), Describe(transformer.GetRowToRowMapper(data.Schema).OutputSchema));
        Assert.Equal(
            data.Schema.Select(c => (c.Index, c.Name, c.Type)), output.Schema.Take(data.Schema.Count)
                .Select(c => (c.Index, c.Name, c.Type)));
        Assert.Equal(Describe(ShapeOf(output.Schema)), Describe(estimator.GetOutputSchema(ShapeOf(data.Schema))));
        using DataViewRowCursor cursor = output.GetRowCursor(output.Schema);
        Assert.Same(output.Schema, cursor.Schema);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Vectors_have_the_length_of_their_type(string name)
    {
        var ml = new MLContext();
        IDataView data = samples.View(ml);
        IDataView output = TransformerCase.Named(name).Estimator(ml, samples).Fit(data).Transform(data);
        foreach (DataViewSchema.Column column in output.Schema.Where(
            c => !c.IsHidden && c.Type is VectorDataViewType { IsKnownSize: true }))
        {
            int size = ((VectorDataViewType)column.Type).Size;
            int[] lengths = column.Type.RawType == typeof(VBuffer<float>) ? [.. output.GetColumn<float[]>(column).Select(v => v.Length)]
                : column.Type.RawType == typeof(VBuffer<byte>) ? [.. output.GetColumn<byte[]>(column).Select(v => v.Length)]
                : [.. output.GetColumn<int[]>(column).Select(v => v.Length)];
            Assert.All(lengths, length => Assert.Equal(size, length));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_missing_column_is_an_error_that_lists_the_existing_ones(string name)
    {
        TransformerCase transformerCase = TransformerCase.Named(name);
        foreach (string input in transformerCase.Inputs)
        {
            var ml = new MLContext();
            IDataView whole = samples.View(ml);
            IDataView data = ml.Transforms.DropColumns(input).Fit(whole).Transform(whole);
            foreach (ArgumentException error in Refusals(ml, transformerCase, whole, data))
            {
                Assert.Contains($"'{input}'", error.Message, StringComparison.Ordinal);
                Assert.Contains("it has ", error.Message, StringComparison.Ordinal);
                Assert.Matches("Did you mean|Name an existing column", error.Message);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_column_of_another_type_is_rejected_with_found_expected_and_remedy(string name)
    {
        TransformerCase transformerCase = TransformerCase.Named(name);
        foreach (string input in transformerCase.Inputs)
        {
            var ml = new MLContext();
            IDataView whole = samples.View(ml);
            IDataView data = ml.Transforms.CopyColumns(input, "Taken").Fit(whole).Transform(whole);
            foreach (ArgumentException error in Refusals(ml, transformerCase, whole, data))
            {
                Assert.Contains($"'{input}' is DateTime", error.Message, StringComparison.Ordinal);
                Assert.Contains("expected", error.Message, StringComparison.Ordinal);
                Assert.Contains("Convert it", error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void PasteFills_rejects_columns_that_are_not_fills_or_windows_of_its_graph()
    {
        var ml = new MLContext();
        IDataView data = ml.Transforms.MaskPhotos("Picture", "Hidden", "Window", "Path", graph: "membrane").Fit(samples.View(ml))
            .Transform(samples.View(ml));
        ArgumentException fill = RefusedEverywhere(ml.Transforms.PasteFills("Completed", "Path", "Window", "Window",
            graph: "membrane"), data);
        Assert.Contains("'Window' is", fill.Message, StringComparison.Ordinal);
        Assert.Contains("3072 numbers", fill.Message, StringComparison.Ordinal);
        IDataView filled = ml.Transforms.ScoreOnnx("Fill", "Picture", "membrane").Fit(data).Transform(data);
        ArgumentException window = RefusedEverywhere(ml.Transforms.PasteFills("Completed", "Path", "Fill", "Vector",
            graph: "membrane"), filled);
        Assert.Contains("4 Int32", window.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ScoreOnnx_rejects_other_element_types()
    {
        var ml = new MLContext();
        IDataView data = ml.Transforms.Conversion.ConvertType("Doubles", "Vector", DataKind.Double).Fit(samples.View(ml))
            .Transform(samples.View(ml));
        ArgumentException error = RefusedEverywhere(ml.Transforms.ScoreOnnx("Y", "Doubles", samples.VectorGraph), data);
        Assert.Contains("Double", error.Message, StringComparison.Ordinal);
        Assert.Contains("Single", error.Message, StringComparison.Ordinal);
        Assert.Contains("Convert", error.Message, StringComparison.Ordinal);
    }

    private static ArgumentException RefusedEverywhere(IEstimator<ITransformer> estimator, IDataView data)
    {
        Assert.ThrowsAny<ArgumentException>(() => estimator.GetOutputSchema(ShapeOf(data.Schema)));
        return Assert.ThrowsAny<ArgumentException>(() => estimator.Fit(data));
    }

    private List<ArgumentException> Refusals(MLContext ml, TransformerCase transformerCase, IDataView whole, IDataView data)
    {
        IEstimator<ITransformer> estimator = transformerCase.Estimator(ml, samples);
        ITransformer transformer = estimator.Fit(whole);
        return
        [
            Assert.ThrowsAny<ArgumentException>(() => estimator.GetOutputSchema(ShapeOf(data.Schema))),
            Assert.ThrowsAny<ArgumentException>(() => estimator.Fit(data)),
            Assert.ThrowsAny<ArgumentException>(() => transformer.GetOutputSchema(data.Schema)),
            Assert.ThrowsAny<ArgumentException>(() => transformer.Transform(data)),
            Assert.ThrowsAny<ArgumentException>(() => transformer.GetRowToRowMapper(data.Schema)),
        ];
    }

    // What estimators see before there is data; ML.NET's method for it is internal.
    private static SchemaShape ShapeOf(DataViewSchema schema) =>
        (SchemaShape)typeof(SchemaShape)
            .GetMethod("Create", BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Static)!.Invoke(null, [schema])!;

    private static IEnumerable<string> Describe(SchemaShape shape) =>
        shape.Select(c => $"{c.Name}: {c.Kind} {c.ItemType} key={c.IsKey}").Order(StringComparer.Ordinal);

    private static IEnumerable<string> Describe(DataViewSchema schema) =>
        schema.Select(c => $"{c.Index} {c.Name}: {c.Type} hidden={c.IsHidden} {c.Annotations.Schema.Count}");
}
