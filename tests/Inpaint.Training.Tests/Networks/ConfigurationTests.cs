using Inpaint.Training.Configuration;
using Inpaint.Training.Data;
using Inpaint.Training.Export;
using Inpaint.Training.Loop;
using Inpaint.Training.Networks;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training.Tests.Networks;

/// <summary>Every configuration that comes with the program: it trains, and its graph gives the network's values.</summary>
public sealed class ConfigurationTests
{
    public static TheoryData<string> All => [.. ConfigFile.BuiltIn().Select(f => Path.GetFileNameWithoutExtension(f)!)];

    [Theory, MemberData(nameof(All))]
    public void Two_steps_then_the_graph_equals_the_network(string name)
    {
        TrainingConfig config = Trainings.Shipped(name, "batch_size=2", "precision=float32", "optimizer.learning_rate=0.0005");
        config = config with { Adversarial = config.Adversarial is { } game ? game with { HeadStart = 0 } : null };
        PhotoPool scenes = Trainings.Scenes(4);
        Vocabulary? vocabulary = Trainings.VocabularyOf(config, scenes);
        using FillNetwork network = config.CreateNetwork(vocabulary?.Count ?? 0);
        using FillNetwork untrained = config.CreateNetwork(vocabulary?.Count ?? 0);
        Trainings.Cpu.Place(network);
        PhotoPool? large = PhotoPool.LoadLarge(["scenes:4:256"], config, null, null, null, default);
        using (var steps = new MeasuredSteps(config, scenes, vocabulary, Trainings.Cpu, network, large))
        {
            Assert.True(double.IsFinite(steps.Step()["loss"]));
            Assert.True(double.IsFinite(steps.Step()["loss"]));
        }

        network.eval();
        untrained.eval();
        AssertLearned(untrained, network);
        Assert.Equal(config.Name, name);
        byte[] model = RunExport.Graph(network, config, vocabulary, float16: false).Model;
        if (config.Masks is null)
        {
            AssertGraphEquals(model, network, scenes, vocabulary);
        }
        else
        {
            AssertCompletesAnySize(model, network);
        }
    }

    private static void AssertLearned(FillNetwork before, FillNetwork after)
    {
        foreach (((string name, TorchSharp.Modules.Parameter old),
            (_, TorchSharp.Modules.Parameter now)) in before.named_parameters().Zip(after.named_parameters()))
        {
            Assert.False(old.allclose(now, rtol: 0, atol: 0), $"{name} did not change in two steps.");
        }
    }

    private static void AssertCompletesAnySize(byte[] model, FillNetwork network)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        using var session = new InferenceSession(model);
        foreach ((int count, int width, int height) in new[] { (1, 64, 64), (2, 96, 32), (1, 128, 160) })
        {
            torch.Tensor mask = (rand(count, 1, height / 8, width / 8) < 0.4).to(torch.ScalarType.Float32).repeat_interleave(8,
                2).repeat_interleave(8, 3);
            torch.Tensor image = rand(count, 3, height, width) * (1 - mask);
            float[] expected = network.forward(image, mask).contiguous().data<float>().ToArray();
            using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> outputs = session.Run(new[]
            {
                NamedOnnxValue.CreateFromTensor("image",
                    new DenseTensor<float>(image.contiguous().data<float>().ToArray(), [count, 3, height, width])),
                NamedOnnxValue.CreateFromTensor("mask",
                    new DenseTensor<float>(mask.contiguous().data<float>().ToArray(), [count, 1, height, width])),
            });
            float[] found = outputs.Single(o => o.Name == "output").AsTensor<float>().ToArray();
            Assert.Equal(expected.Length, found.Length);
            Assert.True(expected.Zip(found).Max(p => Math.Abs(p.First - p.Second)) < 1e-5);
            Assert.Equal((image * (1 - mask)).contiguous().data<float>().ToArray(),
                (tensor(found, image.shape) * (1 - mask)).contiguous().data<float>().ToArray());
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

            DeviceBatch batch = DeviceBatch.From(new PhotoBatch(values, words, count, 64), new PictureConfig(), Trainings.Cpu);
            float[] expected = network.forward(batch.Image, batch.Caption).contiguous().data<float>().ToArray();
            var inputs = new List<NamedOnnxValue>
            {
                NamedOnnxValue.CreateFromTensor("image",
                    new DenseTensor<float>(batch.Image.contiguous().data<float>().ToArray(), [count, 3, 64, 64])),
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
