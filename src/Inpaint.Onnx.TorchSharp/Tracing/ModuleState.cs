using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tracing;

/// <summary>
/// Puts a module into evaluation mode, and restores its mode, weights and buffers, and the random state. One at a time
/// in a process: the random state is shared, and modules may be.
/// </summary>
internal sealed class ModuleState : IDisposable
{
    private static readonly Lock Gate = new();

    private readonly List<(nn.Module Module, bool Training)> _modes;
    private readonly List<(Tensor Own, Tensor Copy)> _values;
    private readonly Tensor _random;

    public ModuleState(nn.Module module)
    {
        Gate.Enter();
        try
        {
            _modes = [.. module.modules().Prepend(module).Select(m => (m, m.training))];
            using (no_grad())
            {
                _values = [.. module.parameters().Concat(module.buffers()).Where(v => v is not null && !v.IsInvalid)
                    .Select(v => (v, v.detach().clone().DetachFromDisposeScope()))];
            }

            _random = get_rng_state().DetachFromDisposeScope();
            module.eval();
        }
        catch
        {
            Gate.Exit();
            throw;
        }
    }

    public void Dispose()
    {
        try
        {
            PutBack();
        }
        finally
        {
            Gate.Exit();
        }
    }

    private void PutBack()
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
                // Rewriting unchanged values would invalidate pending gradients.
                if (!Same(own, copy))
                {
                    own.copy_(copy);
                }

                copy.Dispose();
            }
        }

        set_rng_state(_random);
        _random.Dispose();
    }

    /// <summary>Whether all values are equal; NaN equals NaN.</summary>
    private static bool Same(Tensor own, Tensor copy)
    {
        using DisposeScope scope = NewDisposeScope();
        return own.eq(copy).logical_or(own.isnan().logical_and(copy.isnan())).all().item<bool>();
    }
}
