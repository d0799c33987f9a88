using System.Globalization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Training;

/// <summary>
/// The folder of one training: <c>config.json</c>, <c>run.json</c> (data and vocabulary), <c>metrics.jsonl</c>, plots, sheets, checkpoints and
/// the best weights by <c>valid</c>. A checkpoint is a folder that is written under another name and then renamed: it is there whole or not.
/// </summary>
internal sealed class RunFolder
{
    private const string ConfigFileName = "config.json", RunFileName = "run.json", StateFileName = "state.json", AverageFileName = "average.safetensors", LockFileName = "run.lock";
    private const string CheckpointPrefix = "checkpoint-", DamagedPrefix = "damaged-", BestName = "best";
    private const int Kept = 2;

    private RunFolder(string path) => Path = path;

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Name of the folder.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>Whether there is a training in the folder.</summary>
    public bool Exists => File.Exists(In(ConfigFileName));

    /// <summary>Whether there is a checkpoint to go on from.</summary>
    public bool HasCheckpoint => NewestCheckpoint() is not null;

    /// <summary>The folder of the best weights by <c>valid</c>.</summary>
    public bool HasBest => File.Exists(System.IO.Path.Combine(Path, BestName, AverageFileName));

    /// <summary>Names a folder; it need not exist.</summary>
    public static RunFolder At(string path) => new(System.IO.Path.GetFullPath(path));

    /// <summary>The training that a folder holds, or that it is a checkpoint of; null when it is neither.</summary>
    public static RunFolder? Of(string path) => At(path) is { Exists: true } run
        ? run
        : IsCheckpoint(path) && At(System.IO.Path.GetDirectoryName(At(path).Path)!) is { Exists: true } parent ? parent : null;

    /// <summary>Whether a folder is one checkpoint of a training.</summary>
    public static bool IsCheckpoint(string path) => File.Exists(WeightsOf(path));

    /// <summary>The file of a checkpoint's averaged weights.</summary>
    public static string WeightsOf(string checkpoint) => System.IO.Path.Combine(checkpoint, AverageFileName);

    /// <summary>A path in the folder.</summary>
    public string In(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Keeps other processes from training in the folder until disposed.</summary>
    /// <exception cref="UsageException">There is a file where the folder is to be.</exception>
    /// <exception cref="FailedException">Another one does.</exception>
    public IDisposable Lock()
    {
        if (File.Exists(Path))
        {
            throw new UsageException($"--out {Path} is a file; expected a folder, which need not be there yet.");
        }

        Directory.CreateDirectory(Path);
        try
        {
            return new FileStream(In(LockFileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e)
        {
            throw new FailedException($"Another process trains in {Path}. Wait for it or stop it, or name another --out.", e);
        }
    }

    /// <summary>Begins a training: writes its configuration and data.</summary>
    public void Begin(TrainingConfig config, RunDescription description)
    {
        Directory.CreateDirectory(Path);
        Describe(description);
        WholeFile.Write(In(ConfigFileName), StrictJson.Write(config));
    }

    /// <summary>Writes data and vocabulary anew.</summary>
    public void Describe(RunDescription description) => WholeFile.Write(In(RunFileName), StrictJson.Write(description));

    /// <summary>The configuration as used.</summary>
    /// <param name="settings">Settings given anew; null for none.</param>
    public TrainingConfig Config(IReadOnlyList<string>? settings = null)
    {
        if (!Exists)
        {
            throw new FailedException($"{Path} holds no training: it has no {ConfigFileName}. Name the folder that was given to train as --out.");
        }

        string file = In(ConfigFileName);
        byte[] json = File.ReadAllBytes(file);
        try
        {
            TrainingConfig own = ConfigFile.Parse(json, file, []);
            return settings is { Count: > 0 } ? ConfigFile.Parse(json, file, settings) : own;
        }
        catch (FailedException e) when (settings is not { Count: > 0 })
        {
            throw new FailedException($"{e.Message} Put the file right, or delete the folder {Path} to begin anew.", e);
        }
    }

    /// <summary>Data and vocabulary.</summary>
    public RunDescription Description()
    {
        try
        {
            return StrictJson.Read<RunDescription>(File.ReadAllBytes(In(RunFileName)), In(RunFileName));
        }
        catch (Exception e) when (e is StrictJsonException or FileNotFoundException)
        {
            throw new FailedException($"{In(RunFileName)} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Writes a checkpoint of everything, and forgets all but the newest two.</summary>
    public void Save(TrainingState state, ITrainingStep step, FillNetwork average)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{CheckpointPrefix}{state.Step:D9}");
        WriteFolder(name, folder =>
        {
            foreach ((string module, nn.Module weights) in step.Modules)
            {
                TensorFile.Write(System.IO.Path.Combine(folder, $"{module}.safetensors"), Weights(weights));
                TensorFile.Write(System.IO.Path.Combine(folder, $"{module}.optimizer.safetensors"), OptimizerState.Tensors(step.Optimizers[module]));
            }

            TensorFile.Write(System.IO.Path.Combine(folder, AverageFileName), Weights(average));
            WholeFile.WriteThrough(System.IO.Path.Combine(folder, StateFileName), StrictJson.Write(state));
        });
        foreach (string old in Checkpoints().SkipLast(Kept))
        {
            Directory.Delete(old, recursive: true);
        }
    }

    /// <summary>Writes the best weights.</summary>
    public void SaveBest(FillNetwork average) =>
        WriteFolder(BestName, folder => TensorFile.Write(System.IO.Path.Combine(folder, AverageFileName), Weights(average)));

    /// <summary>Takes the newest checkpoint up again; where it is damaged, the one before, and puts the damaged one aside.</summary>
    /// <param name="step">Takes the weights and the optimizers' states.</param>
    /// <param name="average">Takes the averaged weights.</param>
    /// <param name="report">Told of a damaged checkpoint.</param>
    /// <returns>Where it stands; null when there is no checkpoint.</returns>
    /// <exception cref="FailedException">There are checkpoints, and none of them is whole.</exception>
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
                    string aside = In(DamagedPrefix + System.IO.Path.GetFileName(broken));
                    Remove(aside);
                    Directory.Move(broken, aside);
                    report($"{broken} is damaged and put aside as {aside}: {problem} The training goes on from {folder}.");
                }

                return state;
            }
            catch (Exception e) when (e is FailedException or StrictJsonException or IOException)
            {
                damaged.Add((folder, e.Message));
            }
        }

        return damaged.Count == 0 ? null : throw new FailedException($"No checkpoint of {Path} can be taken up: {string.Join(" ", damaged.Select(d => d.Problem))} Begin in another folder; --init {Path} takes its best weights where they are whole.");
    }

    private static TrainingState Restore(string folder, ITrainingStep step, FillNetwork average)
    {
        string stateFile = System.IO.Path.Combine(folder, StateFileName);
        TrainingState state = StrictJson.Read<TrainingState>(File.ReadAllBytes(stateFile), stateFile);
        foreach ((string module, nn.Module weights) in step.Modules)
        {
            Load(System.IO.Path.Combine(folder, $"{module}.safetensors"), weights);
            string optimizer = System.IO.Path.Combine(folder, $"{module}.optimizer.safetensors");
            OptimizerState.Restore(step.Optimizers[module], TensorFile.Read(optimizer), optimizer);
        }

        Load(System.IO.Path.Combine(folder, AverageFileName), average);
        return state;
    }

    /// <summary>How far the newest checkpoint is.</summary>
    public TrainingSummary Summary()
    {
        string folder = NewestCheckpoint() ?? throw NoCheckpoint();
        TrainingState state = StrictJson.Read<TrainingState>(File.ReadAllBytes(System.IO.Path.Combine(folder, StateFileName)), folder);
        return new TrainingSummary(state.Step, HasBest ? state.BestStep : state.Step, (double)state.Step / state.StepsPerEpoch, state.Seconds / 3600);
    }

    /// <summary>The file of the best weights by <c>valid</c>; the newest checkpoint's when there was no validation yet.</summary>
    /// <exception cref="FailedException">There is no checkpoint either.</exception>
    public string BestWeights() => WeightsOf(HasBest ? In(BestName) : NewestCheckpoint() ?? throw NoCheckpoint());

    /// <summary>Loads them.</summary>
    public void LoadBest(FillNetwork network) => Load(BestWeights(), network);

    /// <summary>Copies tensors into a module; every weight must be there in its shape.</summary>
    /// <param name="module">The module.</param>
    /// <param name="tensors">The tensors by their names in the module tree.</param>
    /// <param name="from">What error messages call them.</param>
    /// <param name="learnedOnly">Whether constants of the network may be missing: a graph holds what learned, and batch norms' means and variances.</param>
    /// <param name="mayLack">Names weights that may be missing and then stay as they are; null for none.</param>
    /// <exception cref="FailedException">A weight is missing or has another shape.</exception>
    public static void Load(nn.Module module, IReadOnlyDictionary<string, Tensor> tensors, string from, bool learnedOnly = false, Func<string, bool>? mayLack = null)
    {
        using IDisposable quiet = no_grad();
        foreach ((string name, Tensor weight) in Weights(module).Where(w => !learnedOnly || IsLearned(w.Item1, w.Item2)))
        {
            if (!tensors.TryGetValue(name, out Tensor? value))
            {
                if (mayLack?.Invoke(name) == true)
                {
                    continue;
                }

                throw new FailedException($"{from} has no weight {name}; is it of another network? It has {tensors.Count}, such as {string.Join(", ", tensors.Keys.Take(3))}.");
            }

            if (!weight.shape.SequenceEqual(value.shape))
            {
                throw new FailedException($"{from}: {name} is [{string.Join(", ", value.shape)}], the network's [{string.Join(", ", weight.shape)}]. Take the configuration that it was trained with.");
            }

            weight.copy_(value);
        }
    }

    private static bool IsLearned(string name, Tensor weight) =>
        weight.requires_grad || name.EndsWith(".running_mean", StringComparison.Ordinal) || name.EndsWith(".running_var", StringComparison.Ordinal);

    private static void Load(string file, nn.Module module)
    {
        using DisposeScope scope = NewDisposeScope();
        Load(module, TensorFile.Read(file), file);
    }

    /// <summary>Parameters and buffers by their names in the module tree.</summary>
    private static IEnumerable<(string, Tensor)> Weights(nn.Module module) =>
        module.named_parameters().Select(p => (p.name, (Tensor)p.parameter)).Concat(module.named_buffers().Select(b => (b.name, b.buffer)));

    private FailedException NoCheckpoint() =>
        new($"{Path} has no checkpoint yet. Let the training run to its first one, at the end of an epoch or after some minutes.");

    private string? NewestCheckpoint() => Checkpoints() is [.., var newest] ? newest : null;

    private IReadOnlyList<string> Checkpoints() => Directory.Exists(Path)
        ? [.. Directory.EnumerateDirectories(Path, CheckpointPrefix + "*").Where(d => File.Exists(System.IO.Path.Combine(d, StateFileName)) && !d.EndsWith(".tmp", StringComparison.Ordinal)).Order(StringComparer.Ordinal)]
        : [];

    private void WriteFolder(string name, Action<string> write)
    {
        string final = In(name), temporary = final + ".tmp";
        Remove(temporary);
        Directory.CreateDirectory(temporary);
        write(temporary);
        WholeFile.FlushFolder(temporary);
        Remove(final);
        Directory.Move(temporary, final);
        WholeFile.FlushFolder(Path);
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
