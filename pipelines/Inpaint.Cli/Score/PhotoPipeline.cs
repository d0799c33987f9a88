using Inpaint.ML;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.Cli.Score;

/// <summary>The ML.NET pipeline of a run: photos in, encoded pictures with status and error out, in order and a few batches at a
/// time.</summary>
internal sealed class PhotoPipeline : IDisposable
{
    private const string Photo = "Photo", Completed = "Completed", Status = "Status", Error = "Error";

    private readonly MLContext _ml = new();
    private readonly PhotoInpaintingTransformer _model;
    private readonly MaskSource? _masks;

    /// <param name="graph">A graph by name or path; null for the built-in graph.</param>
    /// <param name="options">Settings; bad rows must not end the pass.</param>
    /// <param name="masks">The photos' masks; null to hide the centre.</param>
    public PhotoPipeline(string? graph, InpaintingOptions options, MaskSource? masks)
    {
        _masks = masks;
        var columns = new InpaintingColumns(Completed, Photo)
        {
            Caption = nameof(ScoreItem.Captions),
            Mask = masks is null ? null : masks.HidesObjects ? nameof(ScoreItem.MaskBytes) : nameof(ScoreItem.Mask),
            Name = nameof(ScoreItem.Input),
            Status = Status,
            Error = Error,
        };
        _model = _ml.Transforms.InpaintPhotos(columns, graph, options).Fit(View([], areFiles: true));
    }

    public GraphManifest Manifest => _model.Manifest;

    /// <summary>Completes photos.</summary>
    /// <param name="items">The photos, enumerated on the caller's thread.</param>
    /// <param name="areFiles">Whether all of them are files.</param>
    /// <returns>The photos with their results, in order; a picture is valid until the next photo.</returns>
    public IEnumerable<ScoreItem> Complete(IEnumerable<ScoreItem> items, bool areFiles)
    {
        var pending = new Queue<ScoreItem>();
        IDataView completed = _model.Transform(View(Begin(items, areFiles, pending), areFiles));
        DataViewSchema.Column picture = completed.Schema[Completed], status = completed.Schema[Status], error = completed.Schema[Error];
        using DataViewRowCursor cursor = completed.GetRowCursor([picture, status, error]);
        ValueGetter<VBuffer<byte>> getPicture = cursor.GetGetter<VBuffer<byte>>(picture);
        ValueGetter<ReadOnlyMemory<char>> getStatus = cursor.GetGetter<ReadOnlyMemory<char>>(status);
        ValueGetter<ReadOnlyMemory<char>> getError = cursor.GetGetter<ReadOnlyMemory<char>>(error);
        VBuffer<byte> buffer = default;
        ReadOnlyMemory<char> word = default, message = default;
        while (cursor.MoveNext())
        {
            getPicture(ref buffer);
            getStatus(ref word);
            getError(ref message);
            ScoreItem item = pending.Dequeue();
            item.End(buffer, InpaintingStatusExtensions.Parse(word.Span), message.ToString());
            yield return item;
            // The next picture goes into the same buffer.
            item.End(default, item.Status, "");
        }
    }

    public void Dispose() => _model.Dispose();

    private IEnumerable<ScoreItem> Begin(IEnumerable<ScoreItem> items, bool areFiles, Queue<ScoreItem> pending)
    {
        foreach (ScoreItem item in items)
        {
            item.Begin(readBytes: !areFiles, hideObject: _masks?.HidesObjects ?? false);
            pending.Enqueue(item);
            yield return item;
            item.Release();
        }
    }

    /// <summary>Rows whose photo is the file's path, or the bytes.</summary>
    private IDataView View(IEnumerable<ScoreItem> items, bool areFiles)
    {
        var schema = SchemaDefinition.Create(typeof(ScoreItem), SchemaDefinition.Direction.Read);
        schema.RemoveAll(column => column.MemberName == (areFiles ? nameof(ScoreItem.Bytes) : nameof(ScoreItem.Path)));
        schema[areFiles ? nameof(ScoreItem.Path) : nameof(ScoreItem.Bytes)].ColumnName = Photo;
        return _ml.Data.LoadFromEnumerable(items, schema);
    }
}
