namespace Inpaint.Training.Configuration;

/// <summary>The optimizer, AdamW, and the schedule of its learning rate.</summary>
internal sealed record OptimizerConfig
{
    private const double FirstFactor = 0.04, LastFactor = 0.001;

    /// <summary>Largest learning rate. Default 0.002.</summary>
    public double LearningRate { get; init; } = 2e-3;

    /// <summary>The learning rate over the steps. Default one cycle.</summary>
    public Schedule Schedule { get; init; } = Schedule.OneCycle;

    /// <summary>Fraction of the steps in which the rate rises, with one cycle. Default 0.1.</summary>
    public double Warmup { get; init; } = 0.1;

    /// <summary>Decoupled weight decay. Default 0.01.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>First decay of Adam. Default 0.9.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Second decay of Adam. Default 0.999.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Largest norm of a step's gradient; 0 for no limit. Default 1.</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>The factor on the largest rate, a function of the step alone.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="steps">All steps.</param>
    internal double RateFactor(long step, long steps)
    {
        if (Schedule == Schedule.Constant)
        {
            return 1;
        }

        double rising = Warmup * steps;
        return step < rising
            ? Cosine(FirstFactor, 1, (step + 1) / (rising + 1))
            : Cosine(1, LastFactor, (step - rising) / Math.Max(1, steps - rising));
    }

    /// <summary>What must hold of the settings.</summary>
    internal IEnumerable<SettingRule> Rules() =>
    [
        new(LearningRate > 0, "optimizer.learning_rate", LearningRate, "above 0"),
        new(Warmup is >= 0 and < 1, "optimizer.warmup", Warmup, "0 to below 1"),
        new(WeightDecay >= 0, "optimizer.weight_decay", WeightDecay, "0 or more"),
        new(Beta1 is >= 0 and < 1, "optimizer.beta1", Beta1, "0 to below 1"),
        new(Beta2 is >= 0 and < 1, "optimizer.beta2", Beta2, "0 to below 1"),
        new(ClipNorm >= 0, "optimizer.clip_norm", ClipNorm, "0 or more"),
    ];

    private static double Cosine(double from, double to, double share) =>
        to + (from - to) * 0.5 * (1 + Math.Cos(Math.PI * Math.Clamp(share, 0, 1)));
}

/// <summary>The learning rate over the steps.</summary>
internal enum Schedule
{
    /// <summary>A rise along a cosine, then a fall along one to a thousandth.</summary>
    OneCycle,

    /// <summary>The same rate in every step.</summary>
    Constant,
}
