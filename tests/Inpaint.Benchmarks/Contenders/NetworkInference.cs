using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Benchmarks;

/// <summary>A network in TorchSharp; what a row is does not matter, a batch of random pictures stands for as many.</summary>
internal sealed partial class TorchInference : IContender
{
    private const int TrimThreshold = -1, MmapThreshold = -3;

    private readonly nn.Module<Tensor, Tensor> _network;
    private readonly Tensor _pictures;
    private readonly int _batch;

    /// <param name="folder">A folder that bears the network's name.</param>
    /// <param name="batch">Pictures at once.</param>
    /// <param name="tuned">Whether pictures and weights have their channels last, threads sleep while they wait, and the C library keeps the memory that it is given back.</param>
    public TorchInference(string folder, int batch, bool tuned)
    {
        if (tuned && OperatingSystem.IsLinux())
        {
            // .NET's own environment is not the one that libgomp reads.
            _ = SetEnvironment("OMP_WAIT_POLICY", "passive", overwrite: 1);
            _ = KeepMemory(MmapThreshold, 1 << 30);
            _ = KeepMemory(TrimThreshold, int.MaxValue);
        }

        set_num_threads(Environment.ProcessorCount);
        var network = BenchmarkNetwork.Named(Path.GetFileName(folder));
        _network = network.Create();
        _pictures = network.Pictures(batch);
        _batch = batch;
        if (tuned)
        {
            using IDisposable quiet = no_grad();
            _pictures = ChannelsLast(_pictures);
            foreach (var weight in _network.parameters().Where(p => p.dim() == 4))
            {
                weight.set_(ChannelsLast(weight));
            }
        }
    }

    public int Run(IEnumerable<string> paths)
    {
        int asked = paths.Count(), done = 0;
        using IDisposable quiet = inference_mode();
        while (done < asked)
        {
            using DisposeScope scope = NewDisposeScope();
            done += (int)_network.call(_pictures).shape[0];
        }

        return done;
    }

    public void Dispose()
    {
        _pictures.Dispose();
        _network.Dispose();
    }

    private static Tensor ChannelsLast(Tensor x) => x.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int KeepMemory(int parameter, int value);
}

/// <summary>The network's graph in ONNX Runtime, on the same pictures with as many threads.</summary>
internal sealed class OnnxInference : IContender
{
    private readonly InferenceSession _session;
    private readonly OrtValue _pictures;
    private readonly RunOptions _options = new();

    /// <param name="folder">The folder with model.onnx that bears the network's name.</param>
    /// <param name="batch">Pictures at once.</param>
    /// <param name="spinning">Whether threads wait by spinning, as is ONNX Runtime's way.</param>
    public OnnxInference(string folder, int batch, bool spinning)
    {
        using var options = new SessionOptions { IntraOpNumThreads = Environment.ProcessorCount };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", spinning ? "1" : "0");
        _session = new InferenceSession(Path.Combine(folder, "model.onnx"), options);
        using Tensor pictures = BenchmarkNetwork.Named(Path.GetFileName(folder)).Pictures(batch);
        _pictures = OrtValue.CreateTensorValueFromMemory(pictures.data<float>().ToArray(), pictures.shape);
    }

    public int Run(IEnumerable<string> paths)
    {
        int asked = paths.Count(), done = 0;
        while (done < asked)
        {
            using IDisposableReadOnlyCollection<OrtValue> results = _session.Run(_options, _session.InputNames, [_pictures], _session.OutputNames);
            done += (int)results[0].GetTensorTypeAndShape().Shape[0];
        }

        return done;
    }

    public void Dispose()
    {
        _options.Dispose();
        _pictures.Dispose();
        _session.Dispose();
    }
}
