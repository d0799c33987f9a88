using Inpaint.Cli;

namespace Inpaint.Training;

/// <summary>Something about a training that its user can mend: a setting, a dataset, a run folder.</summary>
internal sealed class TrainingException(string message, Exception? inner = null) : FailedException(message, inner);
