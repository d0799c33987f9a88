using Inpaint.ClassicGraphs.Patches;
using Inpaint.Onnx;

namespace Inpaint.ClassicGraphs;

/// <summary>Structure from a network, detail from the photo: patch synthesis that is guided by a trained network's picture.</summary>
public static class FillGraph
{
    /// <summary>The graph of the network, a folder next to the others.</summary>
    public const string Network = "unet-free";

    /// <summary>The graph in the repository, for one photo a run: inputs and output as <see cref="ClassicGraph.ForAnyMask"/>.</summary>
    /// <param name="network">A graph for any mask with such inputs and output, and its manifest.</param>
    public static ClassicGraph Build(GraphPackage network)
    {
        ArgumentNullException.ThrowIfNull(network);
        GraphManifest manifest = network.Manifest;
        return ClassicGraph.ForAnyMask(
            Model(PatchSettings.WithNetwork, OnnxModel.Read(network.Model, network.Source), manifest.Size),
            "fill",
            PatchesGraph.BytesPerPixel,
            $"Fills any mask at any size with patches of the photo itself, guided by the picture of a network ({manifest.Name}).",
            ClassicGraph.Provenance with { Data = manifest.Provenance?.Data ?? [], DataLicence = manifest.Provenance?.DataLicence }) with
        {
            Notes = PatchesGraph.Runtimes,
        };
    }

    internal static OnnxModel Model(PatchSettings settings, OnnxModel network, SizeContract size) => PatchesGraph.Model(
        "fill", settings, size.MaxSide, size.MultipleOf, (g, picture, mask) =>
            g.Append(network, [("image", picture), ("mask", mask)])["output"]);
}
