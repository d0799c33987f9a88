using Inpaint.ML.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Tests.Conformance;

public sealed class StockTests(Samples samples)
{
    public static TheoryData<string> Cases => TransformerCase.Names;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Take_skip_and_filter_work_before_and_after(string name)
    {
        (MLContext ml, IDataView data, ITransformer model) = Fit(name);
        IDataView output = model.Transform(data);
        List<string> all = TestRows.Read(output);
        Func<IDataView, IDataView>[] cuts =
        [
            view => ml.Data.TakeRows(view, 5),
            view => ml.Data.SkipRows(view, 9),
            view => ml.Data.FilterRowsByColumn(view, "Number", 3, 12),
        ];
        List<string>[] expected = [all[..5], all[9..], all[2..8]];
        for (int i = 0; i < cuts.Length; i++)
        {
            Assert.Equal(expected[i], TestRows.Read(cuts[i](output)));
            Assert.Equal(expected[i], TestRows.Read(model.Transform(cuts[i](data))));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Cache_and_shuffle_work_before_and_after(string name)
    {
        (MLContext ml, IDataView data, ITransformer model) = Fit(name);
        IDataView output = model.Transform(data);

        // ML.NET's cache and shuffle do not support image columns.
        string[] kept = [.. output.Schema.Where(c => !c.IsHidden && c.Type.RawType != typeof(MLImage)).Select(c => c.Name)];
        List<string> expected = TestRows.Read(output, kept);
        IDataView cached = ml.Data.Cache(output);
        Assert.Equal(expected, TestRows.Read(cached, kept));
        Assert.Equal(expected, TestRows.Read(cached, kept));
        List<string> shuffled = TestRows.Read(ml.Data.ShuffleRows(output, seed: 3), kept);
        Assert.NotEqual(expected, shuffled);
        Assert.Equal(expected.Order(StringComparer.Ordinal), shuffled.Order(StringComparer.Ordinal));
        if (!TransformerCase.Named(name).Inputs.Contains("Image"))
        {
            string[] added = TestRows.Added(output, data);
            expected = TestRows.Read(output, added);
            Assert.Equal(expected, TestRows.Read(model.Transform(ml.Data.Cache(data)), added));
            Assert.Equal(
                expected.Order(StringComparer.Ordinal), TestRows.Read(model.Transform(ml.Data.ShuffleRows(data, seed: 3)), added)
                    .Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_preview_shows_every_column(string name)
    {
        (_, IDataView data, ITransformer model) = Fit(name);
        IDataView output = model.Transform(data);
        DataDebuggerPreview preview = output.Preview(maxRows: 4);
        Assert.Equal(4, preview.RowView.Length);
        Assert.All(preview.RowView, row => Assert.Equal(output.Schema.Count, row.Values.Length));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Cross_validation_of_a_stock_trainer_works_after_it(string name)
    {
        var ml = new MLContext(seed: 1);
        IDataView data = samples.View(ml);
        IEstimator<ITransformer> estimator = TransformerCase.Named(name).Estimator(ml, samples)
            .Append(ml.Transforms.Concatenate("Features", "Vector", "Number"))
            .Append(ml.Transforms.NormalizeMinMax("Features"))
            .Append(ml.Regression.Trainers.Sdca(labelColumnName: "Number", maximumNumberOfIterations: 2));
        var folds = ml.Regression.CrossValidate(data, estimator, numberOfFolds: 2, labelColumnName: "Number");
        Assert.Equal(2, folds.Count);
        Assert.All(folds, fold => Assert.True(double.IsFinite(fold.Metrics.MeanSquaredError)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Stock_transforms_before_and_after_do_not_change_its_values(string name)
    {
        (MLContext ml, IDataView data, ITransformer alone) = Fit(name);
        IDataView expected = alone.Transform(data);
        string[] added = TestRows.Added(expected, data);
        ITransformer between = ml.Transforms.CopyColumns("NumberCopy", "Number")
            .Append(TransformerCase.Named(name).Estimator(ml, samples))
            .Append(ml.Transforms.NormalizeMinMax("Scaled", "NumberCopy"))
            .Append(ml.Transforms.Concatenate("Both", "Scaled", "Vector"))
            .Fit(data);
        Assert.Equal(TestRows.Read(expected, added), TestRows.Read(between.Transform(data), added));
        Assert.Equal(7, between.Transform(data).GetColumn<float[]>("Both").First().Length);
    }

    private (MLContext Ml, IDataView Data, ITransformer Model) Fit(string name)
    {
        var ml = new MLContext();
        IDataView data = samples.View(ml);
        return (ml, data, TransformerCase.Named(name).Estimator(ml, samples).Fit(data));
    }
}
