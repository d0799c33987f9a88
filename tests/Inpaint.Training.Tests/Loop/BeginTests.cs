using Inpaint.CommandLine;
using Inpaint.TestSupport;
using TorchSharp;

namespace Inpaint.Training.Tests.Loop;

/// <summary>How a training begins, and what one that goes on may be given.</summary>
public sealed class BeginTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void First_weights_are_loaded_before_the_first_checkpoint_or_the_folder_stays_empty()
    {
        string first = _folder.File("first"), run = _folder.File("run");
        Trainings.Train(Trainings.Tiny, first, settings: "max_steps=1");
        Assert.Contains("[8, 16, 3, 3]", Assert.Throws<FailedException>(() => Trainings.Train(Trainings.Tiny, run, init: first, settings: "network.unet.widths=[12,8]")).Message, StringComparison.Ordinal);
        Assert.Contains("neither a run", Assert.Throws<FailedException>(() => Trainings.Train(Trainings.Tiny, run, init: _folder.File("nothing"))).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(run));

        // Broken off before the first checkpoint: the training that goes on begins with the same weights.
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
    public void A_training_that_goes_on_takes_neither_settings_nor_weights_and_notes_the_test()
    {
        string run = _folder.File("run");
        Trainings.Train(Trainings.Tiny, run, settings: "max_steps=1");
        Assert.Contains("--set epochs=9", Assert.Throws<UsageException>(() => Resume(run, r => r with { Settings = ["epochs=9"] })).Message, StringComparison.Ordinal);
        Assert.Contains("begun with fresh weights", Assert.Throws<UsageException>(() => Resume(run, r => r with { Init = "cnn" })).Message, StringComparison.Ordinal);
        Resume(run, r => r with { Test = "scenes:9:64:9" });
        Assert.Equal("scenes:9:64:9", RunFolder.At(run).Description().Test);
    }

    [Fact]
    public void A_broken_configuration_in_the_folder_or_a_file_in_its_place_is_told_so()
    {
        string run = _folder.File("run"), file = _folder.File("file");
        Directory.CreateDirectory(run);
        File.WriteAllText(Path.Combine(run, "config.json"), """{ "name": "ti""");
        Assert.Contains("delete the folder", Assert.Throws<FailedException>(() => Trainings.Train(Trainings.Tiny, run)).Message, StringComparison.Ordinal);
        File.WriteAllText(file, "");
        Assert.Contains("is a file; expected a folder", Assert.Throws<UsageException>(() => Trainings.Train(Trainings.Tiny, file)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static TrainingState Resume(string run, Func<TrainingRequest, TrainingRequest>? change = null)
    {
        var request = new TrainingRequest { Run = RunFolder.At(run), Resume = true };
        return TrainingSession.Run(change is null ? request : change(request), new Terminal(json: false), default);
    }

    private static float[] Bias(string run) => TensorFile.Read(Path.Combine(run, "best", "average.safetensors"))["last.bias"].data<float>().ToArray();
}
