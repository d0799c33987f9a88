using System.Diagnostics;
using System.Globalization;
using Inpaint.Onnx.TorchSharp.Libtorch;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training.Loop;

/// <summary>The inputs of a training.</summary>
/// <param name="Run">Its folder.</param>
/// <param name="Config">Its configuration.</param>
/// <param name="Train">The training photos.</param>
/// <param name="Valid">The validation photos.</param>
/// <param name="Vocabulary">The words of captions; null without.</param>
/// <param name="Compute">Device and precision.</param>
/// <param name="Large">The photos that larger batches are cropped from; null without such batches.</param>
internal sealed record TrainingJob(
    RunFolder Run, TrainingConfig Config, PhotoPool Train, PhotoPool Valid, Vocabulary? Vocabulary, Compute Compute,
    PhotoPool? Large = null);

/// <summary>
/// The training loop: batches, steps, averages, validation, checkpoints. All randomness in a step follows from the seed and the step's
/// number, and the learning rate from the step's number alone, so that a resumed training equals an uninterrupted one to the bit.
/// </summary>
internal sealed class Trainer : IDisposable
{
    private static readonly TimeSpan CheckpointEvery = TimeSpan.FromMinutes(5), ReportEvery = TimeSpan.FromSeconds(20);

    private readonly TrainingJob _job;
    private readonly TrainingConfig _config;
    private readonly FillNetwork _network;
    private readonly WeightAverage _average;
    private readonly ITrainingStep _step;
    private readonly BatchSource _batches;
    private readonly Validator _validator;
    private readonly long _steps;

    /// <summary>Builds network, optimizer and batches.</summary>
    /// <param name="job">The inputs.</param>
    /// <param name="init">Initialises the new network. Default: random weights.</param>
    public Trainer(TrainingJob job, Action<FillNetwork>? init = null)
    {
        (_job, _config) = (job, job.Config);
        if (job.Train.Count == 1 && _config.Network.Settings.NeedsSeveralPhotos)
        {
            throw new FailedException(
                $"There is 1 photo to learn from; {_config.Name} needs at least 2 for its batch norm. Give more --data, or a higher "
                    + $"--limit.");
        }

        int vocabulary = job.Vocabulary?.Count ?? 0;
        _network = _config.CreateNetwork(vocabulary);
        init?.Invoke(_network);
        job.Compute.Place(_network);
        FillNetwork averaged = _config.CreateNetwork(vocabulary);
        job.Compute.Place(averaged);
        _average = new WeightAverage(_network, averaged, _config.Ema);
        _step = ITrainingStep.Create(_config, _network, job.Compute);
        _batches = new BatchSource(job.Train, WordTable.Of(job.Train, job.Vocabulary), _config, job.Large);
        _validator = new Validator(job.Valid, WordTable.Of(job.Valid, job.Vocabulary), _config, job.Compute);
        long all = (long)_config.Epochs * _batches.StepsPerEpoch;
        _steps = _config.MaxSteps is { } most ? Math.Min(most, all) : all;
    }

    /// <summary>All steps of the training.</summary>
    public long Steps => _steps;

    public long Parameters => _network.parameters().Sum(p => p.numel());

    /// <summary>Trains from the newest checkpoint, or from the start, to the end.</summary>
    /// <param name="report">Receives progress messages, one line each.</param>
    /// <param name="stop">Ends the training after the current step, with a checkpoint.</param>
    /// <returns>The progress; <see cref="TrainingState.Ended"/> is null if it was stopped.</returns>
    /// <exception cref="FailedException">A loss, gradient or fill is not finite.</exception>
    public TrainingState Run(Action<string> report, CancellationToken stop)
    {
        var log = new MetricsLog(_job.Run);
        var state = _job.Run.Restore(_step, _average.Network, report) ?? new TrainingState { StepsPerEpoch = _batches.StepsPerEpoch };
        if (state.StepsPerEpoch != _batches.StepsPerEpoch)
        {
            throw new FailedException(
                $"{_job.Run.Path} was trained with {state.StepsPerEpoch} steps per epoch; {_job.Train.Count} photos in batches of "
                    + $"{_batches.BatchSize} "
                + $"are {_batches.StepsPerEpoch}. Give the same --data and --limit, and do not change batch_size in its config.json; or "
                    + $"start in another folder.");
        }

        log.RemoveAfter(state.Step);
        var clock = Stopwatch.StartNew();
        double before = state.Seconds;
        TimeSpan lastSave = clock.Elapsed, lastReport = clock.Elapsed;
        long reported = state.Step;
        var terms = new RunningTerms(state.Terms);
        while (state.Step < _steps && state.Ended is null)
        {
            _network.train();
            terms.Add(Step(state.Step));
            state = state with { Step = state.Step + 1, Seconds = before + clock.Elapsed.TotalSeconds };
            bool epochEnds = state.Step % _batches.StepsPerEpoch == 0, last = state.Step == _steps;
            if (clock.Elapsed - lastReport > ReportEvery || epochEnds || last)
            {
                double rate = (state.Step - reported) * _batches.BatchSize / (clock.Elapsed - lastReport).TotalSeconds;
                double learningRate = Rate(state.Step - 1) * _config.Optimizer.LearningRate;
                log.Training(state, learningRate, terms.Take(), rate, (double)state.Step / _batches.StepsPerEpoch);
                report(log.Line(state, _steps, _batches.BatchSize));
                (lastReport, reported) = (clock.Elapsed, state.Step);
            }

            if (last || (epochEnds && state.Step / _batches.StepsPerEpoch % _config.ValidateEvery == 0))
            {
                state = Validate(state, log, report);
                (lastReport, reported) = (clock.Elapsed, state.Step);
            }

            if (stop.IsCancellationRequested || epochEnds || last || clock.Elapsed - lastSave > CheckpointEvery)
            {
                state = state with { Terms = terms.Sums };
                _job.Run.Save(state, _step, _average.Network);
                lastSave = clock.Elapsed;
                if (stop.IsCancellationRequested)
                {
                    report(string.Create(CultureInfo.InvariantCulture, $"Stopped after step {state.Step:N0} of {_steps:N0}; continue with "
                        + $"--resume."));
                    return state;
                }
            }
        }

        return state;
    }

    public void Dispose()
    {
        _step.Dispose();
        _average.Dispose();
        _network.Dispose();
    }

    private IReadOnlyDictionary<string, double> Step(long number)
    {
        using GarbageCollectionPause pause = GarbageCollectionPause.Begin();
        using DisposeScope scope = NewDisposeScope();
        random.manual_seed(unchecked(_config.Seed * 1_000_003L + number));
        DeviceBatch batch = DeviceBatch.From(_batches.Take(number), _config.Picture, _job.Compute);
        try
        {
            IReadOnlyDictionary<string, double> terms = _step.Run(batch, number, Rate(number));
            _average.Update(number);
            return terms;
        }
        catch (NotFiniteNumberException e)
        {
            string message = string.Create(CultureInfo.InvariantCulture, $"Step {number:N0}: {e.Message}. Training stops; the last "
                + $"checkpoint is kept. ")
                + "Try a lower optimizer.learning_rate, or precision float32.";
            throw new FailedException(message, e);
        }
    }

    private TrainingState Validate(TrainingState state, MetricsLog log, Action<string> report)
    {
        _average.Network.eval();
        double epoch = (double)state.Step / _batches.StepsPerEpoch;
        Metric metric = Metric.Find(_config.ChooseBy)!;
        var sheet = new ValidationSheet(_config.Picture, photos: _config.Masks is null ? 16 : 24);
        double? figure;
        string text;
        if (_config.Masks is not null)
        {
            IReadOnlyDictionary<string, double> figures = new MaskValidator(_job.Valid, _config, _job.Compute).Run(_average.Network, sheet);
            figure = figures[metric.Key];
            text = string.Join(", ", figures.Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Key} {f.Value:0.00000}")));
            log.Validation(state, figures, epoch);
        }
        else
        {
            FillScores scores = _validator.Run(_average.Network, sheet.Add);
            (figure, text) = (scores[metric], $"{scores}");
            log.Validation(state, scores, epoch);
        }

        bool better = state.Best is not { } before || (figure is { } value && metric.Loss(value) < metric.Loss(before));
        state = better
            ? state with { Best = figure, BestStep = state.Step, SinceBest = 0 }
            : state with { SinceBest = state.SinceBest + 1 };
        if (better)
        {
            _job.Run.SaveBest(_average.Network);
        }

        File.WriteAllBytes(_job.Run.In("valid.png"), sheet.Encode());
        TrainingPlots.Write(_job.Run, log);
        string best = better ? "the best so far" : string.Create(
            CultureInfo.InvariantCulture, $"the best {metric.Key} is {metric.Text(state.Best)} at step {state.BestStep:N0}");
        report($"  valid: {text}; {best}");
        if (_config.Patience is { } patience && state.SinceBest >= patience)
        {
            state = state with { Ended = $"no better {metric.Key} in {patience} validations" };
            report($"Ended early: {state.Ended}.");
        }
        else if (state.Step == _steps)
        {
            state = state with { Ended = "all steps done" };
        }

        return state;
    }

    private double Rate(long step) => _config.Optimizer.RateFactor(step, _steps);
}
