using System.Text.Json.Nodes;

namespace Inpaint.TestSupport;

/// <summary>Graph folders, valid and invalid.</summary>
internal static class GraphOnDisk
{
    /// <summary>Writes a graph and its manifest, and returns the folder.</summary>
    public static string Write(GraphPackage graph, string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, graph.Manifest.Graph.File), graph.Model);
        File.WriteAllBytes(Path.Combine(folder, GraphManifest.FileName), graph.ManifestJson);
        return folder;
    }

    /// <summary>Edits the manifest of a folder.</summary>
    public static void Edit(string folder, Action<JsonObject> change)
    {
        string path = Path.Combine(folder, GraphManifest.FileName);
        JsonObject manifest = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change(manifest);
        File.WriteAllText(path, manifest.ToJsonString());
    }
}
