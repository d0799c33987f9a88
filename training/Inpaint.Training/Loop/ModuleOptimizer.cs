using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Training.Loop;

/// <summary>A module with its AdamW optimizer: backward, clip, update, and an error as soon as a value is not finite.</summary>
internal sealed class ModuleOptimizer : IDisposable
{
    private readonly Parameter[] _parameters;
    private readonly AdamW _optimizer;
    private readonly double _rate, _clip;

    public ModuleOptimizer(nn.Module module, OptimizerConfig config, double learningRate)
    {
        Module = module;
        _parameters = [.. module.parameters()];
        (_rate, _clip) = (learningRate, config.ClipNorm);
        _optimizer = optim.AdamW(_parameters, learningRate, config.Beta1, config.Beta2, weight_decay: config.WeightDecay);
    }

    public nn.Module Module { get; }

    public void ZeroGradients() => _optimizer.zero_grad();

    /// <summary>Backward, clip and update.</summary>
    /// <param name="loss">A scalar.</param>
    /// <param name="rate">Factor on the learning rate.</param>
    /// <returns>The gradient's norm before clipping.</returns>
    /// <exception cref="NotFiniteNumberException">The loss or a gradient is not finite; nothing was updated.</exception>
    public double Step(Tensor loss, double rate)
    {
        double value = loss.item<float>();
        if (!double.IsFinite(value))
        {
            throw new NotFiniteNumberException($"the loss is {value}{FirstNonFinite(" and the weight ", gradients: false)}");
        }

        loss.backward();
        double norm = nn.utils.clip_grad_norm_(_parameters, _clip > 0 ? _clip : float.MaxValue);
        if (!double.IsFinite(norm))
        {
            throw new NotFiniteNumberException($"the gradient's norm is "
                + $"{norm}{FirstNonFinite("; it is the gradient of ", gradients: true)}");
        }

        foreach (optim.ILearningRateController group in _optimizer.ParamGroups)
        {
            group.LearningRate = _rate * rate;
        }

        _optimizer.step();
        return norm;
    }

    /// <summary>
    /// The optimizer's moments and step counts by names such as <c>3.exp_avg</c>; a parameter that never had a gradient has none.
    /// </summary>
    public IEnumerable<(string, Tensor)> State()
    {
        List<OptimizerState> states = _optimizer.state_dict().State;
        for (int i = 0; i < states.Count; i++)
        {
            if (states[i] is AdamW.State { exp_avg: not null } state)
            {
                yield return ($"{i}.step", tensor([state.step], ScalarType.Int64));
                yield return ($"{i}.exp_avg", state.exp_avg);
                yield return ($"{i}.exp_avg_sq", state.exp_avg_sq);
            }
        }
    }

    /// <summary>Restores the optimizer's state from a file.</summary>
    /// <exception cref="FailedException">A moment is missing or has another shape.</exception>
    public void RestoreState(string file)
    {
        using IDisposable quiet = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> tensors = TensorFile.Read(file);
        List<OptimizerState> states = _optimizer.state_dict().State;
        for (int i = 0; i < states.Count; i++)
        {
            if (states[i] is AdamW.State state && tensors.TryGetValue($"{i}.step", out Tensor? step))
            {
                state.step = step.item<long>();
                Copy($"{i}.exp_avg", state.exp_avg);
                Copy($"{i}.exp_avg_sq", state.exp_avg_sq);
            }
        }

        void Copy(string name, Tensor moment)
        {
            if (!tensors.TryGetValue(name, out Tensor? value) || !value.shape.SequenceEqual(moment.shape))
            {
                string found = value is null ? "missing" : $"[{string.Join(", ", value.shape)}]";
                throw new FailedException($"{file}: {name} is {found}; expected [{string.Join(", ", moment.shape)}].");
            }

            moment.copy_(value);
        }
    }

    public void Dispose() => _optimizer.Dispose();

    private string FirstNonFinite(string words, bool gradients)
    {
        foreach ((string name, Parameter parameter) in Module.named_parameters())
        {
            Tensor? values = gradients ? parameter.grad : parameter;
            if (values is not null && !values.isfinite().all().item<bool>())
            {
                return $"{words}{name}";
            }
        }

        return "";
    }
}
