using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tracing;

/// <summary>
/// Inputs with unusual values: forward may take another path for them, or make other constants, which a recording with usual values
/// does not show.
/// </summary>
internal static class StressedInputs
{
    private static readonly (string What, Func<Tensor, Tensor> Change)[] Changes =
    [
        ("255 times as large", x => x * 255),
        ("30 times as large", x => x * 30),
        ("10 times as large", x => x * 10),
        ("3 times as large", x => x * 3),
        ("a tenth as large", x => x * 0.1),
        ("larger by 5", x => x + 5),
        ("negative", x => x.abs().neg()),
        ("zero", x => zeros_like(x)),
        ("one", x => ones_like(x)),
        ("a million times as large", x => x * 1e6),
        ("a thousandth as large", x => x * 1e-3),
        ("equal in all rows", x => x.dim() > 0 && x.shape[0] > 1 ? x.narrow(0, 0, 1).expand_as(x).contiguous() : x),
    ];

    private static readonly (string What, Func<Tensor, Tensor> Change)[] InfiniteChanges =
    [
        ("partly NaN", x => WithFirst(x, double.NaN)),
        ("partly infinite", x => WithFirst(x, double.PositiveInfinity)),
    ];

    /// <summary>Changes the floating-point inputs, all in the same way.</summary>
    /// <param name="inputs">Usual inputs.</param>
    /// <param name="finite">Whether to omit NaN and infinities.</param>
    /// <returns>Each change with its description; none if there are no floating-point inputs.</returns>
    public static IEnumerable<(string What, IReadOnlyList<Tensor> Inputs)> Of(IReadOnlyList<Tensor> inputs, bool finite)
    {
        if (!inputs.Any(IsChanged))
        {
            yield break;
        }

        foreach ((string what, Func<Tensor, Tensor> change) in finite ? Changes : [.. Changes, .. InfiniteChanges])
        {
            yield return (what, [.. inputs.Select(x => IsChanged(x) ? change(x).to(x.dtype) : x.clone())]);
        }
    }

    private static bool IsChanged(Tensor input) => input.is_floating_point() && input.numel() > 0;

    private static Tensor WithFirst(Tensor input, double value)
    {
        Tensor flat = input.flatten().clone();
        flat[0] = value;
        return flat.reshape(input.shape);
    }
}
