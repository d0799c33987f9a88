using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>Functions and modules of TorchSharp that libtorch records as several operators.</summary>
internal static class CompositeCases
{
    public static IEnumerable<OperatorCase> All =>
    [
        OperatorCase.Of("normalize", "aten::expand_as", x => normalize(x), () => randn(2, 3, 4)),
        OperatorCase.Of("normalize by the sum along the last axis", "aten::expand_as", x => normalize(x, 1, -1), () => randn(2, 3, 4)),
        OperatorCase.Of("lp_pool2d", "aten::avg_pool2d", x => lp_pool2d(x, 2, 3, 2), () => randn(2, 3, 7, 8)),
        OperatorCase.Of("lp_pool1d", "aten::avg_pool1d", x => lp_pool1d(x, 3, 2), () => rand(2, 3, 8)),
        OperatorCase.Of("local_response_norm", "aten::div", x => local_response_norm(x, 2), () => randn(2, 6, 4, 5)),
        OperatorCase.Of("local_response_norm of one axis", "aten::div", x => local_response_norm(x, 3, 0.5, 0.5, 2), () => randn(2, 6, 4)),
        OperatorCase.Of("transformer encoder layer", "aten::softmax", () => nn.TransformerEncoderLayer(8, 2, 16), () =>
            randn(5, 2, 8)) with { Dynamic = new() { ["x0"] = [1] } },
        Attention("multihead attention", () => nn.MultiheadAttention(8, 2)),
        Attention("multihead attention with a further key", () => nn.MultiheadAttention(8, 4, add_bias_kv: true, add_zero_attn: true)),
        Attention("multihead attention without bias", () => nn.MultiheadAttention(8, 1, bias: false)),
    ];

    /// <summary>TorchSharp's module takes (length, batch, width).</summary>
    private static OperatorCase Attention(string name, Func<global::TorchSharp.Modules.MultiheadAttention> make)
    {
        global::TorchSharp.Modules.MultiheadAttention? module = null;
        return new OperatorCase(name, ["aten::bmm", "aten::softmax"], x =>
        {
            Tensor query = x[0].transpose(0, 1), key = x[1].transpose(0, 1);
            var (output, weights) = module!.call(query, key, key, null, true, null);
            return [output, weights];
        }, () => [randn(2, 5, 8), randn(2, 6, 8)]) { Modules = () => [module = make()] };
    }
}
