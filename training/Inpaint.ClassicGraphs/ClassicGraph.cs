using System.Security.Cryptography;
using Inpaint.Onnx;

namespace Inpaint.ClassicGraphs;

/// <summary>A graph and what it wants and gives.</summary>
/// <param name="Model">The ONNX model.</param>
/// <param name="Manifest">Its manifest; the hash is of <see cref="Bytes"/>.</param>
public sealed record ClassicGraph(OnnxModel Model, GraphManifest Manifest)
{
    /// <summary>The model's file.</summary>
    public byte[] Bytes { get; } = Model.ToBytes();

    /// <summary>A pair whose manifest names the model's hash and operator set.</summary>
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
