using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>WaveNet (van den Oord et al. 2016): causal dilated convolutions with gates, residuals and skips.</summary>
internal sealed class WaveNet : nn.Module<Tensor, Tensor>
{
    private readonly Conv1d entry = nn.Conv1d(1, 16, 1), late = nn.Conv1d(32, 32, 1), scores = nn.Conv1d(32, 256, 1);
    private readonly ModuleList<Layer> layers = [];

    public WaveNet() : base(nameof(WaveNet))
    {
        for (int i = 0; i < 12; i++)
        {
            layers.Add(new Layer(1L << (i % 6)));
        }

        RegisterComponents();
    }

    public override Tensor forward(Tensor sound)
    {
        Tensor x = entry.forward(sound);
        Tensor? skips = null;
        foreach (Layer layer in layers)
        {
            (x, Tensor skip) = layer.forward(x);
            skips = skips is null ? skip : skips + skip;
        }

        return scores.forward(nn.functional.relu(late.forward(nn.functional.relu(skips!))));
    }

    private sealed class Layer : nn.Module<Tensor, (Tensor, Tensor)>
    {
        private readonly long _reach;
        private readonly Conv1d filter, gate, residual = nn.Conv1d(16, 16, 1), skip = nn.Conv1d(16, 32, 1);

        public Layer(long dilation) : base(nameof(Layer))
        {
            _reach = dilation;
            (filter, gate) = (nn.Conv1d(16, 16, 2, dilation: dilation), nn.Conv1d(16, 16, 2, dilation: dilation));
            RegisterComponents();
        }

        public override (Tensor, Tensor) forward(Tensor input)
        {
            Tensor before = nn.functional.pad(input, [_reach, 0]);
            Tensor x = filter.forward(before).tanh() * gate.forward(before).sigmoid();
            return (input + residual.forward(x), skip.forward(x));
        }
    }
}
