using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp;

/// <summary>Puts a module into evaluation mode, and puts it, its weights and buffers, and the random state back as they were.</summary>
internal sealed class ModuleState : IDisposable
{
    private readonly List<(nn.Module Module, bool Training)> _modes;
    private readonly List<(Tensor Own, Tensor Copy)> _values;
    private readonly Tensor _random;

    public ModuleState(nn.Module module)
    {
        _modes = [.. module.modules().Prepend(module).Select(m => (m, m.training))];
        using (no_grad())
        {
            _values = [.. module.parameters().Concat(module.buffers()).Where(v => v is not null && !v.IsInvalid).Select(v => (v, v.detach().clone().DetachFromDisposeScope()))];
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
            foreach ((Tensor own, Tensor copy) in _values)
            {
                // Writing what is there already would make gradients that wait for these values impossible.
                if (!own.eq(copy).all().item<bool>())
                {
                    own.copy_(copy);
                }

                copy.Dispose();
            }
        }

        set_rng_state(_random);
        _random.Dispose();
    }
}
