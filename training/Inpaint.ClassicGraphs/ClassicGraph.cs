using System.Security.Cryptography;
using Inpaint.Onnx;

namespace Inpaint.ClassicGraphs;

/// <summary>A graph with its manifest.</summary>
/// <param name="Model">The ONNX model.</param>
/// <param name="Manifest">The manifest, with the hash of <see cref="Bytes"/>.</param>
public sealed record ClassicGraph(OnnxModel Model, GraphManifest Manifest)
{
    /// <summary>The content of the model file.</summary>
    public byte[] Bytes { get; } = Model.ToBytes();

    /// <summary>A graph whose manifest has the model's hash and operator set.</summary>
    internal static ClassicGraph Pair(OnnxModel model, Func<GraphFileContract, GraphManifest> manifest) =>
        new(model, manifest(new GraphFileContract
        {
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(model.ToBytes())),
            Opset = checked((int)GraphInspection.Inspect(model).Opset!.Value),
        }));

    internal static Provenance Provenance { get; } = new()
    {
        Source = "training/Inpaint.ClassicGraphs",
        Command = "dotnet run --project training/Inpaint.ClassicGraphs -- onnx",
        Data = [],
        Licence = "MIT",
    };
}
