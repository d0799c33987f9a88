using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

internal static class EmbeddingCases
{
    public static IEnumerable<OperatorCase> All =>
    [
        OperatorCase.Of("embedding with a row for padding", "aten::embedding", () => nn.Embedding(9, 4, padding_idx: 0), Numbers(2, 5)),
        .. Modes.Select(mode => Bags($"embedding_bag, rows of a matrix, {mode}", mode, Numbers(2, 5), (module, x) => module.call(x))),
        .. Modes.Select(mode => Bags($"embedding_bag by offsets, {mode}", mode, Numbers(7), (module, x) => module.call(x, Offsets()))),
        Bags("embedding_bag by offsets, weighted", EmbeddingBagMode.Sum, Numbers(7), (module, x) =>
            module.call(x, Offsets(), x.to(float32) / 9)),
    ];

    private static EmbeddingBagMode[] Modes => [EmbeddingBagMode.Sum, EmbeddingBagMode.Mean, EmbeddingBagMode.Max];

    private static Func<Tensor> Numbers(params long[] shape) => () => randint(0, 9, shape, int64);

    // Bags of three, none and the rest.
    private static Tensor Offsets() => tensor(new long[] { 0, 3, 3 });

    private static OperatorCase Bags(string name, EmbeddingBagMode mode, Func<Tensor> example, Func<EmbeddingBag, Tensor, Tensor> forward)
    {
        EmbeddingBag? module = null;
        return new OperatorCase(name, ["aten::embedding_bag"], x => [forward(module!, x[0])], () => [example()]) { Modules = () =>
            [module = nn.EmbeddingBag(9, 4, mode: mode)] };
    }
}
