using System.Text.Encodings.Web;
using System.Text.Json;

namespace Inpaint.Scenes;

/// <summary>Writes scenes as a folder of PNG files with their captions: sample data for any dataset reader.</summary>
public static class SceneFolder
{
    private const string MarkName = ".scenes.json", CaptionsName = "captions.jsonl";

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Writes <c>scene-00000000.png</c> and so on, then <c>captions.jsonl</c> (<c>file</c>, <c>captions</c>, <c>box</c>). Each file is
    /// written atomically, and an existing one is not drawn again, so the next run completes an interrupted one, and a larger count adds
    /// to what exists.
    /// </summary>
    /// <param name="folder">The folder; created when missing.</param>
    /// <param name="count">The number of scenes, at least 1.</param>
    /// <param name="size">The side of the pictures in pixels, 16 to 4096. Default 64.</param>
    /// <param name="seed">The random seed. Default 1.</param>
    /// <param name="progress">Receives the number of existing pictures after each picture.</param>
    /// <param name="cancellation">Stops between pictures.</param>
    /// <returns>The number of pictures drawn by this call.</returns>
    /// <exception cref="DatasetException">
    /// The folder contains other scenes (size, seed, version, or more of them), or cannot be written.
    /// </exception>
    public static int Write(
        string folder, int count, int size = 64, ulong seed = 1, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        using var scenes = new SceneDataset(count, size, seed);
        try
        {
            Directory.CreateDirectory(folder);
            Mark(folder, new Made(count, size, seed, SceneGenerator.Version));
            int drawn = WritePictures(folder, scenes, progress, cancellation);
            WriteCaptions(folder, scenes, cancellation);
            return drawn;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"Scenes cannot be written to '{folder}': {e.Message}", e);
        }
    }

    /// <summary>Records in the folder which scenes it contains, before the first is drawn.</summary>
    private static void Mark(string folder, Made asked)
    {
        string path = Path.Combine(folder, MarkName);
        if (File.Exists(path))
        {
            Made there = ReadMark(path);
            if (there with { Count = 0 } != asked with { Count = 0 } || there.Count > asked.Count)
            {
                throw new DatasetException(
                    $"'{folder}' contains {there.Describe()}; expected {asked.Describe()}. Choose another folder, or delete this one.");
            }

            if (there == asked)
            {
                return;
            }
        }
        else if (Directory.EnumerateFiles(folder, "scene-*.png").Any() || File.Exists(Path.Combine(folder, CaptionsName)))
        {
            throw new DatasetException(
                $"'{folder}' contains pictures or captions that '{MarkName}' does not describe; expected an empty folder or one that "
                    + $"scenes were written to. Choose another folder.");
        }

        AtomicFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(asked), durable: false);
    }

    private static Made ReadMark(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Made>(File.ReadAllBytes(path)) ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw new DatasetException(
                $"'{path}' does not describe the scenes of the folder: {e.Message} Choose another folder, or delete this one.", e);
        }
    }

    private static int WritePictures(string folder, SceneDataset scenes, IProgress<int>? progress, CancellationToken cancellation)
    {
        int drawn = 0, done = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation };
        try
        {
            Parallel.ForEach(scenes.Read(), parallel, scene =>
            {
                string path = Path.Combine(folder, scene.Id);
                if (!File.Exists(path))
                {
                    AtomicFile.Write(path, scene.ReadBytes(), durable: false);
                    Interlocked.Increment(ref drawn);
                }

                progress?.Report(Interlocked.Increment(ref done));
            });
        }
        catch (AggregateException e) when (
            e.InnerExceptions.FirstOrDefault(inner => inner is IOException or UnauthorizedAccessException) is { } cause)
        {
            throw new DatasetException($"Scenes cannot be written to '{folder}': {cause.Message}", e);
        }

        return drawn;
    }

    private static void WriteCaptions(string folder, SceneDataset scenes, CancellationToken cancellation)
    {
        AtomicFile.DeleteLeftovers(folder);
        AtomicFile.Write(Path.Combine(folder, CaptionsName), stream =>
        {
            using var json = new Utf8JsonWriter(stream, Relaxed);
            foreach (PhotoRecord scene in scenes.Read())
            {
                cancellation.ThrowIfCancellationRequested();
                WriteLine(json, scene);
                json.Flush();
                stream.WriteByte((byte)'\n');
                json.Reset();
            }
        }, durable: false);
    }

    private static void WriteLine(Utf8JsonWriter json, PhotoRecord scene)
    {
        PixelRect box = scene.Box!.Value;
        json.WriteStartObject();
        json.WriteString("file", scene.Id);
        json.WriteStartArray("captions");
        foreach (string caption in scene.Captions)
        {
            json.WriteStringValue(caption);
        }

        json.WriteEndArray();
        json.WriteStartArray("box");
        foreach (int side in (ReadOnlySpan<int>)[box.X, box.Y, box.Width, box.Height])
        {
            json.WriteNumberValue(side);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private sealed record Made(int Count, int Size, ulong Seed, int Version)
    {
        public string Describe() => $"{Count} scenes of {Size} pixels with seed {Seed} (version {Version})";
    }
}
