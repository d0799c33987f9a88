using Inpaint.ML.Tests.Support;
using Microsoft.ML;

namespace Inpaint.ML.Tests.Conformance;

/// <summary>A configuration of a transformer, with options other than the defaults.</summary>
/// <param name="Name">Its name in test reports.</param>
/// <param name="Inputs">The columns that it reads.</param>
/// <param name="Estimator">Creates it.</param>
internal sealed record TransformerCase(string Name, string[] Inputs, Func<MLContext, Samples, IEstimator<ITransformer>> Estimator)
{
    private static readonly InpaintingOptions Small =
        new() { Execution = new() { BatchSize = 3, Workers = 2, Device = "cpu", DeadlineSeconds = 60 }, Fill = new() { Feather = 2 },
            Decoding = new() { Background = "#102030", MaxPixels = 1_000_000 } };
    private static readonly PhotoMaskingOptions Masking = new() { Decoding = Small.Decoding };

    private static readonly TransformerCase[] All =
    [
        new("LoadPhotos from a path", ["Path"],
            (ml, _) => ml.Transforms.LoadPhotos(
                "Photo", "Path",
                new PhotoLoadingOptions { Decoding = new() { MaxPixels = 200_000, Background = "#010203", ShorterSide = 32 } })),
        new("LoadPhotos from bytes", ["Bytes"], (ml, _) => ml.Transforms.LoadPhotos("Photo", "Bytes")),
        new("LoadPhotos from an image", ["Image"], (ml, _) => ml.Transforms.LoadPhotos("Photo", "Image")),
        new("LoadPhotos with status", ["Path"],
            (ml, _) => ml.Transforms.LoadPhotos("Photo", "Path", new PhotoLoadingOptions { OnError = OnError.Row })),
        new("LoadPhotos under the input's name", ["Path"], (ml, _) => ml.Transforms.LoadPhotos("Path")),
        new("ExtractPhotoPixels from a path", ["Path"],
            (ml, _) => ml.Transforms.ExtractPhotoPixels(
                "Numbers", "Sizes", "Path",
                new PhotoPixelsOptions { Layout = TensorLayout.Nhwc, Order = ChannelOrder.Bgr, Offset = 3, Scale = 0.5f })),
        new("ExtractPhotoPixels from an image", ["Image"], (ml, _) => ml.Transforms.ExtractPhotoPixels("Numbers", "Sizes", "Image")),
        new("MaskPhotos from an image", ["Image"],
            (ml, _) => ml.Transforms.MaskPhotos("Picture", "Hidden", "Window", "Image", graph: "membrane", options: Masking)),
        new("MaskPhotos with a mask", ["Path", "MaskPath"],
            (ml, _) => ml.Transforms.MaskPhotos(
                "Picture", "Hidden", "Window", "Path", graph: "pushpull", options: Masking with { PictureSide = 48 },
                    holeMaskColumnName: "MaskPath")),
        new("FeaturizeCaptions of a graph", ["Captions"],
            (ml, s) => ml.Transforms.FeaturizeCaptions("Words", "Captions", s.CaptionGraph, CaptionCombination.First)),
        new("FeaturizeCaptions fitted", ["Caption"],
            (ml, _) => ml.Transforms.FeaturizeCaptions(
                "Words", "Caption", new VocabularyOptions { MinimumCount = 2, MaximumSize = 9 }, CaptionEncoding.Count)),
        new("ScoreOnnx", ["Vector"],
            (ml, s) => ml.Transforms.ScoreOnnx(
                "Y", "Vector", s.VectorGraph,
                new OnnxScoringOptions { Execution = new() { BatchSize = 4, Workers = 3, IntraOpThreads = 2, DeadlineSeconds = 7,
                Device = "cpu" } })),
        new("the chain up to PasteFills", ["Path"], (ml, _) => ml.Transforms.LoadPhotos("Photo", "Path")
            .Append(ml.Transforms.MaskPhotos("Picture", "Hidden", "Window", "Photo", graph: "membrane", options: Masking))
            .Append(ml.Transforms.ScoreOnnx("Fill", "Picture", "onnx/membrane/model.onnx"))
            .Append(ml.Transforms.PasteFills(
                "Completed", "Photo", "Fill", "Window", graph: "membrane", options: new FillPastingOptions { Masking = Masking,
                    Feather = 2 }))),
        new("the chain with captions and files", ["Path", "Caption"],
            (ml, s) => ml.Transforms.MaskPhotos("Picture", "Hidden", "Window", "Path", graph: s.CaptionGraph)
            .Append(ml.Transforms.FeaturizeCaptions("Words", "Caption", s.CaptionGraph))
            .Append(ml.Transforms.ScoreOnnx(
                [new InputOutputColumnPair("Fill", "fill")], [new InputOutputColumnPair("image", "Picture"), new("caption", "Words")],
                s.CaptionGraph))
            .Append(ml.Transforms.PasteFills(
                "File", "Path", "Fill", "Window", graph: s.CaptionGraph, options: new FillPastingOptions { Format = PhotoFormat.Png }))),
        new("InpaintPhotos from a path", ["Path"],
            (ml, _) => ml.Transforms.InpaintPhotos("Completed", "Path", graph: "membrane", options: Small)),
        new("InpaintPhotos from bytes", ["Bytes"],
            (ml, _) => ml.Transforms.InpaintPhotos("Completed", "Bytes", graph: "pushpull", options: Small)),
        new("InpaintPhotos from an image", ["Image"], (ml, _) => ml.Transforms.InpaintPhotos("Completed", "Image", graph: "unet")),
        new("InpaintPhotos under the input's name", ["Image"], (ml, _) => ml.Transforms.InpaintPhotos("Image", graph: "unet")),
        new("InpaintPhotos to files", ["Path"],
            (ml, _) => ml.Transforms.InpaintPhotos(
                "File", "Path", graph: "unet",
                options: new InpaintingOptions { Output = new() { Format = PhotoFormat.Jpeg, Quality = 71,
                Region = OutputRegion.Window } })),
        new("InpaintPhotos with all columns", ["Path", "Caption", "MaskPath"], (ml, s) => ml.Transforms.InpaintPhotos(
            new InpaintingColumns(
                "Completed", "Path") { Caption = "Caption", Mask = "MaskPath", Fill = "FillPicture", Status = "State", Error = "Trouble" },
            s.CaptionGraph,
            Small with { OnError = OnError.Row,
                Fill = Small.Fill with { WindowPerComponent = false, CaptionCombination = CaptionCombination.First } })),
        new("InpaintPhotos with status", ["Path"],
            (ml, _) => ml.Transforms.InpaintPhotos(
                "Completed", "Path", graph: "membrane", options: Small with { OnError = OnError.Row, Storage = GraphStorage.Reference })),
    ];

    /// <summary>The names, for theories.</summary>
    public static TheoryData<string> Names => [.. All.Select(c => c.Name)];

    public static TransformerCase Named(string name) => All.Single(c => c.Name == name);
}
