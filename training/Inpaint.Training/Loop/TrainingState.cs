namespace Inpaint.Training.Loop;

/// <summary>The progress of a training, apart from its tensors.</summary>
internal sealed record TrainingState
{
    public long Step { get; init; }

    public int StepsPerEpoch { get; init; }

    /// <summary>
    /// Smallest validation figure so far, of the one that the configuration chooses by; null before the first validation.
    /// </summary>
    public double? Best { get; init; }

    /// <summary>The step of that validation.</summary>
    public long BestStep { get; init; }

    /// <summary>Validations since without improvement.</summary>
    public int SinceBest { get; init; }

    /// <summary>Seconds of training.</summary>
    public double Seconds { get; init; }

    /// <summary>Losses that are not in the metrics yet; null for none.</summary>
    public IReadOnlyDictionary<string, TermSum>? Terms { get; init; }

    /// <summary>Why the training ended; null while it can be continued.</summary>
    public string? Ended { get; init; }
}
