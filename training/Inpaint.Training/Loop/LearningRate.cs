namespace Inpaint.Training;

/// <summary>The learning rate as a function of the step alone.</summary>
internal static class LearningRate
{
    private const double First = 0.04, Last = 0.001;

    /// <summary>The factor on the largest rate.</summary>
    /// <param name="config">Schedule and share of the warm-up.</param>
    /// <param name="step">The step, from 0.</param>
    /// <param name="steps">All steps.</param>
    public static double Factor(OptimizerConfig config, long step, long steps)
    {
        if (config.Schedule == Schedule.Constant)
        {
            return 1;
        }

        double rising = config.Warmup * steps;
        return step < rising
            ? Cosine(First, 1, (step + 1) / (rising + 1))
            : Cosine(1, Last, (step - rising) / Math.Max(1, steps - rising));
    }

    private static double Cosine(double from, double to, double share) => to + (from - to) * 0.5 * (1 + Math.Cos(Math.PI * Math.Clamp(share, 0, 1)));
}
