using Inpaint.Evaluation.Metrics;

namespace Inpaint.Evaluation;

/// <summary>The figures of one way of filling, as photos come in.</summary>
internal class EvaluationTally(string name, int picture, Func<EvaluationSample, Photo> fill)
{
    private readonly FillScorer _scorer = new();

    public string Name => name;

    /// <summary>Index of the picture size.</summary>
    public int Picture => picture;

    /// <summary>The completed picture of a sample.</summary>
    public Photo FillOf(EvaluationSample sample) => fill(sample);

    /// <summary>Adds the usable photos of a batch.</summary>
    /// <param name="samples">The photos.</param>
    /// <param name="index">The index of this tally among all, as in <see cref="EvaluationSample.Comparisons"/>.</param>
    public void Add(ReadOnlySpan<EvaluationSample> samples, int index)
    {
        foreach (EvaluationSample sample in samples)
        {
            if (sample.Error is null)
            {
                EvaluationSample.View view = sample.Views[picture];
                _scorer.Add(view.Truth, fill(sample), view.Hole, sample.Comparisons[index]);
                AddCaptions(sample, view);
            }
        }
    }

    public FillEvaluation Result(EvaluationPicture size, EvaluationOptions options) =>
        new(size, _scorer.Result(options.BootstrapResamples, options.Seed));

    protected virtual void AddCaptions(EvaluationSample sample, EvaluationSample.View view)
    {
    }
}

/// <summary>The figures of a graph, and those of its caption test.</summary>
internal sealed class GraphTally(string name, Inpainter inpainter, int index, int picture, bool captionTest)
    : EvaluationTally(name, picture, sample => sample.Rows[index][0].Completed!)
{
    private readonly CaptionErrorTally _hole = new(), _box = new();
    private CaptionCoverage _words;

    public Inpainter Inpainter => inpainter;

    public bool HasCaptionTest { get; } = captionTest && inpainter.Captions is not null;

    public FillEvaluation Result(EvaluationPicture size, EvaluationOptions options, long shift) => Result(size, options) with
    {
        Words = inpainter.Captions is null ? null : _words,
        CaptionTest = _hole.Photos > 0 ? new CaptionTest(shift, _hole.Result(options), _box.Photos > 0 ? _box.Result(options) : null)
            : null,
    };

    protected override void AddCaptions(EvaluationSample sample, EvaluationSample.View view)
    {
        InpaintingRow[] rows = sample.Rows[index];
        _words = new CaptionCoverage(_words.Known + rows[0].Coverage.Known, _words.Unknown + rows[0].Coverage.Unknown);
        if (HasCaptionTest && sample.Shuffled is not null)
        {
            _hole.Add(view.Truth, rows, view.Hole);
            if (view.Box is { } box)
            {
                _box.Add(view.Truth, rows, box);
            }
        }
    }
}

/// <summary>Each photo's error with true, shuffled and no captions.</summary>
internal sealed class CaptionErrorTally
{
    private readonly List<double> _true = [], _shuffled = [], _empty = [];

    public int Photos => _true.Count;

    public void Add(Photo truth, InpaintingRow[] rows, Hole area)
    {
        _true.Add(new FilledPhoto(truth, rows[0].Completed!, area).MeanSquaredError);
        _shuffled.Add(new FilledPhoto(truth, rows[1].Completed!, area).MeanSquaredError);
        _empty.Add(new FilledPhoto(truth, rows[2].Completed!, area).MeanSquaredError);
    }

    public CaptionErrors Result(EvaluationOptions options) => new(
        Photos,
        _true.Average(),
        _shuffled.Average(),
        _empty.Average(),
        PairedBootstrap.Interval(_shuffled, _true, options.BootstrapResamples, options.Seed),
        PairedBootstrap.Interval(_empty, _true, options.BootstrapResamples, options.Seed));
}
