using System.Globalization;

namespace Inpaint.Training;

/// <summary>What <c>train</c> was asked for.</summary>
internal sealed record TrainingRequest
{
    /// <summary>The configuration; null when the run has one.</summary>
    public string? Config { get; init; }

    /// <summary>Settings given anew.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>The datasets to learn from.</summary>
    public IReadOnlyList<string> Data { get; init; } = [];

    /// <summary>The dataset to choose by; null for a part of the others.</summary>
    public string? Valid { get; init; }

    /// <summary>The dataset of final figures; kept for the export.</summary>
    public string? Test { get; init; }

    /// <summary>The run's folder.</summary>
    public required RunFolder Run { get; init; }

    /// <summary>Whether to go on.</summary>
    public bool Resume { get; init; }

    /// <summary>Where first weights come from.</summary>
    public string? Init { get; init; }

    /// <summary>The device.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>At most so many photos of each dataset.</summary>
    public int? Limit { get; init; }

    /// <summary>Where scaled photos are kept; null for nowhere.</summary>
    public PhotoCache? Cache { get; init; }
}

/// <summary>One call of <c>train</c>, from its request to where the training stands.</summary>
internal static class TrainingSession
{
    /// <summary>Begins or goes on.</summary>
    public static TrainingState Run(TrainingRequest request, Terminal terminal, CancellationToken stop)
    {
        (TrainingConfig config, RunDescription? known) = Prepare(request);
        if (known is null && request.Resume)
        {
            terminal.Warn($"{request.Run.Path} holds no training to go on with: a new one begins there.");
        }

        using IDisposable alone = request.Run.Lock();
        IReadOnlyList<string> data = request.Data.Count > 0 ? request.Data : known?.Data
            ?? throw new UsageException($"--data is missing. Name photos to learn from: {KnownDatasets.Formats.Expected}.");
        string? validSpec = request.Valid ?? known?.Valid;
        int? limit = request.Limit ?? known?.Limit;

        var compute = Compute.Create(request.Device, config.Precision, config.ChannelsLast, terminal.Warn);
        PhotoPool train = Load("Reading photos", data, config, limit, request, terminal, stop);
        PhotoPool valid = validSpec is null
            ? HeldOut.Take(ref train)
            : Load("Reading valid", [validSpec], config, null, request, terminal, stop);
        terminal.Say(string.Create(CultureInfo.InvariantCulture, $"{train.Count:N0} photos to learn from, {valid.Count:N0} to choose by."));

        if (known is not null)
        {
            RequireSamePhotos(request, known, train, valid);
        }

        Vocabulary? vocabulary = VocabularyOf(config, train, known);
        var job = new TrainingJob(request.Run, config, train, valid, vocabulary, compute);
        string? init = known is null ? request.Init : request.Run.HasCheckpoint ? null : known.Init;
        using var trainer = new Trainer(job, init is null ? null : network => FirstWeights.Load(network, init, vocabulary, terminal.Warn));
        if (known is null)
        {
            request.Run.Begin(config, new RunDescription
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

        terminal.Say(string.Create(CultureInfo.InvariantCulture, $"{config.Name}: {trainer.Parameters:N0} weights, {trainer.Steps:N0} steps, {(compute.IsMixed ? "bfloat16" : "float32")} on {compute.Device}."));
        return trainer.Run(terminal.Say, stop);
    }

    private static (TrainingConfig Config, RunDescription? Known) Prepare(TrainingRequest request)
    {
        if (!request.Run.Exists)
        {
            return request.Config is { } path
                ? (ConfigFile.Load(path, request.Settings), null)
                : throw new UsageException($"There is no CONFIG, and {request.Run.Path} holds no training to go on with.");
        }

        TrainingConfig config = request.Run.Config();
        RunDescription known = request.Run.Description();
        if (!request.Resume)
        {
            throw new UsageException($"{request.Run.Path} holds a training already. Give --resume to go on with it, or another --out.");
        }

        if (request.Config is null && request.Settings.Count > 0)
        {
            throw new UsageException($"--set {request.Settings[0]}: a training that goes on keeps the settings that it was begun with. Leave --set out, or begin in another folder, with --init {request.Run.Path} for its weights.");
        }

        if (request.Init is { } init && init != known.Init)
        {
            throw new UsageException($"--init {init}: {request.Run.Path} was begun with {(known.Init is null ? "fresh weights" : $"those of {known.Init}")}, and goes on with its own. Leave --init out, or begin in another folder.");
        }

        if (request.Config is { } given && StrictJson.Write(ConfigFile.Load(given, request.Settings)) is var text && !text.AsSpan().SequenceEqual(StrictJson.Write(config)))
        {
            throw new UsageException($"{given} and --set differ from the configuration that {request.Run.Path} was begun with. Leave CONFIG out to go on with that one, or begin in another folder, with --init {request.Run.Path} for its weights.");
        }

        return (config, known);
    }

    /// <summary>A dataset may have moved to another folder; its name and number of photos are what the training began with.</summary>
    private static void RequireSamePhotos(TrainingRequest request, RunDescription known, PhotoPool train, PhotoPool valid)
    {
        string remedy = $"A training goes on with the photos that it was begun with. Give those, or begin in another folder, with --init {request.Run.Path} for its weights.";
        if (!train.Sources.SequenceEqual(known.Sources))
        {
            throw new UsageException($"{request.Run.Path} was begun with --data {string.Join(", ", known.Sources)}; found {string.Join(", ", train.Sources)}. {remedy}");
        }

        bool same = known.ValidSources is { } sources ? valid.Sources.SequenceEqual(sources)
            : request.Valid is null || (known.Valid is { } name && CommandText.Short(request.Valid) == CommandText.Short(name));
        if (!same)
        {
            string begun = known.ValidSources is { } noted ? $"with --valid {string.Join(", ", noted)}" : known.Valid is { } given ? $"with --valid {given}" : "without --valid, a twentieth of its photos held out";
            throw new UsageException($"{request.Run.Path} was begun {begun}; found {string.Join(", ", valid.Sources)}. {remedy}");
        }
    }

    private static PhotoPool Load(string what, IReadOnlyList<string> data, TrainingConfig config, int? limit, TrainingRequest request, Terminal terminal, CancellationToken stop)
    {
        PhotoPool pool = terminal.WithProgress(what, null, "photos", progress => PhotoPool.Load(data, config.Picture, limit, request.Cache, progress, stop));
        if (pool.Bad.Count > 0)
        {
            terminal.Warn(string.Create(CultureInfo.InvariantCulture, $"{pool.Bad.Count:N0} photos cannot be read and are left out; the first: {pool.Bad[0]}"));
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
            : throw new FailedException($"{config.Name} takes captions, but no word stands {caption.MinimumCount} times in the captions of the photos. Give photos with captions (captions.jsonl), or a lower caption.minimum_count.");
    }
}
