using Inpaint.ClassicGraphs;

namespace Inpaint.TestSupport;

/// <summary>The membrane fill as graphs of several contracts, for tests of code that reads manifests.</summary>
internal static class ContractGraphs
{
    /// <summary>The graph of a contract. With the centre hidden, all give the same picture.</summary>
    public static ClassicGraph Build(MembraneContract contract)
    {
        GraphDimension batch = contract switch
        {
            MembraneContract.Batch1 => 1,
            MembraneContract.Batch8 => 8,
            _ => "N",
        };
        GraphManifest unhashed = MembraneManifests.Of(contract, new GraphFileContract { Sha256 = "" });
        OnnxModel model = ManifestGraph.Build(unhashed, batch, contract == MembraneContract.DeepFill ? "coarse" : null);
        return ClassicGraph.Pair(model, file => unhashed with { Graph = file });
    }
}
