using System.Reflection;
using Inpaint.Onnx;

namespace Inpaint.ML;

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
