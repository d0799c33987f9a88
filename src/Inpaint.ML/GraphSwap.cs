using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML;

/// <summary>Replaces the graph in a fitted or loaded pipeline.</summary>
internal sealed class GraphSwap
{
    private readonly GraphPackage _package;
    private readonly string _name;
    private readonly HashSet<string> _inpaintingGraphs;
    private int _replaced;

    private GraphSwap(ITransformer model, string graph)
    {
        _package = GraphPackage.Load(graph);
        _name = graph;
        _inpaintingGraphs = [.. InpaintingGraphs(model)];
    }

    public static ITransformer Apply(ITransformer model, string graph)
    {
        var swap = new GraphSwap(model, graph);
        ITransformer result = swap.Replace(model);
        return swap._replaced > 0
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
            : model is IEnumerable<ITransformer> chain ? chain.SelectMany(InpaintingGraphs)
            : [];
    }

    private ITransformer Replace(ITransformer model)
    {
        GraphHandle Handle(GraphStorage storage) => new(_package, _name, storage);
        ITransformer? other = model switch
        {
            PhotoInpaintingTransformer t => t.WithGraph(Handle(t.Options.Storage)),
            PhotoMaskingTransformer t => t.WithGraph(Handle(t.Options.Storage)),
            FillPastingTransformer t => t.WithGraph(Handle(t.Options.Masking.Storage)),
            OnnxGraphScoringTransformer t when _inpaintingGraphs.Count == 0 || _inpaintingGraphs.Contains(t.Sha256) =>
                t.WithGraph(_package, _name),
            CaptionFeaturizingTransformer { Graph: not null } t => t.WithGraph(_package, _name),
            _ => null,
        };
        if (other is not null)
        {
            _replaced++;
            return other;
        }

        return model is IEnumerable<ITransformer> chain ? new TransformerChain<ITransformer>([.. chain.Select(Replace)]) : model;
    }
}
