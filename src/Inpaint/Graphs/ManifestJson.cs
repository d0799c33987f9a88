using System.Text.Json.Serialization;

namespace Inpaint.Graphs;

/// <summary>The generated metadata of manifests, for programs without reflection.</summary>
[JsonSerializable(typeof(GraphManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
