using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp;

/// <summary>Puts a module into evaluation mode, and puts it, its buffers and the random state back as they were.</summary>
internal sealed class ModuleState : IDisposable
{
    private readonly List<(nn.Module Module, bool Training)> _modes;
    private readonly List<(Tensor Buffer, Tensor Copy)> _buffers;
    private readonly Tensor _random;

    public ModuleState(nn.Module module)
    {
        _modes = [.. module.modules().Prepend(module).Select(m => (m, m.training))];
        using (no_grad())
        {
            _buffers = [.. module.buffers().Where(b => b is not null && !b.IsInvalid).Select(b => (b, b.detach().clone().DetachFromDisposeScope()))];
        }

        _random = get_rng_state().DetachFromDisposeScope();
        module.eval();
    }

    public void Dispose()
    {
        // Outer modules first: train() reaches down, and the inner ones' own modes come after.
        foreach ((nn.Module module, bool training) in _modes)
        {
            module.train(training);
        }

        using (no_grad())
        {
            foreach ((Tensor buffer, Tensor copy) in _buffers)
            {
                buffer.copy_(copy);
                copy.Dispose();
            }
        }

        set_rng_state(_random);
        _random.Dispose();
    }
}
