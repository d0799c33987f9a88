using Inpaint.Captions;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training.Tests.Networks;

/// <summary>Every configuration that comes with the program: it trains, and its graph gives the network's values.</summary>
public sealed class ConfigurationTests
{
    public static TheoryData<string> All => [.. ConfigFile.Shipped().Select(f => Path.GetFileNameWithoutExtension(f)!)];

    [Theory, MemberData(nameof(All))]
    public void Two_steps_then_the_graph_equals_the_network(string name)
    {
        TrainingConfig config = Trainings.Shipped(name, "batch_size=2", "precision=float32", "optimizer.learning_rate=0.0005");
        config = config with { Adversarial = config.Adversarial is { } game ? game with { HeadStart = 0 } : null };
        PhotoPool scenes = Trainings.Scenes(4);
        Vocabulary? vocabulary = Trainings.VocabularyOf(config, scenes);
        using FillNetwork network = NetworkFactory.Create(config, vocabulary?.Count ?? 0);
        using FillNetwork untrained = NetworkFactory.Create(config, vocabulary?.Count ?? 0);
        Trainings.Cpu.Place(network);
        using (var steps = new MeasuredSteps(config, scenes, vocabulary, Trainings.Cpu, network))
        {
            Assert.True(double.IsFinite(steps.Step()["loss"]));
            Assert.True(double.IsFinite(steps.Step()["loss"]));
        }

        network.eval();
        untrained.eval();
        AssertLearned(untrained, network);
        Assert.Equal(config.Name, name);
        byte[] model = RunExport.Graph(network, config, vocabulary, float16: false).Model;
        AssertGraphEquals(model, network, scenes, vocabulary);
    }

    private static void AssertLearned(FillNetwork before, FillNetwork after)
    {
        foreach (((string name, TorchSharp.Modules.Parameter old), (_, TorchSharp.Modules.Parameter now)) in before.named_parameters().Zip(after.named_parameters()))
        {
            Assert.False(old.allclose(now, rtol: 0, atol: 0), $"{name} is as it was before two steps.");
        }
    }

    private static void AssertGraphEquals(byte[] model, FillNetwork network, PhotoPool scenes, Vocabulary? vocabulary)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        using var session = new InferenceSession(model);
        foreach (int count in new[] { 1, 3 })
        {
            float[] values = new float[count * 64 * 64 * 3], words = new float[count * (vocabulary?.Count ?? 0)];
            WordTable? table = vocabulary is null ? null : new WordTable(scenes, new CaptionEncoder(vocabulary));
            for (int i = 0; i < count; i++)
            {
                Augmentation.Plain(scenes.Pixels(i), values.AsSpan(i * 64 * 64 * 3, 64 * 64 * 3));
                table?.Write(i, words.AsSpan(i * table.Size, table.Size));
            }

            DeviceBatch batch = Batches.ToDevice(new PhotoBatch(values, words, count), new TrainingConfig { Name = "x", Description = "x", Network = new NetworkConfig() }, Trainings.Cpu, vocabulary?.Count ?? 0);
            float[] expected = network.forward(batch.Image, batch.Caption).contiguous().data<float>().ToArray();
            var inputs = new List<NamedOnnxValue>
            {
                NamedOnnxValue.CreateFromTensor("image", new DenseTensor<float>(batch.Image.contiguous().data<float>().ToArray(), [count, 3, 64, 64])),
            };
            if (vocabulary is not null)
            {
                inputs.Add(NamedOnnxValue.CreateFromTensor("caption", new DenseTensor<float>(words, [count, vocabulary.Count])));
            }

            using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> outputs = session.Run(inputs);
            float[] found = outputs.Single(o => o.Name == "fill").AsTensor<float>().ToArray();
            Assert.Equal(count * 3 * 32 * 32, found.Length);
            Assert.True(expected.Zip(found).Max(p => Math.Abs(p.First - p.Second)) < 1e-5);
            Assert.All(found, v => Assert.InRange(v, 0, 1));
        }
    }
}
