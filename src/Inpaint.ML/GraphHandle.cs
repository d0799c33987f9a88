using System.Reflection;

namespace Inpaint.ML;

/// <summary>A transformer's graph: by name or path, from a saved model, or the default graph.</summary>
/// <param name="Name">The name or path that the user gave; null for the default graph.</param>
/// <param name="Storage">Whether a saved model contains the graph.</param>
/// <param name="Manifest">The manifest.</param>
/// <param name="ManifestJson">The manifest's bytes.</param>
/// <param name="Package">The graph with its manifest; null for transformers that do not run it.</param>
internal sealed record GraphHandle(string? Name, GraphStorage Storage, GraphManifest Manifest, byte[] ManifestJson, GraphPackage? Package)
{
    public GraphHandle(GraphPackage package, string? name, GraphStorage storage)
        : this(name, storage, package.Manifest, package.ManifestJson, package)
    {
    }

    /// <summary>The handle of a transformer that does not run the graph.</summary>
    public GraphHandle WithoutModel => this with { Package = null };

    /// <summary>What a saved model contains of the graph; nulls when it only names the graph.</summary>
    public (byte[]? Model, byte[]? Manifest) Embedded =>
        Storage == GraphStorage.Embed || Name is null ? (Package?.Model, ManifestJson) : default;

    /// <summary>Loads a graph; null for a default graph.</summary>
    public static GraphHandle Load(GraphSource? graph, GraphStorage storage, string defaultGraph) =>
        new(graph is null ? LoadDefault(defaultGraph) : graph.Load(), graph?.Name, storage);

    /// <summary>The graph of a saved model: the embedded one, or the one that it names.</summary>
    /// <exception cref="GraphException">It has neither, or the graph cannot be used.</exception>
    public static GraphHandle Restore(string? name, GraphStorage storage, (byte[]? Model, byte[]? Manifest) embedded)
    {
        string source = name ?? "the saved graph";
        return embedded switch
        {
            ({ } model, { } manifest) => new(GraphPackage.FromBytes(model, manifest, source), name, storage),
            (null, { } manifest) => new(name, storage, GraphManifest.Parse(manifest, source), manifest, null),
            _ => new(GraphPackage.Load(name ?? throw new GraphException(
                "The saved model neither contains nor names a graph; expected one of them. Its file is damaged: save the model again.")),
                name, storage),
        };
    }

    private static GraphPackage LoadDefault(string name) => GraphPackage.FromBytes(
        ReadResource($"default/{name}/model.onnx"), ReadResource($"default/{name}/model.json"), $"the default graph '{name}'");

    private static byte[] ReadResource(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException(
                $"This build of Inpaint.ML has no resource '{name}'; expected the default graph there. Rebuild it with that graph.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
