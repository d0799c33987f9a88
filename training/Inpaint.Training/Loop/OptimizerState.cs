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
    public static void Restore(AdamW optimizer, IReadOnlyDictionary<string, Tensor> tensors)
    {
        using IDisposable quiet = no_grad();
        List<TorchSharp.Modules.OptimizerState> states = optimizer.state_dict().State;
        for (int i = 0; i < states.Count; i++)
        {
            if (states[i] is AdamW.State state && tensors.TryGetValue($"{i}.step", out Tensor? step))
            {
                state.step = step.item<long>();
                state.exp_avg.copy_(tensors[$"{i}.exp_avg"]);
                state.exp_avg_sq.copy_(tensors[$"{i}.exp_avg_sq"]);
            }
        }

        foreach (Tensor read in tensors.Values)
        {
            read.Dispose();
        }
    }
}
