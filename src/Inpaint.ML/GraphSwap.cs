using Inpaint.Onnx;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML;

/// <summary>Puts another graph into a fitted or loaded pipeline.</summary>
internal static class GraphSwap
{
    public static ITransformer Apply(ITransformer model, string graph)
    {
        var package = GraphPackage.Load(graph);
        int swapped = 0;
        ITransformer result = Swap(model, package, graph, ref swapped);
        return swapped > 0
            ? result
            : throw new ArgumentException($"The pipeline holds no transformer with a graph, so '{graph}' has no place in it. Expected InpaintPhotos, MaskPhotos, FeaturizeCaptions, ScoreOnnx or PasteFills.", nameof(model));
    }

    private static ITransformer Swap(ITransformer model, GraphPackage package, string name, ref int swapped)
    {
        GraphHandle Handle(GraphStorage storage) => new(package, name, storage);
        ITransformer? other = model switch
        {
            PhotoInpaintingTransformer t => t.WithGraph(Handle(t.Options.Storage)),
            PhotoMaskingTransformer t => t.WithGraph(Handle(t.Options.Storage)),
            FillPastingTransformer t => t.WithGraph(Handle(t.Options.Storage)),
            OnnxScoringTransformer t => t.WithGraph(Handle(t.Options.Storage)),
            CaptionFeaturizingTransformer { Graph: not null } t => t.WithGraph(Handle(GraphStorage.Embed)),
            _ => null,
        };
        if (other is not null)
        {
            swapped++;
            return other;
        }

        if (model is not IEnumerable<ITransformer> chain)
        {
            return model;
        }

        var parts = new List<ITransformer>();
        foreach (ITransformer part in chain)
        {
            parts.Add(Swap(part, package, name, ref swapped));
        }

        return new TransformerChain<ITransformer>([.. parts]);
    }
}
