using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Benchmarks;

/// <summary>A network in TorchSharp. The rows are ignored: each batch of random pictures counts as that many rows.</summary>
internal sealed partial class TorchInference : IContender
{
    private const int TrimThreshold = -1, MmapThreshold = -3;

    private readonly nn.Module<Tensor, Tensor> _network;
    private readonly Tensor _pictures;
    private readonly int _batch;

    /// <param name="folder">A folder named after the network.</param>
    /// <param name="batch">Batch size.</param>
    /// <param name="tuned">
    /// Whether pictures and weights are channels-last, threads sleep instead of spinning, and the C library keeps freed memory.
    /// </param>
    public TorchInference(string folder, int batch, bool tuned)
    {
        if (tuned && OperatingSystem.IsLinux())
        {
            // Environment.SetEnvironmentVariable does not change the environment that libgomp reads.
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
        int rows = paths.Count(), done = 0;
        using IDisposable quiet = inference_mode();
        while (done < rows)
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

/// <summary>The network's graph in ONNX Runtime, with the same pictures and number of threads.</summary>
internal sealed class OnnxInference : IContender
{
    private readonly InferenceSession _session;
    private readonly OrtValue _pictures;
    private readonly RunOptions _options = new();

    /// <param name="folder">A folder named after the network, with model.onnx.</param>
    /// <param name="batch">Batch size.</param>
    /// <param name="spinning">Whether idle threads spin, ONNX Runtime's default.</param>
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
        int rows = paths.Count(), done = 0;
        while (done < rows)
        {
            using IDisposableReadOnlyCollection<OrtValue> results =
                _session.Run(_options, _session.InputNames, [_pictures], _session.OutputNames);
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
