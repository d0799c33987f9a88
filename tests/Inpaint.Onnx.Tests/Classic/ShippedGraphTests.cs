using System.Security.Cryptography;
using Inpaint.ClassicGraphs;
using Inpaint.TestSupport;

namespace Inpaint.Onnx.Tests.Classic;

public sealed class ShippedGraphTests
{
    private static readonly string Folder = Path.Combine(Places.Repository, "onnx");

    public static TheoryData<string> Names => [.. ClassicGraphCatalog.Shipped(Folder).Select(g => g.Manifest.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_files_in_the_repository_match_the_generator(string name)
    {
        ClassicGraph graph = ClassicGraphCatalog.Shipped(Folder).Single(g => g.Manifest.Name == name);

        foreach ((string file, byte[] content) in ClassicGraphFiles.Files(graph))
        {
            byte[] committed = File.ReadAllBytes(Path.Combine(Folder, name, file));
            Assert.True(content.AsSpan().SequenceEqual(committed),
                $"onnx/{name}/{file} is not what the program makes; run: {graph.Manifest.Provenance!.Command}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_manifest_has_the_hash_of_its_graph(string name)
    {
        string manifestPath = Path.Combine(Folder, name, GraphManifest.FileName);
        GraphManifest manifest = GraphManifest.Parse(File.ReadAllBytes(manifestPath), manifestPath);

        byte[] graph = File.ReadAllBytes(Path.Combine(Folder, name, manifest.Graph.File));

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(graph)), manifest.Graph.Sha256);
    }

    [Fact]
    public void The_table_of_graphs_matches_the_manifests() =>
        Assert.Equal(ClassicGraphFiles.Table(Folder), File.ReadAllText(Path.Combine(Folder, "README.md")));
}
