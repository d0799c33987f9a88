using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.Benchmarks;

internal sealed class PhotoRow
{
    public string Path { get; set; } = "";
}

/// <summary>Reads one column of a view to its end, as a consuming program would.</summary>
internal static class Rows
{
    public static IDataView Of(MLContext ml, IEnumerable<string> paths) =>
        ml.Data.LoadFromEnumerable(paths.Select(p => new PhotoRow { Path = p }));

    /// <summary>Reads a column.</summary>
    /// <param name="view">The view.</param>
    /// <param name="column">The only active column.</param>
    /// <param name="use">Called for each value.</param>
    /// <returns>The number of rows.</returns>
    public static int Read<T>(IDataView view, string column, Action<T> use)
    {
        DataViewSchema.Column active = view.Schema[column];
        using DataViewRowCursor cursor = view.GetRowCursor([active]);
        ValueGetter<T> getter = cursor.GetGetter<T>(active);
        T value = default!;
        int rows = 0;
        while (cursor.MoveNext())
        {
            getter(ref value);
            use(value);
            rows++;
        }

        return rows;
    }

    public static void RequireFill(in VBuffer<float> fill)
    {
        if (fill.Length != 3 * ConvolutionGraph.HoleSide * ConvolutionGraph.HoleSide)
        {
            throw new InvalidOperationException(
                $"A fill has {fill.Length} values; expected 3x{ConvolutionGraph.HoleSide}x{ConvolutionGraph.HoleSide}.");
        }
    }

    public static void RequireWindow(MLImage image)
    {
        if (image.Width != ConvolutionGraph.Side || image.Height != ConvolutionGraph.Side)
        {
            throw new InvalidOperationException(
                $"A completed window is {image.Width}x{image.Height}; expected {ConvolutionGraph.Side}x{ConvolutionGraph.Side}.");
        }
    }
}
