using System.Security.Cryptography;
using Google.Protobuf;
using Inpaint.Onnx.Proto;

namespace Inpaint.ClassicGraphs;

/// <summary>A graph and what it wants and gives.</summary>
/// <param name="Model">The ONNX model.</param>
/// <param name="Manifest">Its manifest; the hash is of <see cref="Bytes"/>.</param>
public sealed record ClassicGraph(ModelProto Model, GraphManifest Manifest)
{
    /// <summary>The model's file.</summary>
    public byte[] Bytes { get; } = Model.ToByteArray();

    /// <summary>A pair whose manifest names the model's hash and operator set.</summary>
    internal static ClassicGraph Pair(ModelProto model, Func<GraphFileContract, GraphManifest> manifest) =>
        new(model, manifest(new GraphFileContract
        {
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(model.ToByteArray())),
            Opset = checked((int)model.OpsetImport.Single(o => o.Domain.Length == 0).Version),
        }));

    internal static Provenance Provenance { get; } = new()
    {
        Source = "training/Inpaint.ClassicGraphs",
        Command = "dotnet run --project training/Inpaint.ClassicGraphs -- onnx",
        Data = [],
        Licence = "MIT",
    };
}
