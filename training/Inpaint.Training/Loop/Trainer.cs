using System.Diagnostics;
using System.Globalization;
using Inpaint.Onnx.TorchSharp;
using Inpaint.Onnx.TorchSharp.Libtorch;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training;

/// <summary>What a training is run on.</summary>
/// <param name="Run">Its folder.</param>
/// <param name="Config">Its configuration.</param>
/// <param name="Train">The photos to learn from.</param>
/// <param name="Valid">The photos to choose by.</param>
/// <param name="Vocabulary">The words of captions; null without.</param>
/// <param name="Compute">Device and precision.</param>
internal sealed record TrainingJob(RunFolder Run, TrainingConfig Config, PhotoPool Train, PhotoPool Valid, Vocabulary? Vocabulary, Compute Compute);

/// <summary>
/// The training loop: batches, steps, averages, validation, checkpoints. Everything random in a step follows from the seed and the step's
/// number, and the learning rate from the step's number alone, so that a training taken up again equals one that was never broken off.
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
    private readonly int _vocabulary;
    private readonly long _steps;

    /// <summary>Builds network, optimizer and batches.</summary>
    /// <param name="job">What to train on.</param>
    /// <param name="init">Loads first weights into the fresh network; null for none.</param>
    public Trainer(TrainingJob job, Action<FillNetwork>? init = null)
    {
        (_job, _config) = (job, job.Config);
        if (job.Train.Count == 1 && ConfigRules.NeedsSeveralPhotos(_config.Network))
        {
            throw new FailedException($"There is 1 photo to learn from; {_config.Name} needs at least 2, as its batch norm is taken over a step's photos. Give more --data, or a higher --limit.");
        }

        _vocabulary = job.Vocabulary?.Count ?? 0;
        CaptionEncoder? encoder = job.Vocabulary is { } vocabulary ? new CaptionEncoder(vocabulary) : null;
        _network = NetworkFactory.Create(_config, _vocabulary);
        init?.Invoke(_network);
        job.Compute.Place(_network);
        FillNetwork averaged = NetworkFactory.Create(_config, _vocabulary);
        job.Compute.Place(averaged);
        _average = new WeightAverage(_network, averaged, _config.Ema);
        _step = TrainingSteps.Create(_config, _network, job.Compute);
        _batches = new BatchSource(job.Train, encoder is null ? null : new WordTable(job.Train, encoder), _config);
        _validator = new Validator(job.Valid, encoder is null ? null : new WordTable(job.Valid, encoder), _config, job.Compute);
        long all = (long)_config.Epochs * _batches.StepsPerEpoch;
        _steps = _config.MaxSteps is { } most ? Math.Min(most, all) : all;
    }

    /// <summary>All steps of the training.</summary>
    public long Steps => _steps;

    /// <summary>Weights of the network.</summary>
    public long Parameters => _network.parameters().Sum(p => p.numel());

    /// <summary>Trains from the newest checkpoint, or from the start, to the end.</summary>
    /// <param name="report">Told what happens, a line each.</param>
    /// <param name="stop">Ends the training after the step under way, with a checkpoint.</param>
    /// <returns>Where it stands; <see cref="TrainingState.Ended"/> is null when it was stopped.</returns>
    /// <exception cref="FailedException">A loss, gradient or fill is not a number.</exception>
    public TrainingState Run(Action<string> report, CancellationToken stop)
    {
        var log = new MetricsLog(_job.Run);
        var state = _job.Run.Restore(_step, _average.Network, report) ?? new TrainingState { StepsPerEpoch = _batches.StepsPerEpoch };
        if (state.StepsPerEpoch != _batches.StepsPerEpoch)
        {
            throw new FailedException($"{_job.Run.Path} was trained with {state.StepsPerEpoch} steps an epoch; {_job.Train.Count} photos in batches of {_batches.BatchSize} make {_batches.StepsPerEpoch}. Give the same --data and --limit, and leave batch_size in its config.json as it was; or begin in another folder.");
        }

        log.ForgetAfter(state.Step);
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
                log.Training(state, Rate(state.Step - 1) * _config.Optimizer.LearningRate, terms.Take(), rate, (double)state.Step / _batches.StepsPerEpoch);
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
                    report(string.Create(CultureInfo.InvariantCulture, $"Stopped after step {state.Step:N0} of {_steps:N0}; go on with --resume."));
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
        DeviceBatch batch = Batches.ToDevice(_batches.Take(number), _config, _job.Compute, _vocabulary);
        try
        {
            IReadOnlyDictionary<string, double> terms = _step.Run(batch, number, Rate(number));
            _average.Update(number);
            return terms;
        }
        catch (NotFiniteNumberException e)
        {
            throw new FailedException(string.Create(CultureInfo.InvariantCulture, $"Step {number:N0}: {e.Message}. Training stops here; the last checkpoint is kept. Try a lower optimizer.learning_rate, or precision float32."), e);
        }
    }

    private TrainingState Validate(TrainingState state, MetricsLog log, Action<string> report)
    {
        _average.Network.eval();
        var sheet = new ValidationSheet(_config.Picture);
        FillScores scores = _validator.Run(_average.Network, sheet.Add);

        Metric metric = Metric.Find(_config.ChooseBy)!;
        bool better = state.Best is not { } before || (scores[metric] is { } value && metric.Loss(value) < metric.Loss(before));
        state = better
            ? state with { Best = scores[metric], BestStep = state.Step, SinceBest = 0 }
            : state with { SinceBest = state.SinceBest + 1 };
        if (better)
        {
            _job.Run.SaveBest(_average.Network);
        }

        File.WriteAllBytes(_job.Run.In("valid.png"), sheet.Encode());
        log.Validation(state, scores, (double)state.Step / _batches.StepsPerEpoch);
        TrainingPlots.Write(_job.Run, log);
        string best = better ? "the best so far" : $"the best {metric.Key} is {metric.Text(state.Best)} at step {state.BestStep.ToString("N0", CultureInfo.InvariantCulture)}";
        report($"  valid: {scores}; {best}");
        if (_config.Patience is { } patience && state.SinceBest >= patience)
        {
            state = state with { Ended = $"no better {metric.Key} on valid in {patience} validations" };
            report($"Ended early: {state.Ended}.");
        }
        else if (state.Step == _steps)
        {
            state = state with { Ended = "all steps done" };
        }

        return state;
    }

    private double Rate(long step) => LearningRate.Factor(_config.Optimizer, step, _steps);
}
