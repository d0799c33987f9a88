using Inpaint.CommandLine;
using Inpaint.TestSupport;
using Inpaint.Training.Loop;
using TorchSharp;

namespace Inpaint.Training.Tests.Loop;

/// <summary>How a training starts, and the arguments of a resumed one.</summary>
public sealed class BeginTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Initial_weights_are_loaded_before_the_first_checkpoint_or_the_folder_stays_empty()
    {
        string first = _folder.File("first"), run = _folder.File("run");
        Trainings.Train(Trainings.Tiny, first, settings: "max_steps=1");
        Trainings.Fails<FailedException>("[8, 16, 3, 3]",
            () => Trainings.Train(Trainings.Tiny, run, init: first, settings: "network.unet.widths=[12,8]"));
        Trainings.Fails<FailedException>("neither a run", () => Trainings.Train(Trainings.Tiny, run, init: _folder.File("nothing")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(run));

        // Interrupted before the first checkpoint: the resumed training starts with the same weights.
        Trainings.Train(Trainings.Tiny, run, init: first, settings: "max_steps=1");
        float[] expected = Bias(run);
        foreach (string made in Directory.EnumerateDirectories(run))
        {
            Directory.Delete(made, recursive: true);
        }

        Resume(run);
        Assert.Equal(expected, Bias(run));
    }

    [Fact]
    public void A_resumed_training_accepts_neither_settings_nor_weights_and_records_the_test()
    {
        string run = _folder.File("run");
        Trainings.Train(Trainings.Tiny, run, settings: "max_steps=1");
        Trainings.Fails<UsageException>("--set epochs=9", () => Resume(run, r => r with { Settings = ["epochs=9"] }));
        Trainings.Fails<UsageException>("started with random weights", () => Resume(run, r => r with { Init = "cnn" }));
        Resume(run, r => r with { Test = "scenes:9:64:9" });
        Assert.Equal("scenes:9:64:9", RunFolder.At(run).Description().Test);
    }

    [Fact]
    public void An_invalid_configuration_or_a_file_instead_of_the_folder_is_reported()
    {
        string run = _folder.File("run"), file = _folder.File("file");
        Directory.CreateDirectory(run);
        File.WriteAllText(Path.Combine(run, "config.json"), """{ "name": "ti""");
        Trainings.Fails<FailedException>("delete the folder", () => Trainings.Train(Trainings.Tiny, run));
        File.WriteAllText(file, "");
        Trainings.Fails<UsageException>("is a file; expected a folder", () => Trainings.Train(Trainings.Tiny, file));
    }

    public void Dispose() => _folder.Dispose();

    private static TrainingState Resume(string run, Func<TrainingRequest, TrainingRequest>? change = null)
    {
        var request = new TrainingRequest { Run = RunFolder.At(run), Resume = true };
        return TrainingSession.Run(change is null ? request : change(request), new Terminal(json: false), default);
    }

    private static float[] Bias(string run) =>
        TensorFile.Read(Path.Combine(run, "best", "average.safetensors"))["last.bias"].data<float>().ToArray();
}
