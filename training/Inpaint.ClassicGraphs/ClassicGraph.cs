using System.Security.Cryptography;
using Inpaint.Onnx;

namespace Inpaint.ClassicGraphs;

/// <summary>A graph with its manifest.</summary>
/// <param name="Model">The ONNX model.</param>
/// <param name="Manifest">The manifest, with the hash of <see cref="Bytes"/>.</param>
public sealed record ClassicGraph(OnnxModel Model, GraphManifest Manifest)
{
    /// <summary>A paragraph of the graph's card. Default empty.</summary>
    public string Notes { get; init; } = "";

    /// <summary>The content of the model file.</summary>
    public byte[] Bytes { get; } = Model.ToBytes();

    /// <summary>A graph whose manifest has the model's hash and operator set.</summary>
    internal static ClassicGraph Pair(OnnxModel model, Func<GraphFileContract, GraphManifest> manifest) =>
        new(model, manifest(new GraphFileContract
        {
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(model.ToBytes())),
            Opset = checked((int)GraphInspection.Inspect(model).Opset!.Value),
        }));

    /// <summary>
    /// A graph that completes any mask: float32 inputs <c>image</c> [N,3,H,W], 0..1, and <c>mask</c> [N,1,H,W], 1 in the hole, to
    /// <c>output</c> [N,3,H,W], 0..1, with the known pixels unchanged.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="name">The graph's name.</param>
    /// <param name="bytesPerPixel">The memory of a run, as <c>inpaint graph check</c> measures it.</param>
    /// <param name="description">What the graph does.</param>
    /// <param name="provenance">Where it comes from; default: this program alone.</param>
    internal static ClassicGraph ForAnyMask(
        OnnxModel model, string name, int bytesPerPixel, string description, Provenance? provenance = null) =>
        Pair(model, file => new GraphManifest
        {
            Version = GraphManifest.CurrentVersion,
            Name = name,
            Description = description,
            Graph = file,
            Size = new SizeContract { BytesPerPixel = bytesPerPixel },
            Hole = new HoleContract { Kind = HoleKind.Free },
            Inputs =
            [
                new InputContract { Name = "image", Parts = [new InputPart { Role = PartRole.Image }] },
                new InputContract { Name = "mask", Parts = [new InputPart { Role = PartRole.Mask }] },
            ],
            Output = new OutputContract { Name = "output", Content = OutputContent.Pasted },
            Provenance = provenance ?? Provenance,
        });

    internal static Provenance Provenance { get; } = new()
    {
        Source = "training/Inpaint.ClassicGraphs",
        Command = "dotnet run --project training/Inpaint.ClassicGraphs -- onnx",
        Data = [],
        Licence = "MIT",
    };
}
