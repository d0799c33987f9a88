using System.Diagnostics;
using Inpaint.Datasets;
using Inpaint.Graphs;
using Inpaint.Holes;
using Inpaint.ML;
using Inpaint.ML.Transforms;
using Inpaint.Onnx.Inpainting;
using Inpaint.Photos;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.Cli.Score;

/// <summary>What the pipeline made of a photo; valid until the next one.</summary>
internal sealed class ScoredPhoto
{
    private VBuffer<byte> _picture;

    /// <summary>The photo.</summary>
    public ScoreItem Item { get; set; } = null!;

    /// <summary>The outcome.</summary>
    public InpaintingStatus Status { get; set; }

    /// <summary>What went wrong; null when nothing did.</summary>
    public string? Error { get; set; }

    /// <summary>When the photo was read, as <see cref="Stopwatch.GetTimestamp"/> has it.</summary>
    public long Started { get; set; }

    /// <summary>The completed picture's file; empty when something went wrong.</summary>
    public ReadOnlySpan<byte> Picture => _picture.GetValues();

    internal ref VBuffer<byte> Buffer => ref _picture;
}

/// <summary>The ML.NET pipeline of a run: rows of photos in, picture files with status and error out, in order and a few batches at a time.</summary>
internal sealed class PhotoPipeline : IDisposable
{
    private const string Photo = "Photo", Name = "Name", Mask = "Mask", Captions = "Captions", Completed = "Completed", Status = "Status", Error = "Error";

    private readonly MLContext _ml = new();
    private readonly PhotoInpaintingTransformer _model;

    /// <param name="graph">A graph by name or path; null for the one that Inpaint.ML carries.</param>
    /// <param name="options">Settings; bad rows must not end the pass.</param>
    /// <param name="masks">Whether photos have masks.</param>
    public PhotoPipeline(string? graph, InpaintingOptions options, bool masks)
    {
        var columns = new InpaintingColumns(Completed, Photo) { Caption = Captions, Mask = masks ? Mask : null, Name = Name, Status = Status, Error = Error };
        _model = _ml.Transforms.InpaintPhotos(columns, graph, options).Fit(_ml.Data.LoadFromEnumerable(Array.Empty<FileRow>()));
    }

    /// <summary>The graph's manifest.</summary>
    public GraphManifest Manifest => _model.Manifest;

    /// <summary>Completes photos.</summary>
    /// <param name="items">The photos; read as they are needed, on the caller's thread.</param>
    /// <param name="areFiles">Whether all of them are files.</param>
    public IEnumerable<ScoredPhoto> Complete(IEnumerable<ScoreItem> items, bool areFiles)
    {
        var pending = new Queue<Pending>();
        return areFiles ? Complete(ToFileRows(items, pending), pending) : Complete(ToBytesRows(items, pending), pending);
    }

    public void Dispose() => _model.Dispose();

    private IEnumerable<ScoredPhoto> Complete<TRow>(IEnumerable<TRow> rows, Queue<Pending> pending) where TRow : class
    {
        IDataView completed = _model.Transform(_ml.Data.LoadFromEnumerable(rows));
        DataViewSchema.Column picture = completed.Schema[Completed], status = completed.Schema[Status], error = completed.Schema[Error];
        using DataViewRowCursor cursor = completed.GetRowCursor([picture, status, error]);
        ValueGetter<VBuffer<byte>> getPicture = cursor.GetGetter<VBuffer<byte>>(picture);
        ValueGetter<ReadOnlyMemory<char>> getStatus = cursor.GetGetter<ReadOnlyMemory<char>>(status);
        ValueGetter<ReadOnlyMemory<char>> getError = cursor.GetGetter<ReadOnlyMemory<char>>(error);
        var scored = new ScoredPhoto();
        ReadOnlyMemory<char> text = default;
        while (cursor.MoveNext())
        {
            Pending row = pending.Dequeue();
            getPicture(ref scored.Buffer);
            getStatus(ref text);
            scored.Status = InpaintingStatusExtensions.Parse(text.Span);
            getError(ref text);
            scored.Error = row.ReadError ?? (text.IsEmpty ? null : text.ToString());
            scored.Item = row.Item;
            scored.Started = row.Started;
            yield return scored;
        }
    }

    private static IEnumerable<FileRow> ToFileRows(IEnumerable<ScoreItem> items, Queue<Pending> pending)
    {
        foreach (ScoreItem item in items)
        {
            pending.Enqueue(new Pending(item, Stopwatch.GetTimestamp(), null));
            yield return new FileRow { Photo = item.Record.Path!, Name = item.Input, Mask = item.Mask ?? "", Captions = [.. item.Captions] };
        }
    }

    private static IEnumerable<BytesRow> ToBytesRows(IEnumerable<ScoreItem> items, Queue<Pending> pending)
    {
        foreach (ScoreItem item in items)
        {
            long started = Stopwatch.GetTimestamp();
            (byte[] bytes, string? error) = Read(item.Record);
            pending.Enqueue(new Pending(item, started, error));
            yield return new BytesRow { Photo = bytes, Name = item.Input, Mask = item.Mask ?? "", Captions = [.. item.Captions] };
        }
    }

    /// <summary>A photo that cannot be read goes on as an empty one, which the pipeline makes a bad row of; its own error is kept.</summary>
    private static (byte[] Bytes, string? Error) Read(PhotoRecord record)
    {
        try
        {
            return (record.ReadBytes(), null);
        }
        catch (PhotoException e)
        {
            return ([], e.Message);
        }
    }

    private readonly record struct Pending(ScoreItem Item, long Started, string? ReadError);

    private sealed class FileRow
    {
        public string Photo { get; set; } = "";

        public string Name { get; set; } = "";

        public string Mask { get; set; } = "";

        public string[] Captions { get; set; } = [];
    }

    private sealed class BytesRow
    {
        public byte[] Photo { get; set; } = [];

        public string Name { get; set; } = "";

        public string Mask { get; set; } = "";

        public string[] Captions { get; set; } = [];
    }
}
