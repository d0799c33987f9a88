
using Inpaint.ML.Internals;
using Inpaint.Onnx.Inpainting;

namespace Inpaint.ML;

/// <summary>The graph that this package carries, which every verb takes where no graph is named.</summary>
public static class DefaultGraph
{
    /// <summary>Graph and manifest.</summary>
    public static GraphPackage Load() => GraphHandle.Load(null, GraphStorage.Embed).Package;
}
