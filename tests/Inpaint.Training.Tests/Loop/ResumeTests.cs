using Inpaint.CommandLine;
using Inpaint.Onnx.TorchSharp;
using Inpaint.Scenes;
using Inpaint.TestSupport;
using Inpaint.Training.Configuration;
using Inpaint.Training.Data;
using Inpaint.Training.Export;
using Inpaint.Training.Loop;
using Inpaint.Training.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training.Tests.Loop;

/// <summary>Trainings that are interrupted and resumed.</summary>
public sealed class ResumeTests : IDisposable
{
    private const string Adversarial = """
        {
          "name": "tiny-gan", "description": "For tests.",
          "network": { "encoder_decoder": { "width": 4, "depth": 1 } },
          "adversarial": { "width": 4, "noise": 0.1, "feature_matching": 0.1, "gradient_penalty": 0.01 },
          "orthogonal": 0.001, "batch_size": 4, "epochs": 2, "ema": 0.9, "precision": "float32"
        }
        """;

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(Trainings.Tiny)]
    [InlineData(Adversarial)]
    public void Resumed_equals_uninterrupted(string config)
    {
        TrainingState whole = Trainings.Train(config, _folder.File("whole"));
        Assert.NotNull(whole.Ended);

        // Stopped after every single step: each run finds the token cancelled once its step is done.
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        PhotoPool train = Trainings.Scenes(12, seed: 3), valid = Trainings.Scenes(4, seed: 5);
        var run = RunFolder.At(_folder.File("broken"));
        Directory.CreateDirectory(run.Path);
        TrainingState state;
        int calls = 0;
        do
        {
            using var trainer = new Trainer(new TrainingJob(run, Trainings.Parse(config), train, valid, null, Trainings.Cpu));
            state = trainer.Run(_ => { }, stop.Token);
            calls++;
        }
        while (state.Ended is null);

        Assert.Equal(whole.Step, state.Step);
        Assert.Equal(whole.Step, calls);
        Assert.Equal(whole.Best, state.Best);
        Assert.Equal(whole.BestStep, state.BestStep);
        string last = $"checkpoint-{whole.Step:D9}";
        foreach (string file in Directory.EnumerateFiles(Path.Combine(_folder.File("whole"), last), "*.safetensors"))
        {
            byte[] expected = File.ReadAllBytes(file),
                found = File.ReadAllBytes(Path.Combine(_folder.File("broken"), last, Path.GetFileName(file)));
            Assert.True(expected.AsSpan().SequenceEqual(found), $"{Path.GetFileName(file)} differs.");
        }

        Assert.Equal(File.ReadAllBytes(Path.Combine(_folder.File("whole"), "valid.png")),
            File.ReadAllBytes(Path.Combine(_folder.File("broken"), "valid.png")));
        Assert.Equal(Figures("whole"), Figures("broken"));
    }

    [Theory]
    [InlineData("average.safetensors", 100)]
    [InlineData("state.json", 10)]
    [InlineData("network.optimizer.safetensors", 1000)]
    public void A_damaged_checkpoint_is_moved_aside_and_the_previous_one_restored(string file, int bytes)
    {
        string run = _folder.File("run"), newest = Path.Combine(run, "checkpoint-000000009");
        TrainingState whole = Trainings.Train(Trainings.Tiny, run);
        byte[] weights = File.ReadAllBytes(Path.Combine(newest, "average.safetensors"));
        using (FileStream cut = File.OpenWrite(Path.Combine(newest, file)))
        {
            cut.SetLength(bytes);
        }

        Assert.Equal(whole.Best, Trainings.Train(Trainings.Tiny, run, resume: true).Best);
        Assert.Equal(weights, File.ReadAllBytes(Path.Combine(newest, "average.safetensors")));
        Assert.Equal(bytes, new FileInfo(Path.Combine(run, "damaged-checkpoint-000000009", file)).Length);
    }

    [Fact]
    public void A_missing_moment_is_named()
    {
        string file = _folder.File("state.safetensors");
        TensorFile.Write(file, [("0.step", tensor([1L]))]);
        using TorchSharp.Modules.Linear layer = nn.Linear(2, 1, hasBias: false);
        using var optimizer = new ModuleOptimizer(layer, new OptimizerConfig(), 0.1);
        string message = Assert.Throws<FailedException>(() => optimizer.RestoreState(file)).Message;
        Assert.Contains($"{file}: 0.exp_avg is missing; expected [1, 2]", message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_incomplete_line_of_metrics_does_not_damage_the_next_one()
    {
        string metrics = Path.Combine(_folder.Path, "metrics.jsonl");
        File.WriteAllText(metrics, "{\"step\":1,\"epoch\":1,\"kind\":\"train\",\"loss\":2}\n{\"step\":2,\"ep");
        new MetricsLog(RunFolder.At(_folder.Path)).Training(new TrainingState { Step = 2 }, 1, new Dictionary<string, double>(), 1, 2);
        Assert.Equal([1, 2], new MetricsLog(RunFolder.At(_folder.Path)).Lines.Select(l => l.Step));
        Assert.Equal(2, File.ReadAllLines(metrics).Length);
    }

    [Fact]
    public void A_training_resumes_with_the_same_photos_in_any_folder()
    {
        string run = _folder.File("run");
        SceneFolder.Write(_folder.File("here/photos"), 8);
        SceneFolder.Write(_folder.File("there/photos"), 8);
        SceneFolder.Write(_folder.File("there/others"), 8);
        TrainingState Go(string data, string? valid = "scenes:4:64:5", int? limit = null) => TrainingSession.Run(
            new TrainingRequest { Run = RunFolder.At(run), Resume = true, Data = [_folder.File(data)], Valid = valid, Limit = limit },
                new Terminal(false), default);

        Trainings.Train(Trainings.Tiny, run, _folder.File("here/photos"), settings: "max_steps=1");
        Assert.Equal(1, Go("there/photos").Step);
        foreach (Action other in new Action[] { () => Go("there/others"), () => Go("here/photos", limit: 7), () =>
            Go("here/photos", valid: "scenes:4:64:6") })
        {
            Trainings.Fails<UsageException>("was started with", other);
        }

        // Another batch size in config.json is named as such.
        string config = Path.Combine(run, "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"batch_size\": 4", "\"batch_size\": 2", StringComparison.Ordinal));
        Trainings.Fails<FailedException>("batch_size", () => Go("here/photos"));
    }

    [Fact]
    public void An_incomplete_checkpoint_is_not_restored()
    {
        Trainings.Train(Trainings.Tiny, _folder.File("run"), settings: "epochs=1");
        string half = Path.Combine(_folder.File("run"), "checkpoint-000000999.tmp");
        Directory.CreateDirectory(half);
        File.WriteAllText(Path.Combine(half, "state.json"),
            """{ "step": 999, "steps_per_epoch": 3, "best_step": 0, "since_best": 0, "seconds": 0 }""");
        TrainingState state = Trainings.Train(Trainings.Tiny, _folder.File("run"), resume: true, settings: "epochs=1");
        Assert.Equal(3, state.Step);
    }

    [Fact]
    public void A_run_is_neither_restarted_by_accident_nor_resumed_with_other_settings()
    {
        string run = _folder.File("run");
        Trainings.Train(Trainings.Tiny, run, settings: "max_steps=1");
        Trainings.Fails<UsageException>("--resume", () => Trainings.Train(Trainings.Tiny, run, settings: "max_steps=1"));
        Trainings.Fails<UsageException>("differ", () => Trainings.Train(Trainings.Tiny, run, resume: true, settings: "max_steps=2"));
    }

    [Fact]
    public void Two_processes_cannot_train_in_one_folder()
    {
        string run = _folder.File("run");
        using (RunFolder.At(run).Lock())
        {
            Trainings.Fails<FailedException>("Another process", () => Trainings.Train(Trainings.Tiny, run, settings: "max_steps=1"));
        }

        Assert.NotNull(Trainings.Train(Trainings.Tiny, run, settings: "max_steps=1").Ended);
    }

    [Fact]
    public void A_network_with_captions_starts_from_the_weights_of_one_without()
    {
        const string Plain = """
            { "name": "plain", "description": "For tests.", "network": { "encoder_decoder": { "width": 4, "depth": 1 } },
              "batch_size": 4, "epochs": 1, "precision": "float32" }
            """;
        string run = _folder.File("run");
        Trainings.Train(Plain, run, settings: "max_steps=2");
        TrainingConfig config = Trainings.Parse(Plain, "network.encoder_decoder.caption.layer=bottleneck", "caption.words=10");
        using FillNetwork network = config.CreateNetwork(10), other = Trainings.Parse(Plain).CreateNetwork(0);
        FirstWeights.Load(network, run);
        FirstWeights.Load(other, run);
        network.eval();
        other.eval();

        // With a factor near one and a shift near zero, an untrained caption layer changes little.
        using Tensor image = rand(2, 3, 64, 64), caption = zeros(2, 10);
        using Tensor expected = other.forward(image), found = network.forward(image, caption);
        Assert.True((expected - found).abs().max().item<float>() < 0.1f);
        Assert.Contains(network.named_parameters(), p => p.name.StartsWith(FillNetwork.FeedPrefix, StringComparison.Ordinal));
    }

    [Fact]
    public void Initial_weights_come_from_a_run_or_from_its_graph()
    {
        string run = _folder.File("run");
        Trainings.Train(Trainings.Tiny, run);
        TrainingConfig config = RunFolder.At(run).Config();
        using FillNetwork trained = config.CreateNetwork(0), fromRun = config.CreateNetwork(0), fromGraph = config.CreateNetwork(0);
        ModuleWeights.Load(trained, RunFolder.At(run).BestWeights());
        FirstWeights.Load(fromRun, run);
        trained.eval();

        var exported = RunExport.Make(new ExportRequest(RunFolder.At(run), null, false, null), new Terminal(false), default);
        string graph = _folder.File("graph");
        Directory.CreateDirectory(graph);
        File.WriteAllBytes(Path.Combine(graph, "model.onnx"), exported.Model);
        File.WriteAllBytes(Path.Combine(graph, "model.json"), exported.Manifest.ToJson());
        FirstWeights.Load(fromGraph, graph);
        foreach (FillNetwork loaded in new[] { fromRun, fromGraph })
        {
            foreach (((string name, TorchSharp.Modules.Parameter expected),
                (_, TorchSharp.Modules.Parameter found)) in trained.named_parameters().Zip(loaded.named_parameters()))
            {
                Assert.True(expected.data<float>().ToArray().AsSpan().SequenceEqual(found.data<float>().ToArray()), name);
            }
        }

        // A checkpoint other than the best is named, also in the recorded command.
        string checkpoint = Directory.GetDirectories(run, "checkpoint-*").Order(StringComparer.Ordinal).First();
        using FillNetwork fromCheckpoint = config.CreateNetwork(0);
        FirstWeights.Load(fromCheckpoint, checkpoint);
        foreach ((string name, TorchSharp.torch.Tensor expected) in TensorFile.Read(Path.Combine(checkpoint, "average.safetensors")))
        {
            Assert.Equal(expected.to(TorchSharp.torch.ScalarType.Float32).data<float>().ToArray(),
                fromCheckpoint.state_dict()[name].to(TorchSharp.torch.ScalarType.Float32).data<float>().ToArray());
        }

        string command = CommandText
            .Of(new TrainingRequest { Config = "tiny", Settings = [], Data = ["scenes:4:64:1"], Test = null,
                Run = RunFolder.At(_folder.File("next")), Init = checkpoint }, config);
        Assert.Contains($"--init run/{Path.GetFileName(checkpoint)} ", command, StringComparison.Ordinal);
        Assert.Contains($"; run/{Path.GetFileName(checkpoint)}: dotnet run ", command, StringComparison.Ordinal);

        using FillNetwork other = (config with { Network = new NetworkConfig { Unet = new UNetConfig { Widths = [12, 8], Middle = 1 } } })
            .CreateNetwork(0);
        Trainings.Fails<FailedException>("[8, 16, 3, 3]", () => FirstWeights.Load(other, run));
        Trainings.Fails<FailedException>("neither a run, a checkpoint nor a graph",
            () => FirstWeights.Load(other, _folder.File("nothing")));
    }

    [Fact]
    public void The_averaged_weights_match_a_calculation_by_hand()
    {
        TrainingConfig config = Trainings.Parse(Trainings.Tiny);
        using FillNetwork source = config.CreateNetwork(0), second = config.CreateNetwork(0);
        using var average = new WeightAverage(source, second, decay: 0.5);
        TorchSharp.Modules.Parameter weight = source.get_parameter("last.bias")!;
        using (no_grad())
        {
            weight.fill_(1);
        }

        // Decay is (1 + step) / (10 + step), at most 0.5: at step 0 it is 0.1, at step 98 it is 0.5.
        average.Update(0);
        Assert.Equal(0.9f, second.get_parameter("last.bias")![0].item<float>(), 5);
        average.Update(98);
        Assert.Equal(0.95f, second.get_parameter("last.bias")![0].item<float>(), 5);
    }

    [Fact]
    public void A_non_finite_loss_ends_the_training_with_its_step_and_weight()
    {
        PhotoPool scenes = Trainings.Scenes(8);
        TrainingConfig config = Trainings.Parse(Trainings.Tiny);
        using var trainer = new Trainer(new TrainingJob(RunFolder.At(_folder.File("nan")), config, scenes, scenes, null, Trainings.Cpu),
            network =>
        {
            using IDisposable quiet = no_grad();
            network.get_parameter("last.bias")!.fill_(float.NaN);
        });
        Directory.CreateDirectory(_folder.File("nan"));
        string message = Assert.Throws<FailedException>(() => trainer.Run(_ => { }, default)).Message;
        Assert.StartsWith("Step 0: the loss is NaN and the weight last.bias", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Non_finite_fills_are_neither_chosen_nor_exported()
    {
        TrainingConfig config = Trainings.Parse("""
            { "name": "dense", "description": "b",
              "network": { "encoder_decoder": { "width": 4, "depth": 1, "dense": 8 } }, "precision": "float32" }
            """);
        PhotoPool scenes = Trainings.Scenes(2), one = Trainings.Scenes(1);
        Trainings.Fails<FailedException>("1 photo to learn from",
            () => _ = new Trainer(new TrainingJob(RunFolder.At(_folder.Path), config, one, scenes, null, Trainings.Cpu)));

        using FillNetwork network = config.CreateNetwork(0);
        network.eval();
        using (no_grad())
        {
            network.named_buffers().First(b => b.name.EndsWith(".running_var", StringComparison.Ordinal)).buffer.fill_(float.NaN);
        }

        Trainings.Fails<FailedException>("scene-00000000.png contains NaN",
            () => new Validator(scenes, null, config, Trainings.Cpu).Run(network));
        Trainings.Fails<FailedException>("cannot be exported", () => RunExport.Graph(network, config, null, float16: false));
    }

    public void Dispose() => _folder.Dispose();

    // Everything except the durations.
    private IEnumerable<string> Figures(string run) => new MetricsLog(RunFolder.At(_folder.File(run))).Lines.Select(l =>
        $"{l.Kind} {l.Step}: {string.Join(", ", l.Values.Where(v => v.Key is not ("photos_per_second" or "seconds")))}");
}
