using Inpaint.Graphs;
using Inpaint.ML.Internals;
using Inpaint.ML.Transforms;
using Inpaint.Onnx.Inpainting;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML;

/// <summary>Puts another graph into a fitted or loaded pipeline.</summary>
internal sealed class GraphSwap
{
    private readonly GraphPackage _package;
    private readonly string _name;
    private readonly HashSet<string> _described = [];
    private int _swapped;

    private GraphSwap(string graph)
    {
        _package = GraphPackage.Load(graph);
        _name = graph;
    }

    public static ITransformer Apply(ITransformer model, string graph)
    {
        var swap = new GraphSwap(graph);
        swap.FindDescribed(model);
        ITransformer result = swap.Swap(model);
        return swap._swapped > 0
            ? result
            : throw new ArgumentException($"The pipeline holds no transformer with a graph, so '{graph}' has no place in it. Expected InpaintPhotos, MaskPhotos, FeaturizeCaptions, ScoreOnnx or PasteFills.", nameof(model));
    }

    /// <summary>Notes the graphs that photos are completed with, so that ScoreOnnx with a graph of another kind keeps it.</summary>
    private void FindDescribed(ITransformer model)
    {
        GraphManifest? manifest = model switch
        {
            PhotoInpaintingTransformer t => t.Manifest,
            PhotoMaskingTransformer t => t.Manifest,
            FillPastingTransformer t => t.Manifest,
            _ => null,
        };
        if (manifest is not null)
        {
            _described.Add(manifest.Graph.Sha256.ToLowerInvariant());
        }
        else if (model is IEnumerable<ITransformer> chain)
        {
            foreach (ITransformer part in chain)
            {
                FindDescribed(part);
            }
        }
    }

    private ITransformer Swap(ITransformer model)
    {
        GraphHandle Handle(GraphStorage storage) => new(_package, _name, storage);
        ITransformer? other = model switch
        {
            PhotoInpaintingTransformer t => t.WithGraph(Handle(t.Options.Storage)),
            PhotoMaskingTransformer t => t.WithGraph(Handle(t.Options.Storage).Description),
            FillPastingTransformer t => t.WithGraph(Handle(t.Options.Storage).Description),
            OnnxScoringTransformer t when _described.Count == 0 || _described.Contains(t.Sha256) => t.WithGraph(Handle(t.Options.Storage)),
            CaptionFeaturizingTransformer { Graph: not null } t => t.WithGraph(Handle(GraphStorage.Embed)),
            _ => null,
        };
        if (other is not null)
        {
            _swapped++;
            return other;
        }

        return model is IEnumerable<ITransformer> chain ? new TransformerChain<ITransformer>([.. chain.Select(Swap)]) : model;
    }
}
