using System.Globalization;
using static System.IO.Path;

namespace Inpaint.Training.Loop;

/// <summary>
/// The folder of one training: <c>config.json</c>, <c>run.json</c> (data and vocabulary), <c>metrics.jsonl</c>, plots, sheets, checkpoints
/// and the best weights by validation. A checkpoint is a folder that is written atomically: under another name, then renamed.
/// </summary>
internal sealed class RunFolder
{
    private const string ConfigFileName = "config.json", RunFileName = "run.json", StateFileName = "state.json";
    private const string AverageFileName = "average.safetensors", LockFileName = "run.lock";
    private const string CheckpointPrefix = "checkpoint-", DamagedPrefix = "damaged-", BestName = "best";
    private const int Kept = 2;

    private RunFolder(string path) => Path = path;

    public string Path { get; }

    /// <summary>Whether the folder contains a training.</summary>
    public bool Exists => File.Exists(In(ConfigFileName));

    public bool HasCheckpoint => NewestCheckpoint() is not null;

    private bool HasBest => File.Exists(WeightsOf(In(BestName)));

    /// <summary>The run of a folder, which need not exist.</summary>
    public static RunFolder At(string path) => new(GetFullPath(path));

    /// <summary>The training that a folder contains, or that it is a checkpoint of; null when it is neither.</summary>
    public static RunFolder? Of(string path) => At(path) is { Exists: true } run
        ? run
        : IsCheckpoint(path) && At(GetDirectoryName(At(path).Path)!) is { Exists: true } parent ? parent : null;

    /// <summary>Whether a folder is a checkpoint of a training.</summary>
    public static bool IsCheckpoint(string path) => File.Exists(WeightsOf(path));

    /// <summary>The file of a checkpoint's averaged weights.</summary>
    public static string WeightsOf(string checkpoint) => Combine(checkpoint, AverageFileName);

    public string In(string name) => Combine(Path, name);

    /// <summary>Keeps other processes from training in the folder until disposed.</summary>
    /// <exception cref="UsageException">The path is a file.</exception>
    /// <exception cref="FailedException">Another process is training in the folder.</exception>
    public IDisposable Lock()
    {
        if (File.Exists(Path))
        {
            throw new UsageException($"--out {Path} is a file; expected a folder, which need not exist.");
        }

        Directory.CreateDirectory(Path);
        try
        {
            string file = In(LockFileName);
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e)
        {
            throw new FailedException($"Another process is training in {Path}. Wait for it or stop it, or give another --out.", e);
        }
    }

    /// <summary>Starts a training: writes its configuration and data.</summary>
    public void Start(TrainingConfig config, RunDescription description)
    {
        Directory.CreateDirectory(Path);
        Describe(description);
        AtomicFile.Write(In(ConfigFileName), StrictJson.Write(config));
    }

    /// <summary>Writes data and vocabulary.</summary>
    public void Describe(RunDescription description) => AtomicFile.Write(In(RunFileName), StrictJson.Write(description));

    /// <summary>The configuration as used.</summary>
    /// <param name="settings">Settings to override; optional.</param>
    public TrainingConfig Config(IReadOnlyList<string>? settings = null)
    {
        if (!Exists)
        {
            throw new FailedException($"{Path} contains no training: it has no {ConfigFileName}. Give the folder that was passed to train "
                + $"as --out.");
        }

        string file = In(ConfigFileName);
        byte[] json = File.ReadAllBytes(file);
        try
        {
            TrainingConfig own = ConfigFile.Parse(json, file, []);
            return settings is { Count: > 0 } ? ConfigFile.Parse(json, file, settings) : own;
        }
        catch (InpaintException e) when (settings is not { Count: > 0 })
        {
            throw new FailedException($"{e.Message} Fix the file, or delete the folder {Path} to start again.", e);
        }
    }

    /// <summary>Data and vocabulary.</summary>
    public RunDescription Description()
    {
        string file = In(RunFileName);
        try
        {
            return StrictJson.Read<RunDescription>(File.ReadAllBytes(file), file);
        }
        catch (Exception e) when (e is InpaintException or FileNotFoundException)
        {
            throw new FailedException($"{file} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Writes a checkpoint, and deletes all but the newest two.</summary>
    public void Save(TrainingState state, ITrainingStep step, FillNetwork average)
    {
        WriteFolder(string.Create(CultureInfo.InvariantCulture, $"{CheckpointPrefix}{state.Step:D9}"), folder =>
        {
            foreach ((string name, ModuleOptimizer module) in step.Modules)
            {
                TensorFile.Write(WeightsFile(folder, name), ModuleWeights.Of(module.Module));
                TensorFile.Write(OptimizerFile(folder, name), module.State());
            }

            TensorFile.Write(WeightsOf(folder), ModuleWeights.Of(average));
            AtomicFile.Write(Combine(folder, StateFileName), StrictJson.Write(state));
        });
        foreach (string old in Checkpoints().SkipLast(Kept))
        {
            Directory.Delete(old, recursive: true);
        }
    }

    /// <summary>Writes the best weights.</summary>
    public void SaveBest(FillNetwork average) =>
        WriteFolder(BestName, folder => TensorFile.Write(WeightsOf(folder), ModuleWeights.Of(average)));

    /// <summary>Restores the newest checkpoint; if it is damaged, the previous one, and moves the damaged one aside.</summary>
    /// <param name="step">Receives the weights and the optimizers' states.</param>
    /// <param name="average">Receives the averaged weights.</param>
    /// <param name="report">Receives a message about a damaged checkpoint.</param>
    /// <returns>The progress; null when there is no checkpoint.</returns>
    /// <exception cref="FailedException">All checkpoints are damaged.</exception>
    public TrainingState? Restore(ITrainingStep step, FillNetwork average, Action<string> report)
    {
        var damaged = new List<(string Folder, string Problem)>();
        foreach (string folder in Checkpoints().Reverse())
        {
            try
            {
                TrainingState state = Restore(folder, step, average);
                foreach ((string broken, string problem) in damaged)
                {
                    string aside = In(DamagedPrefix + GetFileName(broken));
                    Remove(aside);
                    Directory.Move(broken, aside);
                    report($"{broken} is damaged and was moved to {aside}: {problem} The training continues from {folder}.");
                }

                return state;
            }
            catch (Exception e) when (e is InpaintException or IOException)
            {
                damaged.Add((folder, e.Message));
            }
        }

        return damaged.Count == 0 ? null : throw new FailedException(
            $"All checkpoints of {Path} are damaged: {string.Join(" ", damaged.Select(d => d.Problem))} "
            + $"Start in another folder; --init {Path} uses its best weights if they are intact.");
    }

    private static TrainingState Restore(string folder, ITrainingStep step, FillNetwork average)
    {
        TrainingState state = ReadState(folder);
        foreach ((string name, ModuleOptimizer module) in step.Modules)
        {
            ModuleWeights.Load(module.Module, WeightsFile(folder, name));
            module.RestoreState(OptimizerFile(folder, name));
        }

        ModuleWeights.Load(average, WeightsOf(folder));
        return state;
    }

    /// <summary>How long the run was trained, as of its newest checkpoint.</summary>
    public TrainingSummary Summary()
    {
        TrainingState state = ReadState(NewestCheckpoint() ?? throw NoCheckpoint());
        double epochs = (double)state.Step / state.StepsPerEpoch;
        return new TrainingSummary(state.Step, HasBest ? state.BestStep : null, epochs, state.Seconds / 3600);
    }

    /// <summary>The file of the best weights by validation; the newest checkpoint's when there was no validation yet.</summary>
    /// <exception cref="FailedException">There is no checkpoint either.</exception>
    public string BestWeights() => WeightsOf(HasBest ? In(BestName) : NewestCheckpoint() ?? throw NoCheckpoint());

    private static string WeightsFile(string folder, string module) => Combine(folder, $"{module}.safetensors");

    private static string OptimizerFile(string folder, string module) => Combine(folder, $"{module}.optimizer.safetensors");

    private static TrainingState ReadState(string folder)
    {
        string file = Combine(folder, StateFileName);
        return StrictJson.Read<TrainingState>(File.ReadAllBytes(file), file);
    }

    private FailedException NoCheckpoint() =>
        new($"{Path} has no checkpoint yet. Let the training run to its first one, at the end of an epoch or after some minutes.");

    private string? NewestCheckpoint() => Checkpoints() is [.., var newest] ? newest : null;

    private IReadOnlyList<string> Checkpoints() => !Directory.Exists(Path) ? [] :
    [
        .. Directory.EnumerateDirectories(Path, CheckpointPrefix + "*")
            .Where(d => File.Exists(Combine(d, StateFileName)) && !d.EndsWith(".tmp", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    private void WriteFolder(string name, Action<string> write)
    {
        string final = In(name), temporary = final + ".tmp";
        Remove(temporary);
        Directory.CreateDirectory(temporary);
        write(temporary);
        AtomicFile.FlushFolder(temporary);
        Remove(final);
        Directory.Move(temporary, final);
        AtomicFile.FlushFolder(Path);
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

/// <summary>How long a run was trained.</summary>
/// <param name="Step">Steps.</param>
/// <param name="BestStep">The step of the best weights; null if none were validated, and the last ones are used.</param>
/// <param name="Epochs">Passes over the photos.</param>
/// <param name="Hours">Hours of training.</param>
internal sealed record TrainingSummary(long Step, long? BestStep, double Epochs, double Hours);
