using Inpaint.ClassicGraphs;
using Inpaint.CommandLine;
using Inpaint.Evaluation.Metrics;
using Inpaint.TestSupport;
using Inpaint.Training.Configuration;
using Inpaint.Training.Data;
using Inpaint.Training.Export;
using Inpaint.Training.Loop;
using Inpaint.Training.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training.Tests.Export;

/// <summary>The files that export writes, and its messages.</summary>
public sealed class ExportTests : IDisposable
{
    private const string Captions = """
        {
          "name": "words", "description": "For tests.", "caption": { "words": 6, "minimum_count": 1 },
          "network": { "encoder_decoder": { "width": 4, "depth": 1, "caption": { "layer": "bottleneck", "embedding": 4 } } },
          "batch_size": 4, "epochs": 1, "max_steps": 1, "precision": "float32"
        }
        """;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_network_for_any_mask_is_resumed_to_the_bit_and_exported_for_any_size()
    {
        const string Photos = "scenes:12:128:3";
        string run = _folder.File("run");
        TrainingState whole = Trainings.Train(Trainings.AnyMask, run, Photos);
        TrainingConfig config = Trainings.Parse(Trainings.AnyMask);
        PhotoPool train = PhotoPool.Load([Photos], config.Picture, null, null, null, default);
        PhotoPool valid = PhotoPool.Load(["scenes:4:64:5"], config.Picture, null, null, null, default);
        PhotoPool? large = PhotoPool.LoadLarge([Photos], config, null, null, null, default);
        var resumed = RunFolder.At(_folder.File("resumed"));
        Directory.CreateDirectory(resumed.Path);
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        TrainingState state;
        do
        {
            using var trainer = new Trainer(new TrainingJob(resumed, config, train, valid, null, Trainings.Cpu, large));
            state = trainer.Run(_ => { }, stop.Token);
        }
        while (state.Ended is null);

        Assert.Equal((whole.Step, whole.Best), (state.Step, state.Best));
        string weights = Path.Combine($"checkpoint-{state.Step:D9}", "average.safetensors");
        Assert.Equal(File.ReadAllBytes(Path.Combine(run, weights)), File.ReadAllBytes(resumed.In(weights)));

        var request = new ExportRequest(RunFolder.At(run), "scenes:6:64:6", false, null);
        ExportedRun exported = RunExport.Make(request, new Terminal(false), default);
        GraphManifest manifest = exported.Manifest;
        Assert.Equal((HoleKind.Free, OutputContent.Pasted), (manifest.Hole.Kind, manifest.Output.Content));
        Assert.Equal((32, 64), (manifest.Size.MultipleOf, manifest.Size.MaxSide));
        Assert.Equal([PartRole.Image, PartRole.Mask], manifest.Inputs.Select(i => i.Parts.Single().Role));
        Assert.Null(ManifestFit.Check(manifest, GraphInspection.Inspect(exported.Model)).FixedBatch);
    }

    [Fact]
    public void Only_the_files_of_a_graph_and_the_table_next_to_it_are_replaced()
    {
        string run = _folder.File("run"), project = _folder.File("project"), graph = Path.Combine(project, "graph"),
            readme = Path.Combine(project, "README.md");
        Trainings.Train(Trainings.Tiny, run, settings: "max_steps=1");
        Directory.CreateDirectory(Path.Combine(project, "broken"));
        File.WriteAllText(readme, "# My project\n");
        Assert.Equal(ExitCode.Usage, Export(run, project));
        Assert.Equal(ExitCode.Done, Export(run, graph));
        Assert.Equal("# My project\n", File.ReadAllText(readme));

        // The table is rewritten; if another manifest cannot be read, the table is unchanged and the graph is still written.
        File.WriteAllText(readme, ClassicGraphFiles.Table(_folder.Path));
        Assert.Equal(ExitCode.Done, Export(run, graph));
        string table = File.ReadAllText(readme);
        Assert.Contains("[tiny](graph/README.md)", table, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(project, "broken", "model.json"), "{");
        Assert.Equal(ExitCode.Done, Export(run, graph));
        Assert.Equal(table, File.ReadAllText(readme));
        Assert.Equal(ExitCode.Usage, Export(run, Path.Combine(project, "broken")));
        Assert.Equal(ExitCode.Usage, Export(run, readme));
    }

    [Theory]
    [InlineData("scenes:6:64:6", "6 photos that were not used in training (scenes:6:64:6)")]
    [InlineData("scenes:6:64:3", "6 photos that it was trained on (scenes:6:64:3)")]
    [InlineData("scenes:6:64:5", "6 photos that its weights were chosen by (scenes:6:64:5)")]
    public void The_card_states_the_role_of_the_test_photos(string test, string expected)
    {
        string run = _folder.File("run"), graph = _folder.File("graph");
        Trainings.Train(Trainings.Tiny, run, settings: "max_steps=1");
        Assert.Equal(ExitCode.Done, Export(run, graph, "--test", test));
        string card = File.ReadAllText(Path.Combine(graph, "README.md"));
        Assert.Contains(expected, card, StringComparison.Ordinal);

        // The number that train reports, without constants and statistics.
        using FillNetwork network = RunFolder.At(run).Config().CreateNetwork(0);
        Assert.Contains(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"| weights | "
            + $"{network.parameters().Sum(p => p.numel()):N0},"), card, StringComparison.Ordinal);
    }

    [Fact]
    public void Earlier_trainings_are_found_by_the_dataset_names_in_their_commands()
    {
        var training = new RunDescription { Command = "", Data = ["photos/a"], Sources = [] };
        TestUse Of(string test) => TestPhotos.Of(test, training, "train unet --data a --valid 'my b.zip' --out x; first: train unet "
            + "--data scenes:9:64:7 --out y");
        Assert.Equal([TestUse.Learned, TestUse.Learned, TestUse.Unknown, TestUse.Unknown, TestUse.Unknown, TestUse.Unseen],
            new[] { "photos/a/", "photos", "other/a", "c/my b.zip", "scenes:3:64:7", "photos/ab" }.Select(Of));
    }

    [Fact]
    public void The_card_counts_held_out_photos_and_the_command_can_be_pasted()
    {
        string run = _folder.File("run"), config = _folder.File("my config.json");
        File.WriteAllText(config, Trainings.Tiny);
        TrainingSession.Run(new TrainingRequest { Config = config,
            Settings = ["network.unet.widths=[8,8]", "max_steps=1", "batch_size=64", "description=it's"], Data = ["scenes:60:64:3"],
                Run = RunFolder.At(run) }, new Terminal(false), default);
        RunDescription description = RunFolder.At(run).Description();
        Assert.Equal(60, description.Learned + description.HeldOut);
        Assert.Contains("train 'my config.json' --data scenes:60:64:3 --set 'network.unet.widths=[8,8]' --set max_steps=1 --set "
            + "batch_size=64 --set 'description=it'\\''s' --out tiny", description.Command, StringComparison.Ordinal);
        Assert.Equal("description=it's", CommandText.Values(description.Command, "--set").Last());

        Assert.Equal(ExitCode.Done, Export(run, _folder.File("graph")));
        string card = File.ReadAllText(Path.Combine(_folder.File("graph"), "README.md"));
        Assert.Contains($"on {description.HeldOut} held-out photos of these", card, StringComparison.Ordinal);
        Assert.Contains($"1 steps of {description.Learned} photos", card, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(32, "0.1750")]
    [InlineData(24, "0.1000")]
    [InlineData(16, "")]
    public void The_error_deep_in_the_hole_is_weighted_by_the_hole_s_pixels(int hole, string expected)
    {
        (double? middle, double? deep) = (hole switch { 32 => 0.2, 24 => 0.1, _ => null }, hole == 32 ? 0.1 : null);
        Assert.Equal(expected, ModelCard.DeepMse(middle, deep, hole));
    }

    [Fact]
    public void Export_overrides_no_setting_of_the_training()
    {
        string run = _folder.File("run");
        Trainings.Train(Trainings.Tiny, run, settings: "max_steps=1");
        Trainings.Fails<UsageException>("found 'seed'",
            () => RunExport.Make(new ExportRequest(RunFolder.At(run), null, false, null) { Settings = ["seed=3"] }, new Terminal(false),
                default));
    }

    [Fact]
    public void Trainings_with_other_words_or_pictures_are_not_averaged_and_initial_weights_follow_the_words()
    {
        string one = _folder.File("one"), two = _folder.File("two"), plain = _folder.File("plain"), small = _folder.File("small");
        Trainings.Train(Captions, one, "scenes:8:64:3");
        Trainings.Train(Captions, two, "scenes:8:64:4");
        Trainings.Train(Trainings.Tiny, plain, "scenes:8:64:3", settings: "max_steps=1");
        Trainings.Train(Trainings.Tiny, small, "scenes:8:64:3", settings: ["max_steps=1", "picture.size=48", "picture.hole=24"]);
        string[] first = [.. RunFolder.At(one).Description().Vocabulary!], second = [.. RunFolder.At(two).Description().Vocabulary!];
        Assert.Equal(first.Length, second.Length);
        Assert.NotEqual(first, second);
        foreach ((string run, string with, string expected) in new[] { (one, two, "expected a vocabulary of 6 words"),
            (plain, one, "expected no vocabulary"), (plain, small, "48x48"), (plain, _folder.File("nothing"), "--with") })
        {
            string message = Assert.Throws<FailedException>(() =>
                RunExport.Make(new ExportRequest(RunFolder.At(run), null, false, null) { With = [with] }, new Terminal(false),
                    default)).Message;
            Assert.StartsWith("--with", message, StringComparison.Ordinal);
            Assert.Contains(expected, message, StringComparison.Ordinal);
        }

        TrainingConfig config = RunFolder.At(two).Config();
        using FillNetwork given = config.CreateNetwork(first.Length), fresh = config.CreateNetwork(second.Length),
            started = config.CreateNetwork(second.Length);
        ModuleWeights.Load(given, RunFolder.At(one).BestWeights());
        string? warning = null;
        FirstWeights.Load(started, one, new Vocabulary(second), text => warning = text);
        Assert.Contains("another vocabulary", warning, StringComparison.Ordinal);
        for (int i = 0; i < second.Length; i++)
        {
            int from = Array.IndexOf(first, second[i]);
            Assert.Equal(from < 0 ? Column(fresh, i) : Column(given, from), Column(started, i));
        }

        const string Plain = """{ "name": "plain", "description": "b", "network": { "encoder_decoder": { "width": 4, "depth": 1 } } }""";
        using FillNetwork without = Trainings.Parse(Plain).CreateNetwork(0);
        FirstWeights.Load(without, one, null, text => warning = text);
        Assert.Contains("takes captions, this network does not", warning, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static float[] Column(FillNetwork network, int word)
    {
        using IDisposable quiet = no_grad();
        return network.get_parameter(FillNetwork.WordWeights)!.select(1, word).contiguous().data<float>().ToArray();
    }

    private static int Export(string run, string graph, params string[] options) =>
        Trainings.Call(["export", run, "--out", graph, .. options]).Code;
}
