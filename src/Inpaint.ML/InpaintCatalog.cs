using System.Runtime.CompilerServices;
using Inpaint;
using Inpaint.ML;
using Inpaint.ML.Rows;
using Inpaint.ML.Scoring;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>The verbs of this package on <c>mlContext.Transforms</c>.</summary>
public static class InpaintCatalog
{
    /// <summary>Completes photos in one step: decodes, masks, scores in batches and pastes the fill.</summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="outputColumnName">Added: the completed photo, an image or a file's bytes (<see cref="OutputOptions.Format"/>).</param>
    /// <param name="inputColumnName">
    /// The photo: a path (text), a file's bytes (vector of Byte) or an image. Default: the output column.
    /// </param>
    /// <param name="captionColumnName">What the photo shows: text or a vector of text. Optional.</param>
    /// <param name="maskColumnName">A mask of the photo's size: a path, bytes or an image. Default: the centre half is the hole.</param>
    /// <param name="graph">
    /// A graph by name or path, or from memory (<see cref="GraphSource"/>), such as <c>onnx/membrane</c>. Default: <c>fill</c>, built in.
    /// </param>
    /// <param name="options">The options.</param>
    /// <returns>An estimator, to be fitted or appended to others.</returns>
    /// <example>
    /// <code>
    /// IDataView photos = ml.Data.LoadFromEnumerable([new { ImagePath = "photo.jpg", MaskPath = "mask.png" }]);
    /// ITransformer model = ml.Transforms.InpaintPhotos("Completed", "ImagePath", maskColumnName: "MaskPath").Fit(photos);
    /// using MLImage completed = model.Transform(photos).GetColumn&lt;MLImage>("Completed").First();
    /// </code>
    /// </example>
    /// <exception cref="InpaintException">
    /// An option is out of its range. Fit throws it when the graph is not found, invalid or cannot run here.
    /// </exception>
    public static PhotoInpaintingEstimator InpaintPhotos(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        string? captionColumnName = null,
        string? maskColumnName = null,
        GraphSource? graph = null,
        InpaintingOptions? options = null) => catalog.InpaintPhotos(
            new InpaintingColumns(
                outputColumnName, inputColumnName ?? outputColumnName) { Caption = captionColumnName, Mask = maskColumnName },
            graph,
            options);

    /// <summary>Completes photos in one step, with optional columns for names, fills, status and errors.</summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="columns">The columns to read and add.</param>
    /// <param name="graph">A graph by name or path, or from memory (<see cref="GraphSource"/>). Default: <c>fill</c>, built in.</param>
    /// <param name="options">The options.</param>
    /// <returns>An estimator, to be fitted or appended to others.</returns>
    /// <example>
    /// <code>
    /// var columns = new InpaintingColumns("Completed", "ImagePath") { Status = "Status", Error = "Error" };
    /// ITransformer model = ml.Transforms.InpaintPhotos(columns, options: new() { OnError = OnError.Row }).Fit(photos);
    /// string[] failed = [.. model.Transform(photos).GetColumn&lt;string>("Error").Where(error => error.Length > 0)];
    /// </code>
    /// </example>
    /// <exception cref="InpaintException">
    /// An option is out of its range. Fit throws it when the graph is not found, invalid or cannot run here.
    /// </exception>
    public static PhotoInpaintingEstimator InpaintPhotos(
        this TransformsCatalog catalog, InpaintingColumns columns, GraphSource? graph = null, InpaintingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(columns);
        return new PhotoInpaintingEstimator(columns, graph, options ?? InpaintingOptions.Default, catalog.GetEnvironment());
    }

    /// <summary>Loads photos from paths or file bytes into images: applies orientation and colour profile, removes transparency.</summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="outputColumnName">Added: the images.</param>
    /// <param name="inputColumnName">Paths (text), file bytes (vector of Byte) or images. Default: the output column.</param>
    /// <param name="options">The options.</param>
    /// <returns>An estimator, to be fitted or appended to others.</returns>
    /// <example>
    /// <code>
    /// ITransformer model = ml.Transforms.LoadPhotos("Photo", "ImagePath")
    ///     .Append(ml.Transforms.ResizeImages("Small", 32, 32, "Photo"))
    ///     .Append(ml.Transforms.ExtractPixels("Pixels", "Small")).Fit(photos);
    /// </code>
    /// </example>
    /// <exception cref="InpaintException">An option is out of its range.</exception>
    public static PhotoLoadingEstimator LoadPhotos(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null, PhotoLoadingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new PhotoLoadingEstimator(outputColumnName, inputColumnName ?? outputColumnName, options ?? PhotoLoadingOptions.Default);
    }

    /// <summary>
    /// Turns photos of any size into numbers and their sizes, for graphs that take pictures of different sizes: <c>ScoreOnnx</c> reads the
    /// sizes through <see cref="OnnxScoringOptions.ShapeColumns"/>.
    /// </summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="pixelsColumnName">Added: three numbers a pixel, a vector of Single.</param>
    /// <param name="sizeColumnName">
    /// Added: the sizes without the batch, a vector of Int64: 3, height, width; for <see cref="TensorLayout.Nhwc"/> height, width, 3.
    /// </param>
    /// <param name="inputColumnName">The photo: a path (text), a file's bytes (vector of Byte) or an image.</param>
    /// <param name="options">Layout, order of the channels, offset and scale.</param>
    /// <returns>An estimator, to be fitted or appended to others.</returns>
    /// <example>
    /// <code>
    /// var sizes = new Dictionary&lt;string, string> { ["pixels"] = "size" };
    /// ITransformer model = ml.Transforms.ExtractPhotoPixels("pixels", "size", "ImagePath", new() { Scale = 1 / 255f })
    ///     .Append(ml.Transforms.ScoreOnnx(["colours"], ["pixels"], "any-size.onnx", new() { ShapeColumns = sizes })).Fit(photos);
    /// </code>
    /// </example>
    /// <exception cref="InpaintException">An option is out of its range.</exception>
    public static PhotoPixelsEstimator ExtractPhotoPixels(
        this TransformsCatalog catalog, string pixelsColumnName, string sizeColumnName, string inputColumnName,
        PhotoPixelsOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new PhotoPixelsEstimator(pixelsColumnName, sizeColumnName, inputColumnName, options ?? PhotoPixelsOptions.Default);
    }

    /// <summary>
    /// Crops, scales and masks photos as a graph's manifest specifies. Each connected component of a mask has its own window, as in
    /// <c>InpaintPhotos</c>, and the added vectors have as many tensors one after another, unless
    /// <see cref="PhotoMaskingOptions.WindowPerComponent"/> is false.
    /// </summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="imageColumnName">Added: the graph's image input, a vector.</param>
    /// <param name="maskColumnName">
    /// Added: the graph's mask input, a vector; for graphs without one, 1 where hidden and 0 elsewhere.
    /// </param>
    /// <param name="windowColumnName">Added: x, y, width and height of the window in the photo, in pixels.</param>
    /// <param name="photoColumnName">The photo: an image, a path or a file's bytes.</param>
    /// <param name="holeMaskColumnName">A mask of the photo's size. Default: the centre half is the hole.</param>
    /// <param name="graph">A graph by name or path, or from memory (<see cref="GraphSource"/>). Default: <c>unet</c>, built in.</param>
    /// <param name="options">The options.</param>
    /// <returns>An estimator, to be fitted or appended to others.</returns>
    /// <example>
    /// <code>
    /// ITransformer model = ml.Transforms.MaskPhotos("Picture", "Hidden", "Window", "ImagePath", "MaskPath", "unet")
    ///     .Append(ml.Transforms.ScoreOnnx("Fill", "Picture", "unet"))
    ///     .Append(ml.Transforms.PasteFills("Completed", "ImagePath", "Fill", "Window", "MaskPath", "unet")).Fit(photos);
    /// </code>
    /// </example>
    /// <exception cref="InpaintException">An option is out of its range. Fit throws it when the graph is not found or invalid.</exception>
    public static PhotoMaskingEstimator MaskPhotos(
        this TransformsCatalog catalog,
        string imageColumnName,
        string maskColumnName,
        string windowColumnName,
        string photoColumnName,
        string? holeMaskColumnName = null,
        GraphSource? graph = null,
        PhotoMaskingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var columns =
            new MaskingColumns(imageColumnName, maskColumnName, windowColumnName, photoColumnName) { HoleMask = holeMaskColumnName };
        return new PhotoMaskingEstimator(columns, graph, options ?? PhotoMaskingOptions.Default);
    }

    /// <summary>Turns captions into word vectors over a graph's vocabulary.</summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="outputColumnName">Added: a vector of Single, one number per word of the vocabulary.</param>
    /// <param name="inputColumnName">Text or a vector of text.</param>
    /// <param name="graph">A graph with captions, by name or path.</param>
    /// <param name="combination">How several captions of a photo are combined. Default: the manifest's rule.</param>
    /// <param name="storage">Whether a saved pipeline contains the vocabulary or names the graph.</param>
    /// <returns>An estimator, to be fitted or appended to others.</returns>
    public static CaptionFeaturizingEstimator FeaturizeCaptions(
        this TransformsCatalog catalog,
        string outputColumnName,
        string inputColumnName,
        string graph,
        CaptionCombination? combination = null,
        GraphStorage storage = GraphStorage.Embed)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new CaptionFeaturizingEstimator(outputColumnName, inputColumnName, graph, combination, storage);
    }

    /// <summary>Fits a vocabulary to captions and turns them into word vectors over it.</summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="outputColumnName">Added: a vector of Single, one number per word of the vocabulary.</param>
    /// <param name="inputColumnName">Text or a vector of text. Default: the output column.</param>
    /// <param name="vocabulary">Minimum count, maximum size and text rules.</param>
    /// <param name="encoding">Presence (0 or 1) or counts.</param>
    /// <param name="combination">How several captions of a photo are combined.</param>
    /// <returns>An estimator that fits a vocabulary.</returns>
    /// <example>
    /// <code>
    /// ITransformer words = ml.Transforms.FeaturizeCaptions("Words", "Caption").Fit(captions);
    /// VBuffer&lt;ReadOnlyMemory&lt;char>> names = default;
    /// words.Transform(captions).Schema["Words"].GetSlotNames(ref names);
    /// </code>
    /// </example>
    [OverloadResolutionPriority(1)] // A third argument that is null is a vocabulary's default, not a graph's name.
    public static CaptionFeaturizingEstimator FeaturizeCaptions(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        VocabularyOptions? vocabulary = null,
        CaptionEncoding encoding = CaptionEncoding.Binary,
        CaptionCombination combination = CaptionCombination.Union)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new CaptionFeaturizingEstimator(outputColumnName, inputColumnName ?? outputColumnName, vocabulary, encoding, combination);
    }

    /// <summary>Scores any ONNX graph in batches.</summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="outputColumnNames">
    /// Added: outputs by their names in the graph, ignoring case and ML.NET's suffix <c>.output</c>. The output of a graph with one output
    /// may get any name.
    /// </param>
    /// <param name="inputColumnNames">Read: all inputs, by their names likewise.</param>
    /// <param name="graph">An ONNX file's path or bytes, or a graph by the name or path of its folder.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">Names of columns are missing or given twice.</exception>
    /// <exception cref="SettingException">An option is out of its range.</exception>
    public static OnnxGraphScoringEstimator ScoreOnnx(
        this TransformsCatalog catalog, string[] outputColumnNames, string[] inputColumnNames, GraphSource graph,
        OnnxScoringOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(outputColumnNames);
        ArgumentNullException.ThrowIfNull(inputColumnNames);
        return ScoreOnnx(catalog, OnnxColumns.Named(outputColumnNames, inputColumnNames), graph, options);
    }

    /// <summary>Scores any ONNX graph in batches, with columns that are named otherwise than its inputs and outputs.</summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="outputs">For each column to add, the output that it gets: <c>new("Score", "scores")</c>.</param>
    /// <param name="inputs">For each input, the column that it reads: <c>new("input_ids", "Tokens")</c>.</param>
    /// <param name="graph">An ONNX file's path or bytes, or a graph by the name or path of its folder.</param>
    /// <param name="options">The options.</param>
    /// <inheritdoc cref="ScoreOnnx(TransformsCatalog, string[], string[], GraphSource, OnnxScoringOptions?)" path="/exception"/>
    public static OnnxGraphScoringEstimator ScoreOnnx(
        this TransformsCatalog catalog, InputOutputColumnPair[] outputs, InputOutputColumnPair[] inputs, GraphSource graph,
        OnnxScoringOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(inputs);
        var columns = new OnnxColumns(
            [.. outputs.Select(o => o.OutputColumnName)], [.. outputs.Select(o => o.InputColumnName)],
            [.. inputs.Select(i => i.InputColumnName)], [.. inputs.Select(i => i.OutputColumnName)]);
        return ScoreOnnx(catalog, columns, graph, options);
    }

    /// <summary>Scores a graph with one input and one output in batches.</summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="outputColumnName">Added: the output.</param>
    /// <param name="inputColumnName">Read: the input.</param>
    /// <param name="graph">An ONNX file's path or bytes, or a graph by the name or path of its folder.</param>
    /// <param name="options">The options.</param>
    /// <inheritdoc cref="ScoreOnnx(TransformsCatalog, string[], string[], GraphSource, OnnxScoringOptions?)" path="/exception"/>
    public static OnnxGraphScoringEstimator ScoreOnnx(
        this TransformsCatalog catalog, string outputColumnName, string inputColumnName, GraphSource graph,
        OnnxScoringOptions? options = null) =>
        catalog.ScoreOnnx([outputColumnName], [inputColumnName], graph, options);

    /// <summary>Scores all outputs of a graph in batches, with columns that have the names of its inputs and outputs.</summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="graph">An ONNX file's path or bytes, or a graph by the name or path of its folder.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="SettingException">An option is out of its range.</exception>
    public static OnnxGraphScoringEstimator ScoreOnnx(
        this TransformsCatalog catalog, GraphSource graph, OnnxScoringOptions? options = null) =>
        ScoreOnnx(catalog, OnnxColumns.All, graph, options);

    private static OnnxGraphScoringEstimator ScoreOnnx(
        TransformsCatalog catalog, OnnxColumns columns, GraphSource graph, OnnxScoringOptions? options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(graph);
        return new OnnxGraphScoringEstimator(columns, graph, options ?? OnnxScoringOptions.Default, catalog.GetEnvironment());
    }

    /// <summary>Pastes a graph's fills into the photos that they were computed for.</summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="outputColumnName">Added: the completed photo.</param>
    /// <param name="photoColumnName">The photo column of <c>MaskPhotos</c>.</param>
    /// <param name="fillColumnName">The graph's output.</param>
    /// <param name="windowColumnName">The window column of <c>MaskPhotos</c>.</param>
    /// <param name="holeMaskColumnName">The mask column of <c>MaskPhotos</c>.</param>
    /// <param name="graph">The graph by name or path, or from memory (<see cref="GraphSource"/>). Default: <c>unet</c>, built in.</param>
    /// <param name="options">The options.</param>
    /// <returns>An estimator, to be fitted or appended to others.</returns>
    /// <example>
    /// <code>
    /// ITransformer model = ml.Transforms.MaskPhotos("Picture", "Hidden", "Window", "ImagePath", "MaskPath", "unet")
    ///     .Append(ml.Transforms.ScoreOnnx("Fill", "Picture", "unet"))
    ///     .Append(ml.Transforms.PasteFills("Completed", "ImagePath", "Fill", "Window", "MaskPath", "unet")).Fit(photos);
    /// </code>
    /// </example>
    /// <exception cref="InpaintException">An option is out of its range. Fit throws it when the graph is not found or invalid.</exception>
    public static FillPastingEstimator PasteFills(
        this TransformsCatalog catalog,
        string outputColumnName,
        string photoColumnName,
        string fillColumnName,
        string windowColumnName,
        string? holeMaskColumnName = null,
        GraphSource? graph = null,
        FillPastingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var columns =
            new PastingColumns(outputColumnName, photoColumnName, fillColumnName, windowColumnName) { HoleMask = holeMaskColumnName };
        return new FillPastingEstimator(columns, graph, options ?? FillPastingOptions.Default);
    }

    /// <summary>Keeps the rows that a step with <see cref="OnError.Row"/> completed, by the step's status column.</summary>
    /// <param name="catalog">The data operations.</param>
    /// <param name="input">The output of the step.</param>
    /// <param name="columnName">
    /// The column that the step added, such as <c>Completed</c>, whose status is in <c>CompletedStatus</c>; or the status column itself.
    /// </param>
    /// <returns>The rows whose status is <c>ok</c>, with all columns.</returns>
    /// <example>
    /// <code>
    /// IDataView loaded = ml.Transforms.LoadPhotos("Photo", "ImagePath", new() { OnError = OnError.Row }).Fit(photos).Transform(photos);
    /// IDataView good = ml.Data.FilterFailedRows(loaded, "Photo");
    /// </code>
    /// </example>
    /// <exception cref="ArgumentException">There is no such status column.</exception>
    public static IDataView FilterFailedRows(this DataOperationsCatalog catalog, IDataView input, string columnName)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentException.ThrowIfNullOrWhiteSpace(columnName);
        return new SucceededRows(input, columnName);
    }
}
