using Inpaint.ML;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.Benchmarks;

/// <summary>The output of <c>InpaintPhotos</c> that is read.</summary>
internal enum OutputRead
{
    /// <summary>The completed window, disposed after use.</summary>
    Completed,

    /// <summary>The completed window, not disposed, as by a program that treats images as ordinary objects.</summary>
    CompletedNotDisposed,

    /// <summary>Only the status: all the work except creating the image.</summary>
    Status,
}

/// <summary><c>InpaintPhotos</c> from path to completed window.</summary>
internal sealed class InpaintPipeline : IContender
{
    private readonly MLContext _ml = new();
    private readonly PhotoInpaintingTransformer _model;
    private readonly OutputRead _reading;

    public InpaintPipeline(string graphFolder, OutputRead reading)
    {
        _reading = reading;
        _model = Fit(_ml, graphFolder);
    }

    public int Run(IEnumerable<string> paths)
    {
        IDataView view = _model.Transform(Rows.Of(_ml, paths));
        return _reading switch
        {
            OutputRead.Status => Rows.Read<ReadOnlyMemory<char>>(view, "Status", RequireOk),
            OutputRead.Completed => Rows.Read<MLImage>(view, "Completed", image =>
            {
                Rows.RequireWindow(image);
                image.Dispose();
            }),
            _ => Rows.Read<MLImage>(view, "Completed", Rows.RequireWindow),
        };
    }

    public void Dispose() => _model.Dispose();

    public static PhotoInpaintingTransformer Fit(MLContext ml, string graphFolder)
    {
        var columns = new InpaintingColumns("Completed", nameof(PhotoRow.Path)) { Status = "Status" };
        var options = new InpaintingOptions { Execution = new() { Device = "cpu" }, Output = new() { Region = OutputRegion.Window } };
        return ml.Transforms.InpaintPhotos(columns, graphFolder, options).Fit(Rows.Of(ml, []));
    }

    private static void RequireOk(ReadOnlyMemory<char> status)
    {
        if (!status.Span.SequenceEqual("ok"))
        {
            throw new InvalidOperationException($"A row's status is '{status}'; expected 'ok'.");
        }
    }
}
