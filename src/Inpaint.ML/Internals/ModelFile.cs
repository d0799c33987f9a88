using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace Inpaint.ML.Internals;

/// <summary>
/// Reads and writes transformers in ML.NET's model files: their state as JSON, and the graph with its manifest when it is embedded.
/// ML.NET's members for this are internal; they are called only in this folder and have been the same since version 1.0.
/// </summary>
internal static class ModelFile
{
    // Padding values may be infinite.
    private static readonly JsonSerializerOptions Settings =
        new(StrictJson.Options) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };
    private const uint Version = 0x00010001;
    private const string GraphStream = "Graph.onnx";
    private const string ManifestStream = "Graph.json";

    /// <summary>Writes a transformer's state, and its graph and manifest when they are given.</summary>
    public static void Save<TState>(
        ModelSaveContext context, string signature, TState state, (byte[]? Model, byte[]? Manifest) graph = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        Guard(() =>
        {
            context.CheckAtModel();
            context.SetVersionInfo(MakeVersion(signature));
            context.SaveNonEmptyString(JsonSerializer.Serialize(state, Settings));
            WriteStream(context, GraphStream, graph.Model);
            WriteStream(context, ManifestStream, graph.Manifest);
            return true;
        });
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public static (TState State, (byte[]? Model, byte[]? Manifest) Graph) Load<TState>(ModelLoadContext context, string signature)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Guard(() =>
        {
            context.CheckAtModel(MakeVersion(signature));
            TState state = JsonSerializer.Deserialize<TState>(context.LoadNonEmptyString(), Settings)!;
            return (state, (ReadStream(context, GraphStream), ReadStream(context, ManifestStream)));
        });
    }

    private static VersionInfo MakeVersion(string signature) =>
        new(signature, Version, Version, Version, typeof(ModelFile).Assembly.FullName!, signature);

    private static void WriteStream(ModelSaveContext context, string name, byte[]? bytes)
    {
        if (bytes is not null)
        {
            context.SaveBinaryStream(name, writer =>
            {
                writer.Write(bytes.Length);
                writer.Write(bytes);
            });
        }
    }

    private static byte[]? ReadStream(ModelLoadContext context, string name)
    {
        byte[]? bytes = null;
        context.TryLoadBinaryStream(name, reader => bytes = reader.ReadBytes(reader.ReadInt32()));
        return bytes;
    }

    private static T Guard<T>(Func<T> use)
    {
        try
        {
            return use();
        }
        catch (Exception e) when (e is MissingMethodException or MissingFieldException or TypeLoadException or MethodAccessException)
        {
            throw new NotSupportedException(
                $"This version of Microsoft.ML ({typeof(MLContext).Assembly.GetName().Version}) saves and loads models differently "
                    + $"from the 5.0 versions: {e.Message} Use Microsoft.ML 5.0.x, or a newer Inpaint.ML.", e);
        }
    }
}
