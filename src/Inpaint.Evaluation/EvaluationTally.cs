using Inpaint.Evaluation.Metrics;
using Inpaint.Holes;
using Inpaint.Onnx.Inpainting;
using Inpaint.Photos;

namespace Inpaint.Evaluation;

/// <summary>The figures of one way of filling, as photos come in.</summary>
internal abstract class EvaluationTally(string name, int picture)
{
    protected FillScorer Scorer { get; } = new();

    public string Name => name;

    /// <summary>The picture size's place in the protocol.</summary>
    public int Picture => picture;

    /// <summary>Adds the good photos of a batch.</summary>
    public void Add(ReadOnlySpan<EvaluationSample> samples, PixelRect hole)
    {
        foreach (EvaluationSample sample in samples)
        {
            if (sample.Error is null)
            {
                Scorer.Add(sample.Truths[picture], FillOf(sample), hole);
                AddMore(sample, hole);
            }
        }
    }

    public abstract Photo FillOf(EvaluationSample sample);

    protected virtual void AddMore(EvaluationSample sample, PixelRect hole)
    {
    }
}

/// <summary>The figures of a baseline.</summary>
internal sealed class BaselineTally(string name, int picture, Func<EvaluationSample, Photo[]> fills) : EvaluationTally(name, picture)
{
    public override Photo FillOf(EvaluationSample sample) => fills(sample)[Picture];

    public BaselineEvaluation Result(EvaluationPicture picture) => new(picture, Scorer.Result());
}

/// <summary>The figures of a graph, with what captions bring it.</summary>
internal sealed class GraphTally(EvaluatedGraph graph, Inpainter inpainter, int index, int picture, PixelRect hole, bool captionTest) : EvaluationTally(graph.Name, picture)
{
    private readonly CaptionErrorTally _hole = new(), _box = new();
    private long _known, _unknown;

    public Inpainter Inpainter => inpainter;

    public Hole Hole { get; } = Hole.Rectangle(hole);

    public bool HasCaptionTest { get; } = captionTest && inpainter.Captions is not null;

    public override Photo FillOf(EvaluationSample sample) => sample.Rows[index][0].Completed!;

    public GraphEvaluation Result(EvaluationPicture picture, EvaluationOptions options, long shift) => new(picture, Scorer.Result())
    {
        Words = inpainter.Captions is null ? null : new CaptionWords(_known, _unknown),
        CaptionTest = HasCaptionTest && _hole.Photos > 0 ? new CaptionTest(shift, _hole.Result(options), _box.Photos > 0 ? _box.Result(options) : null) : null,
    };

    protected override void AddMore(EvaluationSample sample, PixelRect hole)
    {
        InpaintingRow[] rows = sample.Rows[index];
        _known += rows[0].Coverage.Known;
        _unknown += rows[0].Coverage.Unknown;
        if (HasCaptionTest && sample.Shuffled is not null)
        {
            _hole.Add(sample.Truths[Picture], rows, hole);
            if (!sample.Boxes[Picture].IsEmpty)
            {
                _box.Add(sample.Truths[Picture], rows, sample.Boxes[Picture]);
            }
        }
    }
}

/// <summary>Each photo's error with true, shuffled and no captions.</summary>
internal sealed class CaptionErrorTally
{
    private readonly List<double> _true = [], _shuffled = [], _empty = [];

    public int Photos => _true.Count;

    public void Add(Photo truth, InpaintingRow[] rows, PixelRect area)
    {
        _true.Add(MeanSquaredError(truth, rows[0].Completed!, area));
        _shuffled.Add(MeanSquaredError(truth, rows[1].Completed!, area));
        _empty.Add(MeanSquaredError(truth, rows[2].Completed!, area));
    }

    public CaptionErrors Result(EvaluationOptions options) => new(
        Photos,
        _true.Average(),
        _shuffled.Average(),
        _empty.Average(),
        PairedBootstrap.Interval(_shuffled, _true, options.BootstrapResamples, options.Seed),
        PairedBootstrap.Interval(_empty, _true, options.BootstrapResamples, options.Seed));

    private static double MeanSquaredError(Photo truth, Photo completed, PixelRect area)
    {
        long squares = 0;
        for (int y = area.Y; y < area.Bottom; y++)
        {
            int start = 4 * ((y * truth.Width) + area.X), length = 4 * area.Width;
            ReadOnlySpan<byte> a = truth.Pixels.Slice(start, length), b = completed.Pixels.Slice(start, length);
            for (int i = 0; i < length; i++)
            {
                // The fourth byte of a pixel is 255 in both and adds nothing.
                int difference = a[i] - b[i];
                squares += difference * difference;
            }
        }

        return squares / (255.0 * 255.0 * 3 * area.Width * area.Height);
    }
}
