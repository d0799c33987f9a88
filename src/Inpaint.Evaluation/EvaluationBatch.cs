using Inpaint.Datasets;
using Inpaint.Evaluation.Metrics;
using Inpaint.Onnx.Inpainting;
using Inpaint.Photos;

namespace Inpaint.Evaluation;

/// <summary>One photo of a batch, at every picture size, with the fills of every graph and baseline.</summary>
internal sealed class EvaluationSample(int pictures, int graphs)
{
    public PhotoRecord Record { get; set; } = null!;

    /// <summary>Another photo's captions; null when captions are not shuffled, or the photo has none.</summary>
    public IReadOnlyList<string>? Shuffled { get; set; }

    /// <summary>Why the photo is in no figure; null for a good one.</summary>
    public string? Error { get; set; }

    /// <summary>A picture size each.</summary>
    public Photo[] Truths { get; } = new Photo[pictures];

    public Photo[] BorderMeans { get; } = new Photo[pictures];

    public Photo[] Membranes { get; } = new Photo[pictures];

    /// <summary>The caption's box within the hole; empty when there is none.</summary>
    public PixelRect[] Boxes { get; } = new PixelRect[pictures];

    /// <summary>A graph each: the fills with true, shuffled and no captions; the last two only in a caption test.</summary>
    public InpaintingRow[][] Rows { get; } = [.. Enumerable.Range(0, graphs).Select(_ => new InpaintingRow[] { new(), new(), new() })];
}

/// <summary>Photos on their way through one worker: decoded once, filled by every baseline and graph.</summary>
internal sealed class EvaluationBatch : IDisposable
{
    private readonly IReadOnlyList<EvaluationPicture> _pictures;
    private readonly IReadOnlyList<GraphTally> _graphs;
    private readonly InpaintingWorker[] _workers;
    private readonly EvaluationSample[] _samples;
    private readonly PhotoDecodingOptions _decoding;
    private readonly List<InpaintingRow> _rows = [];

    public EvaluationBatch(IReadOnlyList<EvaluationPicture> pictures, IReadOnlyList<GraphTally> graphs, int size, PhotoDecodingOptions decoding)
    {
        _pictures = pictures;
        _graphs = graphs;
        _workers = [.. graphs.Select(g => g.Inpainter.CreateWorker())];
        _samples = [.. Enumerable.Range(0, size).Select(_ => new EvaluationSample(pictures.Count, graphs.Count))];
        _decoding = decoding;
    }

    public ReadOnlySpan<EvaluationSample> Samples => _samples.AsSpan(0, Count);

    public int Count { get; private set; }

    public bool Fill(EvaluationSource source)
    {
        Count = 0;
        while (Count < _samples.Length && source.Next() is var (record, shuffled))
        {
            EvaluationSample sample = _samples[Count++];
            (sample.Record, sample.Shuffled, sample.Error) = (record, shuffled, null);
        }

        return Count > 0;
    }

    public void Work(CancellationToken stop)
    {
        foreach (EvaluationSample sample in Samples)
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                Prepare(sample);
            }
            catch (PhotoException e)
            {
                sample.Error = e.Message;
            }
        }

        for (int g = 0; g < _graphs.Count; g++)
        {
            Complete(g, stop);
        }
    }

    public void Dispose()
    {
        foreach (InpaintingWorker worker in _workers)
        {
            worker.Dispose();
        }
    }

    private void Prepare(EvaluationSample sample)
    {
        Photo photo = sample.Record.Decode(_decoding);
        for (int p = 0; p < _pictures.Count; p++)
        {
            EvaluationPicture picture = _pictures[p];
            Photo truth = picture.Take(photo);
            sample.Truths[p] = truth;
            BorderMeanFill.Apply(sample.BorderMeans[p] = truth.Clone(), picture.Hole);
            MembraneFill.Apply(sample.Membranes[p] = truth.Clone(), picture.Hole);
            sample.Boxes[p] = sample.Record.Box is { } box ? picture.Take(box, photo.Width, photo.Height).Intersect(picture.Hole) : default;
        }
    }

    private void Complete(int graph, CancellationToken stop)
    {
        GraphTally tally = _graphs[graph];
        _rows.Clear();
        foreach (EvaluationSample sample in Samples)
        {
            if (sample.Error is null)
            {
                InpaintingRow[] rows = sample.Rows[graph];
                Array.ForEach(rows, r => r.Clear());
                Add(rows[0], sample, tally, sample.Record.Captions);
                if (tally.HasCaptionTest && sample.Shuffled is { } shuffled)
                {
                    Add(rows[1], sample, tally, shuffled);
                    Add(rows[2], sample, tally, []);
                    rows[2].CaptionsWithheld = true;
                }
            }
        }

        _workers[graph].Run(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_rows), stop);
        foreach (EvaluationSample sample in Samples)
        {
            sample.Error ??= sample.Rows[graph].FirstOrDefault(r => r.Error is not null) is { } failed ? Explain(failed, tally.Name) : null;
        }
    }

    private static string Explain(InpaintingRow failed, string graph) =>
        failed.Status == InpaintingStatus.GraphFailed ? $"{failed.Error} (Graph '{graph}'.)" : failed.Error!;

    private void Add(InpaintingRow row, EvaluationSample sample, GraphTally tally, IReadOnlyList<string> captions)
    {
        row.Name = sample.Record.Id;
        row.Photo = sample.Truths[tally.Picture];
        row.Hole = tally.Hole;
        row.Captions = captions;
        _rows.Add(row);
    }
}
