using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training.Loop;

/// <summary>Trained weights of a run, a checkpoint or a graph.</summary>
/// <param name="Tensors">The weights by their names in the module tree.</param>
/// <param name="From">Their source in messages.</param>
/// <param name="Config">The training's configuration; null if unknown, as for a graph.</param>
/// <param name="Picture">Picture and hole; null if unknown.</param>
/// <param name="Words">The vocabulary; null without captions, or if unknown.</param>
/// <param name="LearnedOnly">Whether the network's constants are missing.</param>
internal sealed record TrainedWeights(
    Dictionary<string, Tensor> Tensors, string From, TrainingConfig? Config, PictureConfig? Picture, IReadOnlyList<string>? Words,
    bool LearnedOnly)
{
    public bool TakesCaptions => Tensors.Keys.Any(k => k.StartsWith(FillNetwork.FeedPrefix, StringComparison.Ordinal));
}

/// <summary>
/// Initialises a network with the weights of another run (its best, or a given checkpoint), or of a graph that was exported from the same
/// network. A network with captions may be initialised from one without; the weights that feed captions in, and those of words missing from
/// the other vocabulary, then keep their random values.
/// </summary>
internal static class FirstWeights
{
    /// <summary>Loads the weights.</summary>
    /// <param name="network">A new network.</param>
    /// <param name="source">A run's folder, one of its checkpoints, a graph's folder, or a graph's name.</param>
    /// <param name="vocabulary">The network's words; null without captions.</param>
    /// <param name="warn">Receives what is not used; optional.</param>
    /// <exception cref="FailedException">The weights do not exist or belong to another network.</exception>
    public static void Load(FillNetwork network, string source, Vocabulary? vocabulary = null, Action<string>? warn = null)
    {
        using DisposeScope scope = NewDisposeScope();
        TrainedWeights given = Read(source, "--init");
        if (given.TakesCaptions && !network.TakesCaptions)
        {
            warn?.Invoke($"{source} takes captions, this network does not: the weights that feed them in are ignored.");
        }
        else if (given.TakesCaptions && vocabulary is not null)
        {
            FitWords(network, given, vocabulary, source, warn);
        }

        ModuleWeights.Load(network, given.Tensors, given.From, given.LearnedOnly, mayLackFeed: true);
    }

    /// <summary>Reads trained weights; the caller owns the tensors.</summary>
    /// <param name="source">A run's folder, one of its checkpoints, a graph's folder, or a graph's name.</param>
    /// <param name="option">The option with that value, for messages.</param>
    /// <exception cref="FailedException">The weights do not exist.</exception>
    public static TrainedWeights Read(string source, string option)
    {
        RunFolder? run = RunFolder.Of(source);
        if (run is not null || RunFolder.IsCheckpoint(source))
        {
            string file = RunFolder.IsCheckpoint(source) ? RunFolder.WeightsOf(source) : run!.BestWeights();
            TrainingConfig? config = run?.Config();
            IReadOnlyList<string>? words = run?.Description().Vocabulary;
            return new TrainedWeights(TensorFile.Read(file), file, config, config?.Picture, words, LearnedOnly: false);
        }

        GraphPackage graph;
        try
        {
            graph = GraphPackage.Load(source);
        }
        catch (InpaintException e)
        {
            throw new FailedException($"{option} {source}: neither a run, a checkpoint nor a graph. {e.Message}", e);
        }

        GraphManifest manifest = graph.Manifest;
        return new TrainedWeights(
            OnnxModel.Read(graph.Model, source).Initializers.Where(IsWeight).ToDictionary(i => WithoutMember(i.Name), ToTensor),
            source,
            null,
            manifest.Size.IsFixed ? new PictureConfig { Size = manifest.Size.Width!.Value, Hole = manifest.Hole.Width ?? 0 } : null,
            manifest.Caption?.Vocabulary,
            LearnedOnly: true);
    }

    private static void FitWords(FillNetwork network, TrainedWeights given, Vocabulary vocabulary, string source, Action<string>? warn)
    {
        if (given.Words is not { } words)
        {
            warn?.Invoke($"The vocabulary of {source} is unknown; it is assumed to be this one.");
            return;
        }

        if (words.SequenceEqual(vocabulary.Words) || !given.Tensors.TryGetValue(FillNetwork.WordWeights, out Tensor? theirs))
        {
            return;
        }

        using IDisposable quiet = no_grad();
        Tensor own = network.get_parameter(FillNetwork.WordWeights)!.detach().clone();
        if (theirs.shape[0] != own.shape[0])
        {
            // Loading refuses another embedding, with the shapes of both.
            return;
        }

        var indices = words.Select((word, i) => (word, i)).ToDictionary(w => w.word, w => (long)w.i, StringComparer.Ordinal);
        long[] shared = [.. Enumerable.Range(0, vocabulary.Count)
            .Where(i => indices.ContainsKey(vocabulary.Words[i])).Select(i => (long)i)];
        if (shared.Length > 0)
        {
            long[] columns = Array.ConvertAll(shared, i => indices[vocabulary.Words[(int)i]]);
            own.index_copy_(1, tensor(shared), theirs.index_select(1, tensor(columns)));
        }

        given.Tensors[FillNetwork.WordWeights] = own;
        warn?.Invoke(
            $"{source} has another vocabulary: {shared.Length} of the {vocabulary.Count} words have weights in it, the others start with "
                + $"random ones.");
    }

    // The graph of an average of networks gives the first one's weights; the others' keep their prefixes.
    private static string WithoutMember(string name) =>
        name.StartsWith(MeanNetwork.FirstPrefix, StringComparison.Ordinal) ? name[MeanNetwork.FirstPrefix.Length..] : name;

    private static bool IsWeight(TensorData weight) => weight.Type is DataType.Float or DataType.Float16 or DataType.Int64;

    private static Tensor ToTensor(TensorData weight)
    {
        long[] shape = [.. weight.Dims];
        return weight.Type switch
        {
            DataType.Float => tensor(weight.Floats(), shape),
            DataType.Int64 => tensor(weight.Integers(), shape),
            _ => tensor(Array.ConvertAll(weight.Halves(), h => (float)h), shape),
        };
    }
}
