using Inpaint.Evaluation.Perception;

namespace Inpaint.Evaluation;

/// <summary>One pass over a dataset.</summary>
internal sealed class EvaluationPass : IDisposable
{
    private readonly IPhotoDataset _dataset;
    private readonly EvaluationOptions _options;
    private readonly List<EvaluationPicture> _pictures = [];
    private readonly List<GraphTally> _graphs = [];
    private readonly List<EvaluationTally> _baselines = [];
    private readonly EvaluationTally[] _tallies;
    private readonly List<UnscoredPhoto> _bad = [];
    private long _good;

    public EvaluationPass(IPhotoDataset dataset, IReadOnlyList<EvaluatedGraph> graphs, EvaluationOptions options)
    {
        _dataset = dataset;
        InpaintingOptions inpainting = options.Inpainting with
        {
            Output = OutputOptions.Default,
            Fill = FillOptions.Default with
            {
                MaskPolarity = options.Inpainting.Fill.MaskPolarity,
                WindowPerComponent = options.Inpainting.Fill.WindowPerComponent,
                CaptionCombination = options.Inpainting.Fill.CaptionCombination,
            },
        };
        _options = options with { Inpainting = inpainting };
        try
        {
            foreach (EvaluatedGraph graph in graphs)
            {
                int picture = IndexOf(options.Picture ?? EvaluationPicture.Of(graph.Graph.Manifest));
                _graphs.Add(new GraphTally(graph.Name, new Inpainter(graph.Graph, inpainting), _graphs.Count, picture,
                    options.CaptionTest));
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        if (_pictures.Count == 0)
        {
            IndexOf(options.Picture ?? EvaluationPicture.Default);
        }

        for (int p = 0; p < _pictures.Count; p++)
        {
            string at = _pictures.Count == 1 ? "" : $"@{_pictures[p]}";
            for (int b = 0; b < Evaluator.Baselines.Count; b++)
            {
                (int picture, int baseline) = (p, b);
                _baselines.Add(new EvaluationTally(Evaluator.Baselines[b].Name + at, p, sample =>
                    sample.Views[picture].Baselines[baseline]));
            }
        }

        _tallies = [.. _graphs, .. _baselines];
    }

    public EvaluationResult Run(CancellationToken cancellation)
    {
        using var source = new EvaluationSource(_dataset, _options, _options.CaptionTest);
        int size = _graphs.Count == 0 ? GraphDevice.Cpu.DefaultBatchSize : _graphs.Max(g => g.Inpainter.BatchSize);
        int workers = _options.Inpainting.Execution.WorkerCount;
        using var batches = new OrderedWorkers<EvaluationBatch>(
            workers,
            () => new EvaluationBatch(_pictures, _graphs, _tallies, size, _options),
            batch => batch.Fill(source),
            (batch, stop) => batch.Work(stop),
            cancellation);
        while (batches.Next() is { } batch)
        {
            cancellation.ThrowIfCancellationRequested();
            Score(batch, workers, cancellation);
        }

        return Result(source.Shift);
    }

    public void Dispose()
    {
        foreach (GraphTally graph in _graphs)
        {
            graph.Inpainter.Dispose();
        }
    }

    /// <summary>The picture's index, added where it is new. With a hole source, pictures have no hole of their own.</summary>
    private int IndexOf(EvaluationPicture picture)
    {
        picture = _options.Holes is null ? picture : picture with { Hole = null };
        if (!_pictures.Contains(picture))
        {
            _pictures.Add(picture);
        }

        return _pictures.IndexOf(picture);
    }

    private void Score(EvaluationBatch batch, int workers, CancellationToken cancellation)
    {
        // Every tally sees the photos in order; tallies share nothing.
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellation };
        Parallel.For(0, _tallies.Length, parallel, t => _tallies[t].Add(batch.Samples, t));
        foreach (EvaluationSample sample in batch.Samples)
        {
            if (sample.Error is { } error)
            {
                if (_options.OnError == OnError.Fail)
                {
                    throw new PhotoException(Named(sample.Record.Id, error));
                }

                _bad.Add(new UnscoredPhoto(sample.Record.Id, error));
                continue;
            }

            _good++;
            _options.Observe?.Invoke(Observed(sample));
        }

        _options.Progress?.Invoke(new EvaluationProgress(_good, _bad.Count, Total()));
    }

    private static string Named(string id, string error) => error.Contains(id, StringComparison.Ordinal) ? error : $"{id}: {error}";

    private long? Total() => _dataset.Count is { } count ? Math.Min(count, _options.Limit ?? count) : null;

    private EvaluatedPhoto Observed(EvaluationSample sample) => new(
        sample.Record.Id,
        sample.Record.Captions,
        [.. _pictures.Select((picture, p) => new EvaluatedPicture(
            picture,
            sample.Views[p].Truth,
            sample.Views[p].Hole,
            [.. _tallies.Where(t => t.Picture == p).Select(t => KeyValuePair.Create(t.Name, t.FillOf(sample)))]))]);

    private EvaluationResult Result(long shift)
    {
        if (_good == 0)
        {
            throw new DatasetException(_bad.Count == 0
                ? $"{_dataset.Name} has no photos; expected at least one."
                : $"None of the {_bad.Count} photos of {_dataset.Name} can be used. The first: {Named(_bad[0].Id, _bad[0].Error)}");
        }

        var graphs = new OrderedDictionary<string, FillEvaluation>();
        var captions = new OrderedDictionary<string, CaptionCombination>();
        foreach (GraphTally graph in _graphs)
        {
            graphs.Add(graph.Name, graph.Result(_pictures[graph.Picture], _options, shift));
            if (graph.Inpainter.Captions is { } encoder)
            {
                captions.Add(graph.Name, encoder.Combine);
            }
        }

        var baselines = new OrderedDictionary<string, FillEvaluation>();
        foreach (EvaluationTally baseline in _baselines)
        {
            baselines.Add(baseline.Name, baseline.Result(_pictures[baseline.Picture], _options));
        }

        return new EvaluationResult
        {
            Photos = _good,
            BadPhotos = _bad,
            Protocol = new EvaluationProtocol
            {
                Dataset = _dataset.Name,
                Limit = _options.Limit,
                Pictures = _pictures,
                Truth = _options.Picture is { WholePhoto: true } ? EvaluationProtocol.WholePhoto : EvaluationProtocol.Square,
                Holes = _options.Holes?.Name,
                PerceptualNetwork = _options.Perceptual is null ? null : PerceptualNetwork.Sha256,
                Captions = captions,
                Seed = _options.Seed,
                BootstrapResamples = _options.BootstrapResamples,
            },
            Graphs = graphs,
            Baselines = baselines,
        };
    }
}
