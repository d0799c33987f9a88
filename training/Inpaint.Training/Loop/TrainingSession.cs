using System.Globalization;

namespace Inpaint.Training.Loop;

/// <summary>The arguments of <c>train</c>.</summary>
internal sealed record TrainingRequest
{
    /// <summary>The configuration; optional if the run has one.</summary>
    public string? Config { get; init; }

    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>The training datasets.</summary>
    public IReadOnlyList<string> Data { get; init; } = [];

    /// <summary>The validation dataset. Default: a part of the training photos.</summary>
    public string? Valid { get; init; }

    /// <summary>The dataset of final figures, used by the export.</summary>
    public string? Test { get; init; }

    public required RunFolder Run { get; init; }

    /// <summary>Whether to continue the run.</summary>
    public bool Resume { get; init; }

    /// <summary>Source of the first weights. Default: random weights.</summary>
    public string? Init { get; init; }

    public string Device { get; init; } = "cpu";

    /// <summary>Most photos of each dataset. Default: all.</summary>
    public int? Limit { get; init; }

    /// <summary>Keeps scaled photos; optional.</summary>
    public PhotoCache? Cache { get; init; }
}

/// <summary>One call of <c>train</c>.</summary>
internal static class TrainingSession
{
    /// <summary>Starts or resumes a training.</summary>
    public static TrainingState Run(TrainingRequest request, Terminal terminal, CancellationToken stop)
    {
        (TrainingConfig config, RunDescription? known) = Prepare(request);
        if (known is null && request.Resume)
        {
            terminal.Warn($"{request.Run.Path} contains no training to resume: a new one starts there.");
        }

        using IDisposable locked = request.Run.Lock();
        IReadOnlyList<string> data = request.Data.Count > 0 ? request.Data : known?.Data
            ?? throw new UsageException($"--data is missing. Give training photos: {KnownDatasets.Formats.Expected}.");
        string? validSpec = request.Valid ?? known?.Valid;
        int? limit = request.Limit ?? known?.Limit;

        var compute = Compute.Create(request.Device, config.Precision, config.ChannelsLast, terminal.Warn);
        PhotoPool train = Load("Reading photos", data, config, limit, request, terminal, stop), valid;
        if (validSpec is null)
        {
            (train, valid) = train.HoldOut();
        }
        else
        {
            valid = Load("Reading validation photos", [validSpec], config, null, request, terminal, stop);
        }

        PhotoPool? large = terminal.WithProgress(
            "Reading large photos", null, "photos", progress => PhotoPool.LoadLarge(data, config, limit, request.Cache, progress, stop));
        terminal.Say(string.Create(CultureInfo.InvariantCulture, $"{train.Count:N0} training photos, {valid.Count:N0} validation photos."));

        if (known is not null)
        {
            RequireSamePhotos(request, known, train, valid);
        }

        Vocabulary? vocabulary = VocabularyOf(config, train, known);
        var job = new TrainingJob(request.Run, config, train, valid, vocabulary, compute, large);
        string? init = known is null ? request.Init : request.Run.HasCheckpoint ? null : known.Init;
        using var trainer = new Trainer(job, init is null ? null : network => FirstWeights.Load(network, init, vocabulary, terminal.Warn));
        if (known is null)
        {
            request.Run.Start(config, new RunDescription
            {
                Command = CommandText.Of(request, config),
                Data = data,
                Valid = validSpec,
                Test = request.Test,
                Limit = limit,
                Init = request.Init,
                Sources = train.Sources,
                ValidSources = validSpec is null ? null : valid.Sources,
                Learned = train.Count,
                HeldOut = validSpec is null ? valid.Count : null,
                Vocabulary = vocabulary?.Words,
            });
        }
        else if (request.Test is { } test && test != known.Test)
        {
            request.Run.Describe(known with { Test = test });
        }

        string precision = compute.IsMixed ? "bfloat16" : "float32";
        terminal.Say(string.Create(
            CultureInfo.InvariantCulture, $"{config.Name}: {trainer.Parameters:N0} weights, {trainer.Steps:N0} steps, {precision} on "
                + $"{compute.Device}."));
        return trainer.Run(terminal.Say, stop);
    }

    private static (TrainingConfig Config, RunDescription? Known) Prepare(TrainingRequest request)
    {
        if (!request.Run.Exists)
        {
            return request.Config is { } path
                ? (ConfigFile.Load(path, request.Settings), null)
                : throw new UsageException($"CONFIG is missing, and {request.Run.Path} contains no training to resume.");
        }

        string elsewhere = $"start in another folder, with --init {request.Run.Path} for its weights";
        TrainingConfig config = request.Run.Config();
        RunDescription known = request.Run.Description();
        if (!request.Resume)
        {
            throw new UsageException($"{request.Run.Path} already contains a training. Give --resume to continue it, or another --out.");
        }

        if (request.Config is null && request.Settings.Count > 0)
        {
            throw new UsageException($"--set {request.Settings[0]}: a resumed training keeps its settings. Omit --set, or {elsewhere}.");
        }

        if (request.Init is { } init && init != known.Init)
        {
            string first = known.Init is null ? "random weights" : $"those of {known.Init}";
            throw new UsageException(
                $"--init {init}: {request.Run.Path} was started with {first}, and continues with its own. Omit --init, or start in "
                    + $"another folder.");
        }

        if (request.Config is { } given
            && !StrictJson.Write(ConfigFile.Load(given, request.Settings)).AsSpan().SequenceEqual(StrictJson.Write(config)))
        {
            throw new UsageException(
                $"{given} and --set differ from the configuration of {request.Run.Path}. Omit CONFIG to continue with that one, or "
                    + $"{elsewhere}.");
        }

        return (config, known);
    }

    /// <summary>A dataset may have moved to another folder; its name and number of photos must be the same.</summary>
    private static void RequireSamePhotos(TrainingRequest request, RunDescription known, PhotoPool train, PhotoPool valid)
    {
        string run = request.Run.Path;
        string remedy = $"A resumed training keeps its photos. Give those, or start in another folder, with --init {run} for its weights.";
        if (!train.Sources.SequenceEqual(known.Sources))
        {
            throw new UsageException(
                $"{run} was started with --data {string.Join(", ", known.Sources)}; found {string.Join(", ", train.Sources)}. {remedy}");
        }

        bool same = known.ValidSources is { } sources ? valid.Sources.SequenceEqual(sources)
            : request.Valid is null || (known.Valid is { } name && CommandText.Short(request.Valid) == CommandText.Short(name));
        if (!same)
        {
            string before = known.ValidSources is { } recorded ? $"with --valid {string.Join(", ", recorded)}"
                : known.Valid is { } given ? $"with --valid {given}"
                : "without --valid, with a twentieth of its photos held out";
            throw new UsageException($"{run} was started {before}; found {string.Join(", ", valid.Sources)}. {remedy}");
        }
    }

    private static PhotoPool Load(
        string what, IReadOnlyList<string> data, TrainingConfig config, int? limit, TrainingRequest request, Terminal terminal,
        CancellationToken stop)
    {
        PhotoPool pool = terminal.WithProgress(
            what, null, "photos", progress => PhotoPool.Load(data, config.Picture, limit, request.Cache, progress, stop));
        if (pool.Unreadable is [var first, ..])
        {
            terminal.Warn(string.Create(CultureInfo.InvariantCulture, $"{pool.Unreadable.Count:N0} photos cannot be read and are skipped; "
                + $"the first: {first}"));
        }

        return pool;
    }

    private static Vocabulary? VocabularyOf(TrainingConfig config, PhotoPool train, RunDescription? known)
    {
        if (config.Caption is not { } caption)
        {
            return null;
        }

        if (known?.Vocabulary is { } words)
        {
            return new Vocabulary(words);
        }

        var vocabulary = Vocabulary.Fit(
            Enumerable.Range(0, train.Count).SelectMany(train.Captions),
            new VocabularyOptions { MaximumSize = caption.Words, MinimumCount = caption.MinimumCount });
        return vocabulary.Count > 0
            ? vocabulary
            : throw new FailedException(
                $"{config.Name} takes captions, but no word occurs {caption.MinimumCount} times in the captions of the photos. "
                + "Give photos with captions (captions.jsonl), or a lower caption.minimum_count.");
    }
}
