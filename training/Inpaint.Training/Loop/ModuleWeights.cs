using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training.Loop;

/// <summary>Parameters and buffers of a module by their names in the module tree.</summary>
internal static class ModuleWeights
{
    public static IEnumerable<(string Name, Tensor Tensor)> Of(nn.Module module) =>
        module.named_parameters().Select(p => (p.name, (Tensor)p.parameter)).Concat(module.named_buffers().Select(b => (b.name, b.buffer)));

    /// <summary>Copies the tensors of a file into a module.</summary>
    /// <inheritdoc cref="Load(nn.Module, IReadOnlyDictionary{string, Tensor}, string, bool, bool)"/>
    public static void Load(nn.Module module, string file)
    {
        using DisposeScope scope = NewDisposeScope();
        Load(module, TensorFile.Read(file), file);
    }

    /// <summary>Copies tensors into a module; every weight must be there in its shape.</summary>
    /// <param name="module">The module.</param>
    /// <param name="tensors">The tensors by name.</param>
    /// <param name="from">Their source in messages.</param>
    /// <param name="learnedOnly">Whether constants may be missing: a graph contains learned weights and batch norm statistics only.</param>
    /// <param name="mayLackFeed">Whether the weights that feed captions in may be missing, and then stay unchanged.</param>
    /// <exception cref="FailedException">A weight is missing or has another shape.</exception>
    public static void Load(
        nn.Module module, IReadOnlyDictionary<string, Tensor> tensors, string from, bool learnedOnly = false, bool mayLackFeed = false)
    {
        using IDisposable quiet = no_grad();
        foreach ((string name, Tensor weight) in Of(module).Where(w => !learnedOnly || w.Tensor.requires_grad || IsStatistic(w.Name)))
        {
            if (!tensors.TryGetValue(name, out Tensor? value))
            {
                if (mayLackFeed && name.StartsWith(FillNetwork.FeedPrefix, StringComparison.Ordinal))
                {
                    continue;
                }

                string some = string.Join(", ", tensors.Keys.Take(3));
                throw new FailedException($"{from} has no weight {name}; is it of another network? It has {tensors.Count}, such as "
                    + $"{some}.");
            }

            if (!weight.shape.SequenceEqual(value.shape))
            {
                throw new FailedException(
                    $"{from}: {name} is [{string.Join(", ", value.shape)}], the network's [{string.Join(", ", weight.shape)}]. "
                    + "Use the configuration that it was trained with.");
            }

            weight.copy_(value);
        }
    }

    /// <summary>Whether a buffer is a running mean or variance.</summary>
    public static bool IsStatistic(string name) =>
        name.EndsWith(".running_mean", StringComparison.Ordinal) || name.EndsWith(".running_var", StringComparison.Ordinal);
}
