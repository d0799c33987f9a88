using Inpaint.Captions;
using Inpaint.Graphs;
using Inpaint.ML;
using Inpaint.ML.Transforms;
using Inpaint.Onnx.Inpainting;

namespace Microsoft.ML;

/// <summary>The verbs of this package on <c>mlContext.Transforms</c>.</summary>
public static class InpaintCatalog
{
    /// <summary>Completes photos in one step: decodes, masks, scores in batches and pastes the fill.</summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="outputColumnName">The completed photo: an image, or bytes as <see cref="OutputOptions.Format"/> says.</param>
    /// <param name="inputColumnName">The photo: a path (text), a picture file's bytes (vector of Byte) or an image. Null: the output's name.</param>
    /// <param name="captionColumnName">What the photo shows: text or a vector of text. Null: no caption.</param>
    /// <param name="graph">A graph by name or path, such as <c>onnx/membrane</c>. Null: the graph that this package carries.</param>
    /// <param name="options">Device, batch size, errors and more. Null: the defaults.</param>
    /// <param name="maskColumnName">A mask of the photo's size: a path, bytes or an image. Null: the centre half is hidden.</param>
    /// <exception cref="Inpaint.Onnx.Runtime.GraphException">The graph is not found, or cannot run here.</exception>
    /// <exception cref="ManifestException">Graph and manifest are not as they must be.</exception>
    public static PhotoInpaintingEstimator InpaintPhotos(this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null, string? captionColumnName = null, string? graph = null, InpaintingOptions? options = null, string? maskColumnName = null) =>
        catalog.InpaintPhotos(new InpaintingColumns(outputColumnName, inputColumnName ?? outputColumnName) { Caption = captionColumnName, Mask = maskColumnName }, graph, options);

    /// <summary>The same, with the columns for fill, status and error named.</summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="columns">The columns to read and add.</param>
    /// <param name="graph">A graph by name or path. Null: the graph that this package carries.</param>
    /// <param name="options">Settings. Null: the defaults.</param>
    public static PhotoInpaintingEstimator InpaintPhotos(this TransformsCatalog catalog, InpaintingColumns columns, string? graph = null, InpaintingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(columns);
        return new PhotoInpaintingEstimator(columns, graph, options);
    }

    /// <summary>Loads photos from paths or file bytes into images, with orientation, colour profile and transparency settled.</summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="outputColumnName">The column of images.</param>
    /// <param name="inputColumnName">Paths (text), file bytes (vector of Byte) or images. Null: the output's name.</param>
    /// <param name="options">Folder, limits, errors. Null: the defaults.</param>
    public static PhotoLoadingEstimator LoadPhotos(this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null, PhotoLoadingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new PhotoLoadingEstimator(outputColumnName, inputColumnName ?? outputColumnName, options);
    }

    /// <summary>Crops, scales and hides photos as a graph's manifest says; with a mask, one window around all of it.</summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="imageColumnName">Added: the graph's picture input, a vector.</param>
    /// <param name="maskColumnName">Added: the graph's mask input, a vector; for graphs without one, 1 where hidden.</param>
    /// <param name="windowColumnName">Added: x, y, width and height of the picture in the photo, in pixels.</param>
    /// <param name="photoColumnName">The photo: an image, a path or a file's bytes.</param>
    /// <param name="graph">A graph by name or path. Null: the graph that this package carries.</param>
    /// <param name="options">Mask polarity, errors, <see cref="FillOptions.PictureSide"/>. Null: the defaults.</param>
    /// <param name="holeMaskColumnName">A mask of the photo's size. Null: the centre half is hidden.</param>
    public static PhotoMaskingEstimator MaskPhotos(this TransformsCatalog catalog, string imageColumnName, string maskColumnName, string windowColumnName, string photoColumnName, string? graph = null, InpaintingOptions? options = null, string? holeMaskColumnName = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new PhotoMaskingEstimator(new MaskingColumns(imageColumnName, maskColumnName, windowColumnName, photoColumnName) { HoleMask = holeMaskColumnName }, graph, options);
    }

    /// <summary>Turns captions into word vectors over a graph's vocabulary.</summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="outputColumnName">Added: a vector of Single, one number a word of the vocabulary.</param>
    /// <param name="inputColumnName">Text or a vector of text.</param>
    /// <param name="graph">A graph with captions, by name or path.</param>
    /// <param name="combination">Several captions of a photo. Null: as the manifest says.</param>
    /// <param name="storage">Whether a saved pipeline holds the vocabulary or names the graph. Default holds.</param>
    public static CaptionFeaturizingEstimator FeaturizeCaptions(this TransformsCatalog catalog, string outputColumnName, string inputColumnName, string graph, CaptionCombination? combination = null, GraphStorage storage = GraphStorage.Embed)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new CaptionFeaturizingEstimator(outputColumnName, inputColumnName, graph, combination, storage);
    }

    /// <summary>Fits a vocabulary to captions and turns them into word vectors over it.</summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="outputColumnName">Added: a vector of Single, one number a word of the vocabulary.</param>
    /// <param name="inputColumnName">Text or a vector of text.</param>
    /// <param name="vocabulary">Minimum count, maximum size and text rules. Null: the defaults.</param>
    /// <param name="encoding">0/1 or counts. Default 0/1.</param>
    /// <param name="combination">Several captions of a photo. Default union.</param>
    public static CaptionFeaturizingEstimator FeaturizeCaptions(this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null, VocabularyOptions? vocabulary = null, CaptionEncoding encoding = CaptionEncoding.Binary, CaptionCombination combination = CaptionCombination.Union)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new CaptionFeaturizingEstimator(outputColumnName, inputColumnName ?? outputColumnName, vocabulary, encoding, combination);
    }

    /// <summary>Scores any ONNX graph in batches.</summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="outputColumnNames">Added, one an output of the graph: by its name (the case aside) when every column bears one, else in the graph's order.</param>
    /// <param name="inputColumnNames">Read, one an input of the graph: likewise.</param>
    /// <param name="graph">An ONNX file's path, or a graph by the name or path of its folder.</param>
    /// <param name="options">Device, batch size, threads. Null: the defaults.</param>
    /// <exception cref="Inpaint.Onnx.Runtime.GraphException">The graph is not found, or cannot run here.</exception>
    public static OnnxScoringEstimator ScoreOnnx(this TransformsCatalog catalog, string[] outputColumnNames, string[] inputColumnNames, string graph, OnnxScoringOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(outputColumnNames);
        ArgumentNullException.ThrowIfNull(inputColumnNames);
        return new OnnxScoringEstimator(outputColumnNames, inputColumnNames, graph, options);
    }

    /// <summary>Scores a graph with one input and one output in batches.</summary>
    /// <inheritdoc cref="ScoreOnnx(TransformsCatalog, string[], string[], string, OnnxScoringOptions?)"/>
    public static OnnxScoringEstimator ScoreOnnx(this TransformsCatalog catalog, string outputColumnName, string inputColumnName, string graph, OnnxScoringOptions? options = null) =>
        catalog.ScoreOnnx([outputColumnName], [inputColumnName], graph, options);

    /// <summary>Pastes a graph's fills into the photos that they were made for.</summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="outputColumnName">Added: the completed photo.</param>
    /// <param name="photoColumnName">The photo, as <c>MaskPhotos</c> was given it.</param>
    /// <param name="fillColumnName">The graph's output.</param>
    /// <param name="windowColumnName">The window that <c>MaskPhotos</c> gave.</param>
    /// <param name="graph">The graph by name or path. Null: the graph that this package carries.</param>
    /// <param name="options">Feathering, form of the result, errors. Null: the defaults.</param>
    /// <param name="holeMaskColumnName">The mask that <c>MaskPhotos</c> was given.</param>
    public static FillPastingEstimator PasteFills(this TransformsCatalog catalog, string outputColumnName, string photoColumnName, string fillColumnName, string windowColumnName, string? graph = null, InpaintingOptions? options = null, string? holeMaskColumnName = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new FillPastingEstimator(new PastingColumns(outputColumnName, photoColumnName, fillColumnName, windowColumnName) { HoleMask = holeMaskColumnName }, graph, options);
    }

    /// <summary>
    /// The same pipeline with another graph in every transformer of this package that has one; nothing is refitted, and
    /// the other transformers stay as they are.
    /// </summary>
    /// <param name="model">A transformer, or a chain of them, fitted or loaded.</param>
    /// <param name="graph">A graph by name or path.</param>
    /// <exception cref="ArgumentException">No transformer of the pipeline has a graph.</exception>
    public static ITransformer WithGraph(this ITransformer model, string graph)
    {
        ArgumentNullException.ThrowIfNull(model);
        return GraphSwap.Apply(model, graph);
    }
}
