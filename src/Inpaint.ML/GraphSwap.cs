using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML;

/// <summary>Replaces the graph in a fitted or loaded pipeline.</summary>
public static class GraphSwap
{
    /// <summary>
    /// The same pipeline with another graph in every transformer of this package that has one. Nothing is refitted; other transformers,
    /// and the scopes of a chain, are kept.
    /// </summary>
    /// <param name="model">A transformer or a chain of them, fitted or loaded; chains may be nested.</param>
    /// <param name="graph">A graph by name or path.</param>
    /// <returns>A pipeline of the same type. <paramref name="model"/> is not changed.</returns>
    /// <example><code>ITransformer other = model.WithGraph("onnx/pushpull");</code></example>
    /// <exception cref="ArgumentException">No transformer of the pipeline has a graph.</exception>
    /// <exception cref="InpaintException">The graph is not found or invalid, or does not fit the pipeline.</exception>
    public static TTransformer WithGraph<TTransformer>(this TTransformer model, string graph) where TTransformer : class, ITransformer
    {
        ArgumentNullException.ThrowIfNull(model);
        var swap = new Swap(model, graph);
        var result = (TTransformer)swap.Replace(model);
        return swap.HasReplaced
            ? result
            : throw new ArgumentException(
                $"The pipeline has no transformer with a graph that '{graph}' could replace. Expected InpaintPhotos, MaskPhotos, "
                    + "FeaturizeCaptions, ScoreOnnx or PasteFills.", nameof(model));
    }

    /// <summary>The hashes of the graphs that complete photos: ScoreOnnx keeps any other graph.</summary>
    private static IEnumerable<string> InpaintingGraphs(ITransformer model)
    {
        GraphManifest? manifest = model switch
        {
            PhotoInpaintingTransformer t => t.Manifest,
            PhotoMaskingTransformer t => t.Manifest,
            FillPastingTransformer t => t.Manifest,
            _ => null,
        };
        return manifest is not null ? [manifest.Graph.Sha256.ToLowerInvariant()]
            : model is ITransformerChainAccessor chain ? chain.Transformers.SelectMany(InpaintingGraphs)
            : [];
    }

    private sealed class Swap(ITransformer model, string graph)
    {
        private readonly GraphPackage _package = GraphPackage.Load(graph);
        private readonly HashSet<string> _inpaintingGraphs = [.. InpaintingGraphs(model)];

        public bool HasReplaced { get; private set; }

        public ITransformer Replace(ITransformer model)
        {
            GraphHandle Handle(GraphStorage storage) => new(_package, graph, storage);
            ITransformer? other = model switch
            {
                PhotoInpaintingTransformer t => t.WithGraph(Handle(t.Options.Storage)),
                PhotoMaskingTransformer t => t.WithGraph(Handle(t.Options.Storage)),
                FillPastingTransformer t => t.WithGraph(Handle(t.Options.Masking.Storage)),
                OnnxGraphScoringTransformer t when _inpaintingGraphs.Count == 0 || _inpaintingGraphs.Contains(t.Sha256) =>
                    t.WithGraph(_package, graph),
                CaptionFeaturizingTransformer { Graph: not null } t => t.WithGraph(_package, graph),
                _ => null,
            };
            HasReplaced |= other is not null;
            return other ?? (model is ITransformerChainAccessor chain ? ReplaceIn(model, chain) : model);
        }

        private ITransformer ReplaceIn(ITransformer model, ITransformerChainAccessor chain)
        {
            ITransformer[] others = [.. chain.Transformers.Select(Replace)];
            return others.SequenceEqual(chain.Transformers, ReferenceEqualityComparer.Instance)
                ? model
                : (ITransformer)Activator.CreateInstance(model.GetType(), others, chain.Scopes)!;
        }
    }
}
