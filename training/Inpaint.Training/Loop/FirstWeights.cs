using System.Buffers.Binary;
using Inpaint.Onnx;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training;

/// <summary>Trained weights as they were found.</summary>
/// <param name="Tensors">The weights by their names in the module tree.</param>
/// <param name="From">What error messages call them.</param>
/// <param name="Config">The training's configuration; null where it is not known, as of a graph.</param>
/// <param name="Picture">Picture and hole; null where they are not known.</param>
/// <param name="Words">The vocabulary; null without captions, and where it is not known.</param>
/// <param name="LearnedOnly">Whether the network's constants are not among them.</param>
internal sealed record TrainedWeights(Dictionary<string, Tensor> Tensors, string From, TrainingConfig? Config, PictureConfig? Picture, IReadOnlyList<string>? Words, bool LearnedOnly)
{
    /// <summary>Whether captions are fed in.</summary>
    public bool TakeCaptions => Tensors.Keys.Any(k => k.StartsWith(FillNetwork.FeedPrefix, StringComparison.Ordinal));
}

/// <summary>
/// Loads a network's first weights from another run (its best, or a checkpoint that is named), or from a graph that was exported from the same network. A network with captions may begin
/// with the weights of one without: what feeds them in stays as it was drawn. So do the words that the other's vocabulary lacks.
/// </summary>
internal static class FirstWeights
{
    /// <summary>Loads them.</summary>
    /// <param name="network">A fresh network.</param>
    /// <param name="source">A run's folder, one of its checkpoints, a graph's folder, or a graph's name.</param>
    /// <param name="vocabulary">The network's words; null without captions.</param>
    /// <param name="warn">Told what is not taken over; null for nobody.</param>
    /// <exception cref="FailedException">There are none, or of another network.</exception>
    public static void Load(FillNetwork network, string source, Vocabulary? vocabulary = null, Action<string>? warn = null)
    {
        using DisposeScope scope = NewDisposeScope();
        TrainedWeights given = Read(source, "--init");
        if (given.TakeCaptions && !network.TakesCaptions)
        {
            warn?.Invoke($"{source} takes captions, the network here does not: the weights that feed them in are left out.");
        }
        else if (given.TakeCaptions && vocabulary is not null)
        {
            FitWords(network, given, vocabulary, source, warn);
        }

        RunFolder.Load(network, given.Tensors, given.From, given.LearnedOnly, MayLack);
    }

    /// <summary>Finds trained weights; the tensors are the caller's.</summary>
    /// <param name="source">A run's folder, one of its checkpoints, a graph's folder, or a graph's name.</param>
    /// <param name="option">The option that it was given to, for the error.</param>
    /// <exception cref="FailedException">There are none.</exception>
    public static TrainedWeights Read(string source, string option)
    {
        RunFolder? run = RunFolder.Of(source);
        if (run is not null || RunFolder.IsCheckpoint(source))
        {
            string file = RunFolder.IsCheckpoint(source) ? RunFolder.WeightsOf(source) : run!.BestWeights();
            TrainingConfig? config = run?.Config();
            return new TrainedWeights(TensorFile.Read(file), file, config, config?.Picture, run?.Description().Vocabulary, LearnedOnly: false);
        }

        GraphPackage graph;
        try
        {
            graph = GraphPackage.Load(source);
        }
        catch (Exception e) when (e is GraphException or ManifestException)
        {
            throw new FailedException($"{option} {source}: neither a run, a checkpoint nor a graph. {e.Message}", e);
        }

        GraphManifest manifest = graph.Manifest;
        return new TrainedWeights(
            OnnxModel.Read(graph.Model, source).Initializers.Where(i => i.Type is DataType.Float or DataType.Float16 or DataType.Int64).ToDictionary(i => WithoutMember(i.Name), ToTensor),
            source,
            null,
            new PictureConfig { Size = manifest.Size.Width ?? 0, Hole = manifest.Hole.Width ?? 0 },
            manifest.Caption?.Vocabulary,
            LearnedOnly: true);
    }

    private static void FitWords(FillNetwork network, TrainedWeights given, Vocabulary vocabulary, string source, Action<string>? warn)
    {
        if (given.Words is not { } words)
        {
            warn?.Invoke($"{source} does not say what its vocabulary is; it is taken to be the one here.");
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
            // Another embedding is refused with the shapes of both.
            return;
        }

        var places = words.Select((word, i) => (word, i)).ToDictionary(w => w.word, w => (long)w.i, StringComparer.Ordinal);
        long[] shared = [.. Enumerable.Range(0, vocabulary.Count).Where(i => places.ContainsKey(vocabulary.Words[i])).Select(i => (long)i)];
        if (shared.Length > 0)
        {
            own.index_copy_(1, tensor(shared), theirs.index_select(1, tensor(Array.ConvertAll(shared, i => places[vocabulary.Words[(int)i]]))));
        }

        given.Tensors[FillNetwork.WordWeights] = own;
        warn?.Invoke($"{source} has another vocabulary: {shared.Length} of the {vocabulary.Count} words here have weights in it, the others begin fresh.");
    }

    // The graph of several trainings gives the first one's weights; the others' keep their prefixes.
    private static string WithoutMember(string name) => name.StartsWith(MeanNetwork.FirstPrefix, StringComparison.Ordinal) ? name[MeanNetwork.FirstPrefix.Length..] : name;

    private static bool MayLack(string name) => name.StartsWith(FillNetwork.FeedPrefix, StringComparison.Ordinal);

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
