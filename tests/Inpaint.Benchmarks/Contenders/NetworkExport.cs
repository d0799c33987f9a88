using Inpaint.Onnx.TorchSharp;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Benchmarks;

/// <summary>How far an export goes.</summary>
internal enum ExportExtent
{
    /// <summary>The module runs once and nothing is exported: what time and memory start from.</summary>
    Forward,

    /// <summary>The graph is made and not compared.</summary>
    Unverified,

    /// <summary>The graph is made and compared with the module in ONNX Runtime, as is the default.</summary>
    Verified,
}

/// <summary>A row is an export into memory.</summary>
internal sealed class NetworkExport : IContender
{
    private readonly nn.Module<Tensor, Tensor> _network;
    private readonly Tensor _picture;
    private readonly ExportExtent _extent;

    /// <param name="folder">A folder that bears the network's name.</param>
    /// <param name="extent">How far it goes.</param>
    public NetworkExport(string folder, ExportExtent extent)
    {
        set_num_threads(Environment.ProcessorCount);
        var network = BenchmarkNetwork.Named(Path.GetFileName(folder));
        _network = network.Create();
        _picture = network.Pictures(1);
        _extent = extent;
    }

    public int Run(IEnumerable<string> paths)
    {
        int done = 0;
        foreach (string _ in paths)
        {
            if (_extent == ExportExtent.Forward)
            {
                using IDisposable quiet = no_grad();
                using DisposeScope scope = NewDisposeScope();
                _network.call(_picture);
            }
            else
            {
                OnnxExporter.ToBytes(_network, [_picture], new OnnxExportOptions { Verify = _extent == ExportExtent.Verified });
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
