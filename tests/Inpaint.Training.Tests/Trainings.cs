using System.CommandLine;
using Inpaint.CommandLine;
using Inpaint.Onnx.TorchSharp;
using Inpaint.Training.Acceleration;
using Inpaint.Training.Commands;
using Inpaint.Training.Configuration;
using Inpaint.Training.Data;
using Inpaint.Training.Loop;

namespace Inpaint.Training.Tests;

/// <summary>Small trainings for tests.</summary>
internal static class Trainings
{
    /// <summary>A tiny network on scenes, in float32.</summary>
    public const string Tiny = """
        {
          "name": "tiny", "description": "For tests.",
          "network": { "unet": { "widths": [8, 8], "middle": 1, "dropout": 0.2 } },
          "batch_size": 4, "epochs": 3, "ema": 0.9, "precision": "float32"
        }
        """;

    /// <summary>A tiny network for any mask, with batches of two sizes, in float32.</summary>
    public const string AnyMask = """
        {
          "name": "any-mask", "description": "For tests.", "picture": { "size": 32, "hole": 16 },
          "network": { "free_unet": { "widths": [8, 8], "middle": 1 } },
          "masks": { "kinds": ["strokes", "blobs", "centre"], "sizes": [32, 64] },
          "batch_size": 4, "epochs": 3, "ema": 0.9, "precision": "float32"
        }
        """;

    public static TrainingConfig Parse(string json, params string[] settings) =>
        ConfigFile.Parse(System.Text.Encoding.UTF8.GetBytes(json), "test.json", settings);

    public static TrainingConfig Shipped(string name, params string[] settings) => ConfigFile.Load(name, settings);

    public static Compute Cpu { get; } = Compute.Create("cpu", Precision.Float32, channelsLast: true, _ => { });

    public static PhotoPool Scenes(int count, ulong seed = 1) =>
        PhotoPool.Load([$"scenes:{count}:64:{seed}"], new PictureConfig(), null, null, null, default);

    public static Vocabulary? VocabularyOf(TrainingConfig config, PhotoPool photos) => config.Caption is null ? null
        : Vocabulary.Fit(Enumerable.Range(0, photos.Count).SelectMany(photos.Captions),
            new VocabularyOptions { MaximumSize = config.Caption.Words, MinimumCount = 1 });

    /// <summary>Expects an exception whose message contains a text.</summary>
    public static void Fails<T>(string expected, Action action) where T : Exception =>
        Assert.Contains(expected, Assert.Throws<T>(action).Message, StringComparison.Ordinal);

    /// <summary>Runs the program; returns its exit code and its output on stderr.</summary>
    public static (int Code, string Text) Call(params string[] args)
    {
        TextWriter before = Console.Error;
        using var text = new StringWriter();
        Console.SetError(text);
        try
        {
            return (CommandRunner.Run(new RootCommand { TrainCommand.Create(), ExportCommand.Create(), SearchCommand.Create() }, args,
                CommandText.Program), text.ToString());
        }
        finally
        {
            Console.SetError(before);
        }
    }

    /// <summary>Writes a configuration to a file and trains by request, as the program does.</summary>
    public static TrainingState Train(string config, string run, string data = "scenes:12:64:3", bool resume = false, string? init = null,
        CancellationToken stop = default, params string[] settings)
    {
        string file = Path.Combine(Path.GetDirectoryName(run)!, $"{Path.GetFileName(run)}.json");
        File.WriteAllText(file, config);
        return TrainingSession.Run(
            new TrainingRequest { Config = file, Settings = settings, Data = [data], Valid = "scenes:4:64:5", Test = "scenes:6:64:6",
                Run = RunFolder.At(run), Resume = resume, Init = init },
            new Terminal(json: false),
            stop);
    }
}
