using System.Reflection;
using Inpaint.Graphs;
using Inpaint.Onnx.Inpainting;

namespace Inpaint.ML.Internals;

/// <summary>A transformer's graph: by name or path, from a saved model, or the one that this package carries.</summary>
internal sealed record GraphHandle(GraphPackage Package, string? Name, GraphStorage Storage)
{
    public GraphManifest Manifest => Package.Manifest;

    /// <summary>The graph to write into a saved model; null when it is only named there.</summary>
    public GraphPackage? Embedded => Storage == GraphStorage.Embed || Name is null ? Package : null;

    /// <summary>Loads a graph by name or path; null for the package's own.</summary>
    public static GraphHandle Load(string? nameOrPath, GraphStorage storage) =>
        new(nameOrPath is null ? LoadDefault() : GraphPackage.Load(nameOrPath), nameOrPath, storage);

    /// <summary>Takes the graph of a saved model: the one inside, or the one it names.</summary>
    public static GraphHandle Restore(string? name, GraphStorage storage, byte[]? model, byte[]? manifest) => model is not null && manifest is not null
        ? new(GraphPackage.FromBytes(model, manifest, name ?? "the saved graph"), name, storage)
        : Load(name, storage);

    /// <summary>What transformers take of it that run no graph.</summary>
    public ManifestHandle Description => new(Package.Manifest, Package.ManifestJson, Name, Storage);

    private static GraphPackage LoadDefault() =>
        GraphPackage.FromBytes(ReadResource("default/model.onnx"), ReadResource("default/model.json"), "the default graph");

    private static byte[] ReadResource(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource '{name}' is not in this build of Inpaint.ML; expected the default graph there.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}

/// <summary>A graph's manifest alone, for transformers that prepare for a graph or read what it gave.</summary>
internal sealed record ManifestHandle(GraphManifest Manifest, byte[] Json, string? Name, GraphStorage Storage)
{
    /// <summary>The manifest to write into a saved model; null when the graph is only named there.</summary>
    public byte[]? Embedded => Storage == GraphStorage.Embed || Name is null ? Json : null;

    /// <summary>Loads a graph's manifest by name or path, after checking the pair; null for the package's own.</summary>
    public static ManifestHandle Load(string? nameOrPath, GraphStorage storage) => GraphHandle.Load(nameOrPath, storage).Description;

    /// <summary>Takes the manifest of a saved model: the one inside, or that of the graph it names.</summary>
    public static ManifestHandle Restore(string? name, GraphStorage storage, byte[]? manifest) => manifest is not null
        ? new(GraphManifest.Parse(manifest, name ?? "the saved graph"), manifest, name, storage)
        : Load(name, storage);
}
