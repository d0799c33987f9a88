using Inpaint.ML.Tests.Support;
using Inpaint.TestSupport;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Tests.Conformance;

public sealed class ValueTests(Samples samples)
{
    public static TheoryData<string> Cases => TransformerCase.Names;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Saving_and_loading_keeps_values_and_options(string name)
    {
        (MLContext ml, IDataView data, ITransformer model) = Fit(name);
        using var folder = new TemporaryFolder();
        ml.Model.Save(model, data.Schema, folder.File("model.zip"));
        ITransformer again = new MLContext().Model.Load(folder.File("model.zip"), out DataViewSchema schema);
        Assert.Equal(Settings(model), Settings(again));
        // ML.NET does not save image columns of a schema.
        Assert.Equal(data.Schema.Select(c => c.Name).Where(n => n != "Image"), schema.Select(c => c.Name));
        Assert.Equal(TestRows.Read(model.Transform(data)), TestRows.Read(again.Transform(data)));

        ml.Model.Save(again, data.Schema, folder.File("twice.zip"));
        Assert.Equal(Settings(model), Settings(ml.Model.Load(folder.File("twice.zip"), out _)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Prediction_engines_return_the_same_values_as_a_pass(string name)
    {
        (MLContext ml, IDataView data, ITransformer model) = Fit(name);
        List<string> expected = [.. ml.Data.CreateEnumerable<Everything>(
            model.Transform(data), reuseRowObject: false, ignoreMissingColumns: true).Select(r => r.Text())];
        Assert.Equal(samples.Rows.Count, expected.Distinct().Count());
        PredictionEngine<SampleRow, Everything> Engine() =>
            ml.Model.CreatePredictionEngine<SampleRow, Everything>(model, ignoreMissingColumns: true);
        using PredictionEngine<SampleRow, Everything> one = Engine();
        using PredictionEngine<SampleRow, Everything> two = Engine();
        for (int i = 0; i < 30; i++)
        {
            int a = i % expected.Count, b = (i * 5) % expected.Count;
            Assert.Equal(expected[a], one.Predict(samples.Rows[a]).Text());
            Assert.Equal(expected[b], two.Predict(samples.Rows[b]).Text());
        }

        Parallel.For(0, 2, thread =>
        {
            for (int i = 0; i < 10; i++)
            {
                int at = (i + (thread * 3)) % expected.Count;
                Assert.Equal(expected[at], (thread == 0 ? one : two).Predict(samples.Rows[at]).Text());
            }
        });
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Disposing_a_prediction_engine_does_not_affect_the_model(string name)
    {
        (MLContext ml, IDataView data, ITransformer model) = Fit(name);
        List<string> expected = TestRows.Read(model.Transform(data));
        using PredictionEngine<SampleRow, Everything> other = ml.Model.CreatePredictionEngine<SampleRow, Everything>(
            model, ignoreMissingColumns: true);
        string first = other.Predict(samples.Rows[0]).Text();
        using (PredictionEngine<SampleRow, Everything> engine = ml.Model.CreatePredictionEngine<SampleRow, Everything>(
            model, ignoreMissingColumns: true))
        {
            _ = engine.Predict(samples.Rows[1]);
        }

        Assert.Equal(first, other.Predict(samples.Rows[0]).Text());
        Assert.Equal(expected, TestRows.Read(model.Transform(data)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_of_the_source_pass_through_unchanged(string name)
    {
        (_, IDataView data, ITransformer model) = Fit(name);
        IDataView output = model.Transform(data);
        List<string> expected = TestRows.Read(data, [.. data.Schema.Select(c => c.Name)]);
        List<DataViewSchema.Column> columns = [.. output.Schema.Take(data.Schema.Count)];
        using DataViewRowCursor cursor = output.GetRowCursor(output.Schema);
        Assert.Equal(expected, TestRows.Read(cursor, columns));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Row_ids_and_positions_are_those_of_the_source(string name)
    {
        (_, IDataView data, ITransformer model) = Fit(name);
        Assert.Equal(Places(data), Places(model.Transform(data)));
    }

    private static List<(long Position, DataViewRowId Id, long Batch)> Places(IDataView view)
    {
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        Assert.Equal(-1, cursor.Position);
        ValueGetter<DataViewRowId> id = cursor.GetIdGetter();
        var places = new List<(long, DataViewRowId, long)>();
        while (cursor.MoveNext())
        {
            DataViewRowId here = default;
            id(ref here);
            places.Add((cursor.Position, here, cursor.Batch));
        }

        Assert.Equal(-1, cursor.Position);
        Assert.False(cursor.MoveNext());
        return places;
    }

    private static string Settings(ITransformer model) => model is IEnumerable<ITransformer> chain
        ? string.Join('\n', chain.Select(Settings))
        : System.Text.Json.JsonSerializer.Serialize(model, model.GetType(), StrictJson.Options);

    private (MLContext Ml, IDataView Data, ITransformer Model) Fit(string name)
    {
        var ml = new MLContext();
        IDataView data = samples.View(ml);
        return (ml, data, TransformerCase.Named(name).Estimator(ml, samples).Fit(data));
    }
}
