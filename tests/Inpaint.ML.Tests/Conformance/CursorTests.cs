using Inpaint.ML.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Tests.Conformance;

public sealed class CursorTests(Samples samples)
{
    public static TheoryData<string> Cases => TransformerCase.Names;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Columns_not_requested_are_not_computed(string name)
    {
        (CountingView source, IDataView output) = Transform(name);
        _ = TestRows.Read(output, "Number", "Whole");
        Assert.Equal(samples.Rows.Count, source.ReadsOf("Number"));
        Assert.Equal(2 * samples.Rows.Count, source.AllReads);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Added_columns_read_only_their_input_columns(string name)
    {
        (CountingView source, IDataView output) = Transform(name);
        TransformerCase transformerCase = TransformerCase.Named(name);
        _ = TestRows.Read(output, TestRows.Added(output, source)[^1]);
        Assert.All(transformerCase.Inputs, input => Assert.InRange(source.ReadsOf(input), samples.Rows.Count, 2 * samples.Rows.Count));
        Assert.Equal(transformerCase.Inputs.Sum(source.ReadsOf), source.AllReads);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Concurrent_cursors_return_the_same_rows(string name)
    {
        (_, IDataView output) = Transform(name);
        List<string> expected = TestRows.Read(output);
        List<string>[] all = new List<string>[4];
        Parallel.For(0, all.Length, new ParallelOptions { MaxDegreeOfParallelism = all.Length }, i => all[i] = TestRows.Read(output));
        Assert.All(all, rows => Assert.Equal(expected, rows));

        List<DataViewSchema.Column> columns = TestRows.ColumnsOf(output);
        var set = new List<string>();
        foreach (DataViewRowCursor cursor in output.GetRowCursorSet(columns, 3))
        {
            using (cursor)
            {
                set.AddRange(TestRows.Read(cursor, columns));
            }
        }

        Assert.Equal(expected.Order(StringComparer.Ordinal), set.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_cursor_can_be_disposed_before_its_end(string name)
    {
        (CountingView source, IDataView output) = Transform(name);
        for (int rows = 0; rows < 5; rows++)
        {
            DataViewRowCursor cursor = output.GetRowCursor(output.Schema);
            for (int i = 0; i < rows; i++)
            {
                Assert.True(cursor.MoveNext());
            }

            cursor.Dispose();
            cursor.Dispose();
            Assert.Equal(0, source.OpenCursors);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Returned_images_stay_valid_and_input_images_are_not_disposed(string name)
    {
        List<string> before = [.. samples.Rows.Select(r => TestRows.Text(r.Image))];
        (_, IDataView output) = Transform(name);
        var kept = new List<MLImage>();
        var texts = new List<string>();
        List<DataViewSchema.Column> images = [.. output.Schema.Where(c => c.Type.RawType == typeof(MLImage) && !c.IsHidden)];
        using (DataViewRowCursor cursor = output.GetRowCursor(images))
        {
            ValueGetter<MLImage>[] getters = [.. images.Select(cursor.GetGetter<MLImage>)];
            MLImage image = null!;
            while (cursor.MoveNext())
            {
                foreach (ValueGetter<MLImage> getter in getters)
                {
                    getter(ref image);
                    kept.Add(image);
                    texts.Add(TestRows.Text(image));
                }
            }
        }

        Assert.Equal(images.Count * samples.Rows.Count, kept.Count);
        Assert.Equal(texts, kept.Select(TestRows.Text));
        Assert.Equal(before, samples.Rows.Select(r => TestRows.Text(r.Image)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_error_of_the_source_is_thrown_after_the_rows_before_it(string name)
    {
        const int Failing = 7;
        (CountingView source, IDataView output) = Transform(name, Failing);
        List<string> expected = TestRows.Read(Transform(name).Output)[..Failing];
        List<DataViewSchema.Column> columns = TestRows.ColumnsOf(output);
        using DataViewRowCursor cursor = output.GetRowCursor(columns);
        Func<string>[] texts = [.. columns.Select(c => TestRows.TextOf(cursor, c))];
        var rows = new List<string>();
        Exception thrown = Assert.ThrowsAny<Exception>(() =>
        {
            while (cursor.MoveNext())
            {
                rows.Add(string.Join(" | ", texts.Select(t => t())));
            }
        });
        Assert.Equal(expected, rows);
        Assert.Same(source.Failure, thrown);
    }

    private (CountingView Source, IDataView Output) Transform(string name, int failAt = -1)
    {
        var ml = new MLContext();
        IDataView data = samples.View(ml);
        ITransformer model = TransformerCase.Named(name).Estimator(ml, samples).Fit(data);
        var source = new CountingView(data, failAt);
        return (source, model.Transform(source));
    }
}
