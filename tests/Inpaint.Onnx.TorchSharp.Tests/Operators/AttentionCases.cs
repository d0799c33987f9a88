using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Inpaint.Onnx.TorchSharp.Tests;

internal static class AttentionCases
{
    private const string Op = "aten::scaled_dot_product_attention";

    public static IEnumerable<OperatorCase> All =>
    [
        new("attention", [Op], x => [scaled_dot_product_attention(x[0], x[1], x[2])], () =>
            [randn(2, 2, 5, 4), randn(2, 2, 6, 4), randn(2, 2, 6, 3)]),
        new("attention without heads", [Op], x => [scaled_dot_product_attention(x[0], x[1], x[2])], () =>
            [randn(2, 5, 4), randn(2, 6, 4), randn(2, 6, 4)]),
        new("attention of dynamic lengths", [Op], x => [scaled_dot_product_attention(x[0], x[0], x[0])], () =>
            [randn(2, 2, 5, 4)]) { Dynamic = new() { ["x0"] = [0, 2] } },
        new("attention, causal", [Op], x => [scaled_dot_product_attention(x[0], x[1], x[2], is_casual: true)], () =>
            [randn(2, 2, 5, 4), randn(2, 2, 5, 4), randn(2, 2, 5, 4)]),
        new("attention, causal, of dynamic lengths", [Op], x => [scaled_dot_product_attention(x[0], x[0], x[0], is_casual: true)], () =>
            [randn(2, 2, 5, 4)]) { Dynamic = new() { ["x0"] = [0, 2] } },
        new("attention with a mask to add", [Op], x => [scaled_dot_product_attention(x[0], x[0], x[0], x[1])], () =>
            [randn(2, 2, 5, 4), randn(5, 5)]) { Dynamic = new() { ["x0"] = [0] } },
        new("attention with a mask of booleans", [Op], x => [scaled_dot_product_attention(x[0], x[0], x[0], x[1])], () =>
            [randn(2, 2, 5, 4), randn(2, 1, 5, 5) > -0.5]),
        new("attention with a mask that hides all", [Op], x => [scaled_dot_product_attention(x[0], x[0], x[0], x[1])], () =>
            [randn(2, 2, 5, 4), rand(2, 1, 5, 1) > 0.5]),
        new("attention of doubles", [Op], x => [scaled_dot_product_attention(x[0], x[0], x[0])], () => [randn([2, 2, 5, 4], float64)]),
    ];
}
