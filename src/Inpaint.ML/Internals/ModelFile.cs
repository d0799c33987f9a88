using System.Text.Json;
using Inpaint.Json;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace Inpaint.ML.Internals;

/// <summary>
/// How transformers stand in ML.NET's model files: one text of settings, and the graph with its manifest when it travels along.
/// ML.NET's members for this are internal; they are called in this folder alone and have been the same since version 1.0.
/// </summary>
internal static class ModelFile
{
    // Infinity is a padding like any other.
    private static readonly JsonSerializerOptions Settings = new(StrictJson.Options) { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals };
    private const uint Version = 0x00010001;
    private const string GraphStream = "Graph.onnx";
    private const string ManifestStream = "Graph.json";

    /// <summary>Writes a transformer's settings, and its graph and manifest when they are given.</summary>
    public static void Save<TState>(ModelSaveContext context, Type transformer, string signature, TState state, byte[]? model = null, byte[]? manifest = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        Guard(() =>
        {
            context.CheckAtModel();
            context.SetVersionInfo(MakeVersion(transformer, signature));
            context.SaveNonEmptyString(JsonSerializer.Serialize(state, Settings));
            WriteStream(context, GraphStream, model);
            WriteStream(context, ManifestStream, manifest);
        });
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public static (TState State, byte[]? Model, byte[]? Manifest) Load<TState>(ModelLoadContext context, Type transformer, string signature)
    {
        ArgumentNullException.ThrowIfNull(context);
        TState? state = default;
        byte[]? model = null, manifest = null;
        Guard(() =>
        {
            context.CheckAtModel(MakeVersion(transformer, signature));
            state = JsonSerializer.Deserialize<TState>(context.LoadNonEmptyString(), Settings);
            model = ReadStream(context, GraphStream);
            manifest = ReadStream(context, ManifestStream);
        });
        return (state!, model, manifest);
    }

    /// <summary>Warnings of a loaded transformer go where the loading context's own go: to <c>MLContext.Log</c>.</summary>
    public static Action<string> WarnThrough(IHostEnvironment env) => message =>
    {
        using IChannel channel = env.Start("Inpaint");
        channel.Warning(MessageSensitivity.None, message);
    };

    private static VersionInfo MakeVersion(Type transformer, string signature) =>
        new(signature, Version, Version, Version, transformer.Assembly.FullName!, signature);

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

    private static void Guard(Action use)
    {
        try
        {
            use();
        }
        catch (Exception e) when (e is MissingMethodException or MissingFieldException or TypeLoadException or MethodAccessException)
        {
            throw new NotSupportedException(
                $"This version of Microsoft.ML ({typeof(MLContext).Assembly.GetName().Version}) saves and loads models in another way than versions 5.0 do: {e.Message} Use Microsoft.ML 5.0.x, or a newer Inpaint.ML.", e);
        }
    }
}
