using System.Text.Encodings.Web;
using System.Text.Json;
using Inpaint.Datasets;
using Inpaint.Photos;

namespace Inpaint.Scenes;

/// <summary>Writes scenes as a folder of PNG files with their captions: sample data that any dataset reader takes.</summary>
public static class SceneFolder
{
    private const string MarkName = ".scenes.json", CaptionsName = "captions.jsonl";

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Writes <c>scene-00000000.png</c> and so on, then <c>captions.jsonl</c> (<c>file</c>, <c>captions</c>, <c>box</c>). Each file appears whole or not at all,
    /// and one that is there is not drawn again, so a run that was broken off is completed by the next, and a larger count adds to what is there.
    /// </summary>
    /// <param name="folder">Where to; made when missing.</param>
    /// <param name="count">How many scenes, at least 1.</param>
    /// <param name="size">Their side in pixels, 16 to 4096. Default 64.</param>
    /// <param name="seed">Another seed gives other scenes. Default 1.</param>
    /// <param name="progress">Told after each picture how many of <paramref name="count"/> are there.</param>
    /// <param name="cancellation">Stops between pictures.</param>
    /// <returns>How many pictures this run drew.</returns>
    /// <exception cref="DatasetException">The folder holds other scenes (size, seed, version, or more of them), or cannot be written.</exception>
    public static int Write(string folder, int count, int size = 64, ulong seed = 1, IProgress<int>? progress = null, CancellationToken cancellation = default)
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

    /// <summary>Says in the folder what its pictures are, before the first is drawn.</summary>
    private static void Mark(string folder, Made asked)
    {
        string path = Path.Combine(folder, MarkName);
        if (File.Exists(path))
        {
            Made there = ReadMark(path);
            if (there with { Count = 0 } != asked with { Count = 0 } || there.Count > asked.Count)
            {
                throw new DatasetException($"'{folder}' holds {there.Describe()}; asked for {asked.Describe()}. Choose another folder, or delete this one.");
            }

            if (there == asked)
            {
                return;
            }
        }
        else if (Directory.EnumerateFiles(folder, "scene-*.png").Any() || File.Exists(Path.Combine(folder, CaptionsName)))
        {
            throw new DatasetException($"'{folder}' holds pictures or captions of which '{MarkName}' does not say how they were made; expected an empty folder or one that scenes were written to. Choose another folder.");
        }

        Replace(path, JsonSerializer.SerializeToUtf8Bytes(asked));
    }

    private static Made ReadMark(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Made>(File.ReadAllBytes(path)) ?? throw new JsonException("It holds null.");
        }
        catch (JsonException e)
        {
            throw new DatasetException($"'{path}' does not say which scenes the folder holds: {e.Message} Choose another folder, or delete this one.", e);
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
                    Replace(path, scene.ReadBytes());
                    Interlocked.Increment(ref drawn);
                }

                progress?.Report(Interlocked.Increment(ref done));
            });
        }
        catch (AggregateException e) when (e.InnerExceptions.FirstOrDefault(inner => inner is IOException or UnauthorizedAccessException) is { } cause)
        {
            throw new DatasetException($"Scenes cannot be written to '{folder}': {cause.Message}", e);
        }

        return drawn;
    }

    private static void WriteCaptions(string folder, SceneDataset scenes, CancellationToken cancellation)
    {
        string path = Path.Combine(folder, CaptionsName), partial = PartialOf(path);
        using (FileStream stream = File.Create(partial))
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
        }

        File.Move(partial, path, overwrite: true);
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

    private static void Replace(string path, byte[] bytes)
    {
        string partial = PartialOf(path);
        File.WriteAllBytes(partial, bytes);
        File.Move(partial, path, overwrite: true);
    }

    /// <summary>Hidden, so that a reader does not take a half-written picture for a photo.</summary>
    private static string PartialOf(string path) => Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.partial");

    private sealed record Made(int Count, int Size, ulong Seed, int Version)
    {
        public string Describe() => $"{Count} scenes of {Size} pixels with seed {Seed} (version {Version})";
    }
}
