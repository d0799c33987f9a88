using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>A network with the shapes of its inputs, without the batch axis.</summary>
internal sealed record NetworkCase(string Name, Func<nn.Module> Make, params long[][] Inputs)
{
    public static readonly NetworkCase[] All =
    [
        new("ResNet-18", ResNet.Of18, [3, 64, 64]),
        new("ResNet-50", ResNet.Of50, [3, 64, 64]),
        new("VGG-11 with batch norm", () => new Vgg(), [3, 64, 64]),
        new("MobileNet-v2", () => new MobileNet(), [3, 96, 96]),
        new("U-Net", () => new UNet(), [3, 64, 64]),
        new("gated inpainter", () => new GatedInpainter(), [3, 64, 64], [1, 64, 64]),
        new("LaMa's Fourier block", () => new FourierBlock(), [32, 24, 32]),
        new("DCGAN generator", () => new DcganGenerator(), [100]),
        new("DCGAN discriminator", () => new DcganDiscriminator(), [3, 64, 64]),
        new("ViT", () => new VisionTransformer(), [3, 64, 64]),
        new("VAE", () => new Vae(), [3, 64, 64]),
        new("IAN's dilated block", () => new MultiscaleDilatedBlock(), [48, 24, 24]),
        new("IAN's dilated block with scaled kernels", () => new MultiscaleDilatedBlock(scaleKernel: true), [48, 24, 24]),
        new("EfficientNet-B0", () => new EfficientNet(), [3, 64, 64]),
        new("ConvNeXt", () => new ConvNeXt(), [3, 64, 64]),
        new("Swin", () => new SwinTransformer(), [3, 64, 64]),
        new("DETR", () => new Detr(), [3, 64, 64]),
        new("encoder-decoder Transformer", () => new Translator(), [9], [7]) { Words = 50 },
        new("language model", () => new LanguageModel(), [11]) { Words = 60 },
        new("CRNN", () => new Crnn(), [1, 32, 100]),
        new("WaveNet", () => new WaveNet(), [1, 200]),
        new("3-D U-Net", () => new UNet3D(), [1, 8, 16, 12]),
        new("StyleGAN2 generator", () => new StyleGan2(), [64]),
        new("NAFNet", () => new NafNet(), [3, 32, 32]),
    ];

    public static NetworkCase Of(string name) => All.Single(c => c.Name == name);

    /// <summary>Inputs are numbers of words below this; 0 for floats.</summary>
    public long Words { get; init; }

    public Tensor[] MakeInputs(long batch, ulong seed) => [.. Inputs.Select((shape, i) => Words == 0
        ? SeededWeights.Input([batch, .. shape], seed + (ulong)i)
        : SeededWeights.Numbers([batch, .. shape], Words, seed + (ulong)i))];

    /// <summary>
    /// The largest difference between the outputs of graph and module, relative to the module's largest value, over all outputs.
    /// </summary>
    public static double RelativeDifference(InferenceSession session, nn.Module module, Tensor[] inputs)
    {
        using IDisposable quiet = no_grad();
        Tensor[] expected = Forward(module, inputs);
        string[] names = [.. session.InputMetadata.Keys];
        OrtValue[] values = [.. inputs.Select(i => i.dtype == ScalarType.Int64
            ? OrtValue.CreateTensorValueFromMemory(i.data<long>().ToArray(), i.shape)
            : OrtValue.CreateTensorValueFromMemory(i.data<float>().ToArray(), i.shape))];
        try
        {
            using var options = new RunOptions();
            using IDisposableReadOnlyCollection<OrtValue> found = session.Run(options, names, values, session.OutputNames);
            Assert.Equal(expected.Length, found.Count);
            return expected.Zip(found, RelativeDifference).Max();
        }
        finally
        {
            Array.ForEach(values, v => v.Dispose());
        }
    }

    private static double RelativeDifference(Tensor expected, OrtValue found)
    {
        Assert.Equal(expected.shape, found.GetTensorTypeAndShape().Shape);
        float[] a = expected.contiguous().data<float>().ToArray();
        ReadOnlySpan<float> b = found.GetTensorDataAsSpan<float>();
        double difference = 0, largest = 0;
        for (int i = 0; i < a.Length; i++)
        {
            Assert.True(float.IsFinite(a[i]) && float.IsFinite(b[i]), $"number {i} is {a[i]} and {b[i]}");
            difference = Math.Max(difference, Math.Abs((double)a[i] - b[i]));
            largest = Math.Max(largest, Math.Abs(a[i]));
        }

        return difference / largest;
    }

    private static Tensor[] Forward(nn.Module module, Tensor[] inputs) => module switch
    {
        nn.Module<Tensor, Tensor> one => [one.forward(inputs[0])],
        Vae vae when vae.forward(inputs[0]) is var (image, mean, spread) => [image, mean, spread],
        nn.Module<Tensor, Tensor, Tensor> two => [two.forward(inputs[0], inputs[1])],
        Detr detr when detr.forward(inputs[0]) is var (classes, boxes) => [classes, boxes],
        GatedInpainter gated => [gated.forward(inputs[0], inputs[1])],
        _ => throw new InvalidOperationException($"{module.GetType().Name} is called in an unknown way."),
    };
}
