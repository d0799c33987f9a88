namespace Inpaint.ML;

/// <summary>The graphs in this package.</summary>
public static class DefaultGraph
{
    /// <summary>The default of <c>InpaintPhotos</c>: fills any mask at any size.</summary>
    internal const string Photos = "fill";

    /// <summary>The default of the verbs that pass tensors of one size: fills the centre of 64x64 pixels.</summary>
    internal const string Tensors = "unet";

    /// <summary>Loads the default graph of <c>InpaintPhotos</c> and its manifest.</summary>
    public static GraphPackage Load() => GraphHandle.Load(null, GraphStorage.Embed, Photos).Package!;
}
