using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Training;

/// <summary>A module with its optimizer: backward, clip, update, and a stop where numbers are no longer numbers.</summary>
internal sealed class Learner : IDisposable
{
    private readonly nn.Module _module;
    private readonly Parameter[] _parameters;
    private readonly double _rate, _clip;

    public Learner(nn.Module module, OptimizerConfig config, double learningRate)
    {
        _module = module;
        _parameters = [.. module.parameters()];
        (_rate, _clip) = (learningRate, config.ClipNorm);
        Optimizer = optim.AdamW(_parameters, learningRate, config.Beta1, config.Beta2, weight_decay: config.WeightDecay);
    }

    /// <summary>The optimizer, for checkpoints.</summary>
    public AdamW Optimizer { get; }

    /// <summary>Forgets the gradients.</summary>
    public void Clear() => Optimizer.zero_grad();

    /// <summary>Backward, clip and update.</summary>
    /// <param name="loss">A scalar.</param>
    /// <param name="rate">Factor on the learning rate.</param>
    /// <returns>The gradient's norm before clipping.</returns>
    /// <exception cref="NotFiniteNumberException">The loss or a gradient is not finite; nothing was updated.</exception>
    public double Learn(Tensor loss, double rate)
    {
        double value = loss.item<float>();
        if (!double.IsFinite(value))
        {
            throw new NotFiniteNumberException($"the loss is {value}{FirstBad(" and the weight ", gradients: false)}");
        }

        loss.backward();
        double norm = nn.utils.clip_grad_norm_(_parameters, _clip > 0 ? _clip : float.MaxValue);
        if (!double.IsFinite(norm))
        {
            throw new NotFiniteNumberException($"the gradient's norm is {norm}{FirstBad("; it is the gradient of ", gradients: true)}");
        }

        foreach (optim.ILearningRateController group in Optimizer.ParamGroups)
        {
            group.LearningRate = _rate * rate;
        }

        Optimizer.step();
        return norm;
    }

    public void Dispose() => Optimizer.Dispose();

    private string FirstBad(string words, bool gradients)
    {
        foreach ((string name, Parameter parameter) in _module.named_parameters())
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
