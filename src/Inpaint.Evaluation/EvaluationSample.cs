using System.Runtime.InteropServices;
using Inpaint.Evaluation.Perception;

namespace Inpaint.Evaluation;

/// <summary>One photo of a batch, at every picture size, with the fills of every graph and baseline.</summary>
internal sealed class EvaluationSample(int pictures, int graphs, int tallies)
{
    public PhotoRecord Record { get; set; } = null!;

    /// <summary>Another photo's captions; null when captions are not shuffled, or the photo has none.</summary>
    public IReadOnlyList<string>? Shuffled { get; set; }

    /// <summary>Why the photo is excluded; null for a usable one.</summary>
    public string? Error { get; set; }

    /// <summary>The photo at each picture size.</summary>
    public View[] Views { get; } = new View[pictures];

    /// <summary>Each graph's rows with true, shuffled and no captions; the last two only in a caption test.</summary>
    public InpaintingRow[][] Rows { get; } = [.. Enumerable.Range(0, graphs).Select(_ => new InpaintingRow[] { new(), new(), new() })];

    /// <summary>What the perceptual network finds in the fill of each tally; null without the network.</summary>
    public PerceptualComparison?[] Comparisons { get; } = new PerceptualComparison?[tallies];

    /// <summary>A photo at one size.</summary>
    /// <param name="Truth">The photo.</param>
    /// <param name="Hole">The hidden pixels.</param>
    /// <param name="Baselines">The fills of <see cref="Evaluator.Baselines"/>.</param>
    /// <param name="Box">The hidden pixels of the caption's box; null if none.</param>
    public sealed record View(Photo Truth, Hole Hole, Photo[] Baselines, Hole? Box);
}

/// <summary>Photos on their way through one worker: decoded once, filled by every baseline and graph.</summary>
internal sealed class EvaluationBatch : IDisposable
{
    private readonly IReadOnlyList<EvaluationPicture> _pictures;
    private readonly IReadOnlyList<GraphTally> _graphs;
    private readonly IReadOnlyList<EvaluationTally> _tallies;
    private readonly InpaintingWorker[] _workers;
    private readonly PerceptualComparer? _comparer;
    private readonly EvaluationSample[] _samples;
    private readonly EvaluationOptions _options;
    private readonly List<InpaintingRow> _rows = [];

    public EvaluationBatch(
        IReadOnlyList<EvaluationPicture> pictures, IReadOnlyList<GraphTally> graphs, IReadOnlyList<EvaluationTally> tallies, int size,
        EvaluationOptions options)
    {
        _pictures = pictures;
        _tallies = tallies;
        _comparer = options.Perceptual?.CreateComparer();
        _graphs = graphs;
        _workers = [.. graphs.Select(g => g.Inpainter.CreateWorker())];
        _samples = [.. Enumerable.Range(0, size).Select(_ => new EvaluationSample(pictures.Count, graphs.Count, tallies.Count))];
        _options = options;
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
                Photo photo = sample.Record.Decode(_options.Inpainting.Decoding);
                for (int p = 0; p < _pictures.Count; p++)
                {
                    sample.Views[p] = Look(sample.Record, photo, _pictures[p]);
                }
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

        foreach (EvaluationSample sample in Samples)
        {
            if (sample.Error is null && _comparer is not null)
            {
                Compare(sample, _comparer, stop);
            }
        }
    }

    public void Dispose()
    {
        foreach (InpaintingWorker worker in _workers)
        {
            worker.Dispose();
        }

        _comparer?.Dispose();
    }

    private EvaluationSample.View Look(PhotoRecord record, Photo photo, EvaluationPicture picture)
    {
        Photo truth = picture.Take(photo);
        Hole hole = picture.Hole is { } fixedHole ? Hole.Rectangle(fixedHole) : _options.Holes!.Create(record, truth);
        RequireFillable(truth, hole);
        Photo[] baselines = [.. Evaluator.Baselines.Select(baseline =>
        {
            Photo fill = truth.Clone();
            baseline.Apply(fill, hole);
            return fill;
        })];
        PixelRect box = record.Box is { } found ? picture.Take(found, photo.Width, photo.Height) : default;
        return new EvaluationSample.View(truth, hole, baselines, Inside(hole, box));
    }

    private static void RequireFillable(Photo truth, Hole hole)
    {
        hole.CheckFits(truth);
        if (hole.IsEmpty || hole.HidesAllOf(truth))
        {
            throw new PhotoException($"The mask hides {(hole.IsEmpty ? "no pixel" : "every pixel")}; expected hidden and known pixels.");
        }
    }

    /// <summary>The hidden pixels inside a box; null if none.</summary>
    private static Hole? Inside(Hole hole, PixelRect box)
    {
        PixelRect part = box.Intersect(hole.Bounds);
        if (part.IsEmpty || hole.Mask is not { } mask)
        {
            return part.IsEmpty ? null : Hole.Rectangle(part);
        }

        var inside = new Mask(mask.Width, mask.Height);
        for (int y = part.Y; y < part.Bottom; y++)
        {
            mask.Row(y).Slice(part.X, part.Width).CopyTo(inside.Pixels[((y * mask.Width) + part.X)..]);
        }

        return Hole.FromMask(inside) is { IsEmpty: false } found ? found : null;
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

        _workers[graph].Run(CollectionsMarshal.AsSpan(_rows), stop);
        foreach (EvaluationSample sample in Samples)
        {
            sample.Error ??= sample.Rows[graph].FirstOrDefault(r => r.Error is not null) is { } failed ? Explain(failed, tally.Name) : null;
        }
    }

    private void Compare(EvaluationSample sample, PerceptualComparer comparer, CancellationToken stop)
    {
        for (int p = 0; p < _pictures.Count; p++)
        {
            int[] fills = [.. Enumerable.Range(0, _tallies.Count).Where(t => _tallies[t].Picture == p)];
            EvaluationSample.View view = sample.Views[p];
            IReadOnlyList<PerceptualComparison> comparisons =
                comparer.Compare(view.Truth, view.Hole, [.. fills.Select(t => _tallies[t].FillOf(sample))], stop);
            foreach ((int tally, PerceptualComparison comparison) in fills.Zip(comparisons))
            {
                sample.Comparisons[tally] = comparison;
            }
        }
    }

    private static string Explain(InpaintingRow failed, string graph) =>
        failed.Status == InpaintingStatus.GraphFailed ? $"{failed.Error} (Graph '{graph}'.)" : failed.Error!;

    private void Add(InpaintingRow row, EvaluationSample sample, GraphTally tally, IReadOnlyList<string> captions)
    {
        EvaluationSample.View view = sample.Views[tally.Picture];
        row.Name = sample.Record.Id;
        row.Photo = view.Truth;
        row.Hole = view.Hole;
        row.Captions = captions;
        _rows.Add(row);
    }
}
