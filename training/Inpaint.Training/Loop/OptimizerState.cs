using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Training;

/// <summary>AdamW's moments and step count as tensors.</summary>
internal static class OptimizerState
{
    /// <summary>The state by names such as <c>3.exp_avg</c>; a parameter that never had a gradient has none.</summary>
    public static IEnumerable<(string, Tensor)> Tensors(AdamW optimizer)
    {
        List<TorchSharp.Modules.OptimizerState> states = optimizer.state_dict().State;
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

    /// <summary>Puts the state back.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="tensors">The state; disposed.</param>
    /// <param name="from">What error messages call it.</param>
    /// <exception cref="FailedException">A moment is missing or has another shape.</exception>
    public static void Restore(AdamW optimizer, IReadOnlyDictionary<string, Tensor> tensors, string from)
    {
        using IDisposable quiet = no_grad();
        List<TorchSharp.Modules.OptimizerState> states = optimizer.state_dict().State;
        for (int i = 0; i < states.Count; i++)
        {
            if (states[i] is AdamW.State state && tensors.TryGetValue($"{i}.step", out Tensor? step))
            {
                state.step = step.item<long>();
                Copy(tensors, $"{i}.exp_avg", state.exp_avg, from);
                Copy(tensors, $"{i}.exp_avg_sq", state.exp_avg_sq, from);
            }
        }

        foreach (Tensor read in tensors.Values)
        {
            read.Dispose();
        }
    }
    private static void Copy(IReadOnlyDictionary<string, Tensor> tensors, string name, Tensor moment, string from)
    {
        if (!tensors.TryGetValue(name, out Tensor? value) || !value.shape.SequenceEqual(moment.shape))
        {
            throw new FailedException($"{from}: {name} is {(value is null ? "missing" : $"[{string.Join(", ", value.shape)}]")}; expected [{string.Join(", ", moment.shape)}].");
        }

        moment.copy_(value);
    }
}
