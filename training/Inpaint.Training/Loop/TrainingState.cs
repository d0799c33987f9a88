namespace Inpaint.Training;

/// <summary>Where a training stands: all of it that is not a tensor.</summary>
internal sealed record TrainingState
{
    /// <summary>Steps done.</summary>
    public long Step { get; init; }

    /// <summary>Steps of an epoch, with which the steps were counted.</summary>
    public int StepsPerEpoch { get; init; }

    /// <summary>Smallest figure on valid so far, of those that the configuration chooses by; null before the first validation.</summary>
    public double? Best { get; init; }

    /// <summary>The step it was found at.</summary>
    public long BestStep { get; init; }

    /// <summary>Validations since without a better one.</summary>
    public int SinceBest { get; init; }

    /// <summary>Seconds of training so far.</summary>
    public double Seconds { get; init; }

    /// <summary>Losses that no line of the metrics has yet; null for none.</summary>
    public IReadOnlyDictionary<string, TermSum>? Terms { get; init; }

    /// <summary>Why the training ended; null while it may go on.</summary>
    public string? Ended { get; init; }
}
