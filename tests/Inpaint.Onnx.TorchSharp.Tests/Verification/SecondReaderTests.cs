using Google.Protobuf;
using Inpaint.Scenes;
using Inpaint.TestSupport;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using Inpaint.Onnx.Proto;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>
/// Exported graphs have the same results in an independent implementation, OpenCV's dnn module, as in ONNX Runtime.
/// OpenCV 4.6, which Debian 12 has, reads a dynamic batch as one picture, and it knows few operators besides those of networks:
/// it rejects Gather with several indices (unet, sharp, ian, membrane), float16 (cnn-dense), the product of a map with one number per
/// channel (cnn-captions), Max and Min with a number (all included graphs), Clip and Squeeze with their settings as inputs (MobileNet,
/// DCGAN) and LayerNormalization (ConvNeXt, NAFNet); it reads, and then cannot run, the sum of three channels and one.
/// </summary>
public sealed class SecondReaderTests(ITestOutputHelper output)
{
    private const int Scenes = 4, Size = 64;

    /// <summary>Of the largest value: two programs add the terms of a convolution in different orders.</summary>
    private const double Tolerance = 1e-4;

    /// <summary>
    /// ONNX Runtime runs the included file; OpenCV runs the same network with its first constant expanded and its last clamping done here.
    /// </summary>
    [Theory]
    [InlineData("cnn")]
    [InlineData("gan")]
    public void An_included_graph_gives_the_same_values_in_OpenCV(string name)
    {
        string version = OpenCv.Version();
        byte[] shipped = File.ReadAllBytes(Path.Combine(Places.Repository, "onnx", name, "model.onnx"));
        float[] pictures = Pictures();
        for (int i = 0; i < pictures.Length; i++)
        {
            pictures[i] = i / 64 % 64 is >= 16 and < 48 && i % 64 is >= 16 and < 48 ? 0 : pictures[i]; // the hole in its manifest
        }

        float[] expected = OnnxRuntime(shipped, pictures);
        float[] found = [.. OpenCv.Run(ForOpenCv(shipped), pictures, Scenes, 3, Size, Size).Select(v => Math.Clamp(v, 0, 1))];
        Assert.Equal(Scenes * 3 * 32 * 32, found.Length);
        Assert.True(expected.Max() - expected.Min() > 0.3, "The fills are one colour; expected pictures.");
        Compare($"{name}, OpenCV {version}", expected, found);
    }

    /// <summary>Unmodified exports, with a dynamic batch.</summary>
    [Theory]
    [InlineData("U-Net")]
    [InlineData("ResNet-18")]
    [InlineData("EfficientNet-B0")]
    public void An_exported_network_gives_the_same_values_in_OpenCV(string name)
    {
        string version = OpenCv.Version();
        using DisposeScope scope = NewDisposeScope();
        NetworkCase network = NetworkCase.Of(name);
        using nn.Module module = network.Make().Seeded();
        (byte[] model, _) = OnnxExporter.ToBytes(module, network.MakeInputs(1, 100));
        float[] pictures = Pictures();
        Compare($"{name}, OpenCV {version}", OnnxRuntime(model, pictures), OpenCv.Run(model, pictures, Scenes, 3, Size, Size));
    }

    private void Compare(string what, float[] expected, float[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        double largest = expected.Max(Math.Abs), difference = expected.Zip(found, (a, b) => Math.Abs((double)a - b)).Max();
        output.WriteLine($"{what}: {expected.Length} numbers up to {largest:0.###}, the largest difference {difference:0.0e+0}");
        Assert.True(difference <= Tolerance * largest,
            $"{what}: found a difference of {difference} from ONNX Runtime; expected at most {Tolerance} of {largest}.");
    }

    private static float[] OnnxRuntime(byte[] model, float[] pictures)
    {
        using var session = new InferenceSession(model);
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(pictures, [Scenes, 3, Size, Size]);
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> found = session.Run(options, session.InputNames, [input], session.OutputNames);
        return found[0].GetTensorDataAsSpan<float>().ToArray();
    }

    /// <summary>Drawn scenes, planes of red, green and blue from 0 to 1.</summary>
    private static float[] Pictures() => [.. Enumerable.Range(0, Scenes).Select(i => SceneGenerator.Draw(i, Size).Photo).SelectMany(p =>
        Enumerable.Range(0, 3 * Size * Size).Select(k => p.Pixels[(4 * (k % (Size * Size))) + (k / (Size * Size))] / 255f))];

    private static byte[] ForOpenCv(byte[] shipped)
    {
        ModelProto model = OnnxModel.Read(shipped).Proto;
        GraphProto graph = model.Graph;

        // fill = Min(Max(last, 0), 1)
        NodeProto min = graph.Node[^1], max = graph.Node[^2], last = graph.Node.Single(n => n.Output[0] == max.Input[0]);
        Assert.Equal((("Max", "Min"), 0f, 1f), ((max.OpType, min.OpType), Value(graph, max.Input[1]), Value(graph, min.Input[1])));
        (string name, last.Output[0]) = (last.Output[0], min.Output[0]);
        Assert.DoesNotContain(graph.Node.SkipLast(2), n => n.Input.Contains(name));
        graph.Node.Remove(min);
        graph.Node.Remove(max);

        // What is added to the three channels of the picture has one.
        TensorProto constant = graph.Initializer.Single(i => i.Name == graph.Node.First(n => n.OpType == "Add").Input[1]);
        Assert.Equal([1, 1, 64, 64], constant.Dims);
        byte[] plane = constant.RawData.ToByteArray();
        constant.Dims[1] = 3;
        constant.RawData = ByteString.CopyFrom([.. plane, .. plane, .. plane]);
        return model.ToByteArray();
    }

    private static float Value(GraphProto graph, string constant) =>
        BitConverter.ToSingle(graph.Initializer.Single(i => i.Name == constant).RawData.Span);
}
