using System.Runtime.CompilerServices;
using Inpaint.ML;
using Microsoft.ML;

[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]
[assembly: LoadableClass(
    typeof(PhotoLoadingTransformer), null, typeof(SignatureLoadModel), "Loads photos", PhotoLoadingTransformer.Signature)]
[assembly: LoadableClass(
    typeof(PhotoPixelsTransformer), null, typeof(SignatureLoadModel), "Turns photos into numbers", PhotoPixelsTransformer.Signature)]
[assembly: LoadableClass(
    typeof(PhotoMaskingTransformer), null, typeof(SignatureLoadModel), "Masks photos for a graph", PhotoMaskingTransformer.Signature)]
[assembly: LoadableClass(
    typeof(CaptionFeaturizingTransformer), null, typeof(SignatureLoadModel), "Turns captions into word vectors",
    CaptionFeaturizingTransformer.Signature)]
[assembly: LoadableClass(
    typeof(OnnxGraphScoringTransformer), null, typeof(SignatureLoadModel), "Scores an ONNX graph in batches",
    OnnxGraphScoringTransformer.Signature)]
[assembly: LoadableClass(
    typeof(FillPastingTransformer), null, typeof(SignatureLoadModel), "Pastes fills into photos", FillPastingTransformer.Signature)]
[assembly: LoadableClass(
    typeof(PhotoInpaintingTransformer), null, typeof(SignatureLoadModel), "Completes photos", PhotoInpaintingTransformer.Signature)]
