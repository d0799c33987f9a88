using TorchSharp;
using static Inpaint.Onnx.TorchSharp.Tests.Samples;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Inpaint.Onnx.TorchSharp.Tests;

internal static class LossCases
{
    private static readonly Reduction[] Reductions = [Reduction.None, Reduction.Mean, Reduction.Sum];

    public static IEnumerable<OperatorCase> All =>
    [
        .. Each("mse_loss", (x, y, r) => mse_loss(x, y, r)),
        .. Each("l1_loss", (x, y, r) => l1_loss(x, y, r)),
        .. Each("smooth_l1_loss", (x, y, r) => smooth_l1_loss(x, y, r, 0.7)),
        .. Each("huber_loss", (x, y, r) => huber_loss(x, y, 2.5, r)),
        .. Each("binary_cross_entropy_with_logits", (x, y, r) => binary_cross_entropy_with_logits(x, y.sigmoid(), reduction: r)),
        OperatorCase.Of("binary_cross_entropy_with_logits weighted", "aten::binary_cross_entropy_with_logits", (x, y) =>
            binary_cross_entropy_with_logits(x, y.sigmoid(), tensor(0.5f), Reduction.Mean, tensor(3f)), Real(2, 5), Real(2, 5)),
        .. Each("binary_cross_entropy", (x, y, r) => binary_cross_entropy(x.sigmoid(), y.sigmoid(), reduction: r)),
        .. Each("kl_div", (x, y, r) => kl_div(x.log_softmax(1), y.softmax(1), false, r)),
        OperatorCase.Of("kl_div of logarithms", "aten::kl_div", (x, y) =>
            kl_div(x.log_softmax(1), y.log_softmax(1), true, Reduction.Sum), Real(2, 5), Real(2, 5)),
        .. Reductions.Select(r =>
        OperatorCase.Of($"cross_entropy_loss {r}", "aten::cross_entropy_loss", (x, y) =>
            cross_entropy(x, y, reduction: r), Real(3, 5), () => randint(0, 5, [3], int64))),
        OperatorCase.Of("cross_entropy_loss of pictures", "aten::cross_entropy_loss", (x, y) => cross_entropy(x, y), Real(2, 5, 3, 4), () =>
            randint(0, 5, [2, 3, 4], int64)) with { Dynamic = new() { ["x0"] = [0], ["x1"] = [0] } },
    ];

    private static IEnumerable<OperatorCase> Each(string name, Func<Tensor, Tensor, Reduction, Tensor> loss) =>
        Reductions.Select(r => OperatorCase.Of($"{name} {r}", $"aten::{name}", (x, y) => loss(x, y, r), Real(2, 5), Real(2, 5)));
}
