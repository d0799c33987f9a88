using Inpaint.Onnx.TorchSharp;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Benchmarks;

/// <summary>The part of an export that is measured.</summary>
internal enum ExportStage
{
    /// <summary>The module runs once and nothing is exported: the baseline of time and memory.</summary>
    Forward,

    /// <summary>The graph is created but not verified.</summary>
    Unverified,

    /// <summary>The graph is created and compared with the module in ONNX Runtime, the default.</summary>
    Verified,
}

/// <summary>Exports a network into memory, once per row.</summary>
internal sealed class NetworkExport : IContender
{
    private readonly nn.Module<Tensor, Tensor> _network;
    private readonly Tensor _picture;
    private readonly ExportStage _stage;

    /// <param name="folder">A folder named after the network.</param>
    /// <param name="stage">The part to measure.</param>
    public NetworkExport(string folder, ExportStage stage)
    {
        set_num_threads(Environment.ProcessorCount);
        var network = BenchmarkNetwork.Named(Path.GetFileName(folder));
        _network = network.Create();
        _picture = network.Pictures(1);
        _stage = stage;
    }

    public int Run(IEnumerable<string> paths)
    {
        int done = 0;
        foreach (string _ in paths)
        {
            if (_stage == ExportStage.Forward)
            {
                using IDisposable quiet = no_grad();
                using DisposeScope scope = NewDisposeScope();
                _network.call(_picture);
            }
            else
            {
                OnnxExporter.ToBytes(_network, [_picture], new OnnxExportOptions { Verify = _stage == ExportStage.Verified });
            }

            done++;
        }

        return done;
    }

    public void Dispose()
    {
        _picture.Dispose();
        _network.Dispose();
    }
}
