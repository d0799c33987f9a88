using Inpaint.CommandLine;
using Inpaint.TestSupport;
using Inpaint.Training.Configuration;
using Inpaint.Training.Export;
using Inpaint.Training.Loop;
using Inpaint.Training.Networks;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Inpaint.Training.Tests.Export;

/// <summary>A graph of several trainings.</summary>
public sealed class MeanExportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_graph_of_two_trainings_gives_the_mean_of_their_fills_and_the_first_ones_weights()
    {
        string first = _folder.File("first"), second = _folder.File("second");
        Trainings.Train(Trainings.Tiny, first, settings: "max_steps=2");
        Trainings.Train(Trainings.Tiny, second, settings: ["max_steps=2", "seed=2"]);
        ExportedRun exported = RunExport.Make(new ExportRequest(RunFolder.At(first), "scenes:6:64:6", false, null) { With = [second] },
            new Terminal(false), default);

        TrainingConfig config = RunFolder.At(first).Config();
        using DisposeScope scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        Tensor image = rand(2, 3, 64, 64), sum = zeros(2, 3, 32, 32);
        foreach (string run in new[] { first, second })
        {
            using FillNetwork network = config.CreateNetwork(0);
            ModuleWeights.Load(network, RunFolder.At(run).BestWeights());
            network.eval();
            sum += network.forward(image);
        }

        using var session = new InferenceSession(exported.Model);
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session
            .Run(new[] { NamedOnnxValue.CreateFromTensor("image", new DenseTensor<float>(image.data<float>().ToArray(), [2, 3, 64, 64])) });
        float[] expected = (sum / 2).data<float>().ToArray(), found = [.. results[0].AsTensor<float>()];
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        string command = exported.Manifest.Provenance!.Command!;
        Assert.Contains("seed=2", command, StringComparison.Ordinal);
        Assert.Contains("--with second", command, StringComparison.Ordinal);

        string graph = _folder.File("graph");
        Directory.CreateDirectory(graph);
        File.WriteAllBytes(Path.Combine(graph, "model.onnx"), exported.Model);
        File.WriteAllBytes(Path.Combine(graph, "model.json"), exported.Manifest.ToJson());
        using FillNetwork fromGraph = config.CreateNetwork(0), fromRun = config.CreateNetwork(0);
        FirstWeights.Load(fromGraph, graph);
        FirstWeights.Load(fromRun, first);
        Assert.All(fromRun.parameters().Zip(fromGraph.parameters()),
            pair => Assert.True(pair.First.allclose(pair.Second, rtol: 0, atol: 0)));
    }

    public void Dispose() => _folder.Dispose();
}
