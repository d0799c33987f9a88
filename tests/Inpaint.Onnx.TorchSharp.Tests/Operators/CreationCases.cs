using TorchSharp;
using static Inpaint.Onnx.TorchSharp.Tests.OperatorCase;
using static Inpaint.Onnx.TorchSharp.Tests.Samples;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>Casts, tensors created from shapes, embeddings, and operators without effect in evaluation mode.</summary>
internal static class CreationCases
{
    private static readonly ScalarType[] Types = [@bool, uint8, int8, int16, int32, int64, float16, float32, float64];

    public static IEnumerable<OperatorCase> All => [.. Casts, .. Still, .. Filled, .. Counted, .. Embedded];

    private static IEnumerable<OperatorCase> Casts =>
    [
        .. from source in Types
           select new OperatorCase($"to each type from {source}", ["aten::to"], x =>
               [.. Types.Where(t => t != source).Select(t => x[0].to(t))], () => [Few(source, 2, 3)()]),
        Of("to int64 cuts towards zero", "aten::to", a => a.@long(), Real(2, 9)),
        Of("to uint8 wraps", "aten::to", a => a.@byte(), () => randint(-300, 600, [2, 9], int64)),
        Of("to bool of edges", "aten::to", a => Edges(a).@bool(), Real(2, 9)),
        Of("to half and back", "aten::to", a => a.half().@float(), Real(2, 9)),
        Of("to the same type", "aten::mul", a => a.@float() * 2, Real(2, 9)),
        Of("to a copy", "aten::to", a => a.to(float32, copy: true), Real(2, 9)),
        Of("to another's type", "aten::to", (a, b) => a.to(b), Whole(int64, 2, 9), Real(2, 9)),
        Of("type_as", "aten::to", (a, b) => a.type_as(b), Whole(int64, 2, 9), Double(2, 9)),
    ];

    private static IEnumerable<OperatorCase> Still =>
    [
        Of("clone", "aten::clone", a => a.clone() + 1, Real(2, 9)),
        Contiguous,
        Of("detach", "aten::detach", a => a.detach() + 1, Real(2, 9)),
        Of("clone alone", "aten::clone", a => a.clone(), Real(2, 9)),
        Of("dropout", "aten::dropout", () => nn.Sequential(nn.Dropout(0.9), nn.Sigmoid()), Real(2, 9)),
        Of("dropout of none", "aten::dropout", a => nn.functional.dropout(a, 0, true) + 1, Real(2, 9)),
        Of("dropout2d", "aten::feature_dropout", () => nn.Sequential(nn.Dropout2d(0.9), nn.Sigmoid()), Real(2, 3, 4, 4)),
        Of("alpha dropout", "aten::alpha_dropout", () => nn.Sequential(nn.AlphaDropout(0.9), nn.Sigmoid()), Real(2, 9)),
        Of("feature alpha dropout", "aten::feature_alpha_dropout", () =>
            nn.Sequential(nn.FeatureAlphaDropout(0.9), nn.Sigmoid()), Real(2, 3, 4, 4)),
        Of("identity", "aten::sigmoid", () => nn.Sequential(nn.Identity(), nn.Sigmoid()), Real(2, 9)),
    ];

    /// <summary>libtorch records nothing for tensors that are already contiguous.</summary>
    private static OperatorCase Contiguous
    {
        get
        {
            Tensor turned = randn(4, 3).t().DetachFromDisposeScope();
            return Of("contiguous", "aten::contiguous", a => a + turned.contiguous(), Real(2, 3, 4));
        }
    }

    private static IEnumerable<OperatorCase> Filled =>
    [
        Of("zeros", "aten::zeros", a => a + zeros(3, 4), Real(2, 3, 4)),
        Of("zeros that follow the batch", "aten::zeros", a => a + zeros(a.shape[0], 1, 4), Real(2, 3, 4)),
        Of("zeros bool", "aten::zeros", a => a.gt(0).logical_or(zeros([a.shape[0], 3], @bool)), Real(2, 3)),
        Of("ones", "aten::ones", a => a + ones([3, 4], float64), Real(2, 3, 4)),
        Of("ones int64 of the output's shape", "aten::ones", a => ones([a.shape[0], 3], int64) + a.@long(), Real(2, 3)),
        Of("full", "aten::full", a => a + full([a.shape[0], 3], 2.5), Real(2, 3)),
        Of("full int64", "aten::full", a => a + full([3], 7, int64), Real(2, 3)),
        Of("zeros_like", "aten::zeros_like", a => a + zeros_like(a), Real(2, 3)),
        Of("zeros_like dtype", "aten::zeros_like", a => a + zeros_like(a, int64), Real(2, 3)),
        Of("ones_like", "aten::ones_like", a => a + ones_like(a), Whole(int64, 2, 3)),
        Of("full_like", "aten::full_like", a => a + full_like(a, -1.5), Real(2, 3)),
        Of("full_like of all dynamic axes", "aten::full_like", a =>
            a + full_like(a, -1.5), Real(2, 3, 4, 5)) with { Dynamic = new() { ["x0"] = [0, 2, 3] } },
        new("empty_like filled", ["aten::empty_like", "aten::fill"], x => [x[0] + empty_like(x[0]).fill_(3)], () => [Real(2, 3)()]),
        new("empty filled", ["aten::empty", "aten::fill"], x => [x[0] + empty(x[0].shape[0], 3).fill_(3)], () => [Real(2, 3)()]),
        Of("new_empty zeroed", "aten::zeros", a => a + a.new_empty([a.shape[0], 3]).zero_(), Real(2, 3)),
        Of("new_zeros", "aten::zeros", a => a + a.new_zeros([a.shape[0], 3]), Double(2, 3)),
        Of("new_ones", "aten::ones", a => a + a.new_ones(a.shape[0], 3), Whole(int32, 2, 3)),
        Of("new_full", "aten::full", a => a + a.new_full([a.shape[0], 3], 4), Real(2, 3)),
    ];

    private static IEnumerable<OperatorCase> Counted =>
    [
        Of("arange", "aten::arange", a => a + arange(4), Real(2, 4)),
        Of("arange float steps", "aten::arange", a => a + arange(0.5, 1.3, 0.1), Real(2, 8)),
        Of("arange down", "aten::arange", a => a + arange(6, -2, -2, int32), Real(2, 4)),
        Of("arange over the batch", "aten::arange", a => a.sum(1) + arange(a.shape[0]), Real(2, 4)),
        Of("arange over the batch in steps", "aten::arange", a => a.sum(1) + arange(1, 1 + (2 * a.shape[0]), 2, float32), Real(2, 4)),
        Of("linspace", "aten::linspace", a => a + linspace(-1, 1, 7), Real(2, 7)),
        Of("linspace over the width", "aten::linspace", a =>
            a + linspace(-1, 1, a.shape[3]), Real(2, 3, 4, 5)) with { Dynamic = new() { ["x0"] = [3] } },
        Of("linspace double of one", "aten::linspace", a => a + linspace(3, 4, 1, float64), Real(2, 4)),
        Of("eye", "aten::eye", a => a + eye(4), Real(2, 4, 4)),
        Of("eye not square", "aten::eye", a => a + eye(3, 4, int64), Real(2, 3, 4)),
        Of("eye of the batch", "aten::eye", a => a + eye(a.shape[0], 4), Real(2, 4)),
        Of("tril", "aten::tril", a => tril(a), Real(2, 4, 5)),
        Of("tril diagonal -1", "aten::tril", a => a.tril(-1), Double(2, 4, 5)),
        Of("triu", "aten::triu", a => triu(a), Real(2, 5, 4)),
        Of("triu diagonal 1 int32", "aten::triu", a => a.triu(1), Whole(int32, 2, 4, 4)),
        Of("triu bool", "aten::triu", a => a.triu(1), Truth(2, 4, 4)),
        Of("tril of ones", "aten::tril", a => a.masked_fill(ones(4, 4).tril().eq(0), float.NegativeInfinity), Real(2, 4, 4)),
    ];

    private static IEnumerable<OperatorCase> Embedded =>
    [
        Of("embedding", "aten::embedding", () => nn.Embedding(10, 4), Natural(int64, 2, 5)),
        Of("embedding padded", "aten::embedding", () => nn.Embedding(10, 4, padding_idx: 0), Natural(int64, 2, 5)),
        Of("embedding of a vector", "aten::embedding", () => nn.Embedding(10, 4), Natural(int64, 5)),
        Of("one_hot", "aten::one_hot", a => nn.functional.one_hot(a, 10), Natural(int64, 2, 5)),
    ];
}
