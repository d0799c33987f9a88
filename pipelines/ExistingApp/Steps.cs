using Inpaint.ML;
using Inpaint.Onnx.Inpainting;
using Inpaint.Photos;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace ExistingApp;

/// <summary>InpaintPhotos as a chain of steps, with ML.NET's own scorer.</summary>
internal static class Steps
{
    /// <summary>Completes the album both ways and compares the pixels.</summary>
    /// <returns>How many pictures were compared.</returns>
    /// <exception cref="InvalidOperationException">A picture differs.</exception>
    public static int CompareWithOneLine(MLContext ml, IDataView album)
    {
        const string graph = "onnx/membrane";
        string graphFile = Path.Combine(GraphLocator.Find(graph), "model.onnx");

        #region steps
        var steps = ml.Transforms.LoadPhotos("Photo", "ImagePath")                                     // path or bytes to image
            .Append(ml.Transforms.MaskPhotos("image", "mask", "Window", "Photo", graph: graph))        // crop, scale, hide
            .Append(ml.Transforms.ApplyOnnxModel(["fill"], ["image"], graphFile))                      // ML.NET's own
            .Append(ml.Transforms.PasteFills("Completed", "Photo", "fill", "Window", graph: graph));   // back into the photo
        #endregion

        var oneLine = ml.Transforms.InpaintPhotos("Completed", "ImagePath", graph: graph);
        int compared = 0;
        foreach ((CompletedPicture a, CompletedPicture b) in Run(ml, steps, album).Zip(Run(ml, oneLine, album)))
        {
            using MLImage first = a.Completed!, second = b.Completed!;
            if (!first.Pixels.SequenceEqual(second.Pixels))
            {
                throw new InvalidOperationException(
                    $"{a.ImagePath}: the chain and InpaintPhotos gave different pictures; expected equal pixels. Report it as a bug.");
            }

            compared++;
        }

        return compared;
    }

    private static IEnumerable<CompletedPicture> Run(MLContext ml, IEstimator<ITransformer> estimator, IDataView album) =>
        ml.Data.CreateEnumerable<CompletedPicture>(estimator.Fit(album).Transform(album), reuseRowObject: false);
}
