using TorchSharp;
using static Inpaint.Onnx.TorchSharp.Tests.OperatorCase;
using static Inpaint.Onnx.TorchSharp.Tests.Samples;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>Softmax, sums, extremes, counts, variances and norms.</summary>
internal static class ReductionCases
{
    public static IEnumerable<OperatorCase> All => [.. Softmaxes, .. Sums, .. Extremes, .. Places, .. Counts, .. Variances, .. Norms];

    private static IEnumerable<OperatorCase> Softmaxes =>
    [
        Of("softmax last axis", "aten::special_softmax", a => nn.functional.softmax(a, -1), Real(2, 3, 5)),
        Of("softmax axis 1", "aten::special_softmax", a => nn.functional.softmax(a, 1), Real(2, 3, 5)),
        Of("softmax over the batch", "aten::special_softmax", a => nn.functional.softmax(a, 0), Real(2, 3)),
        Of("softmax double", "aten::special_softmax", a => nn.functional.softmax(a, 1), Double(2, 5)),
        Of("softmax dtype", "aten::special_softmax", a => nn.functional.softmax(a, 1, float64), Real(2, 5)),
        Of("softmax int64 to float", "aten::special_softmax", a => nn.functional.softmax(a, 1, float32), Whole(int64, 2, 5)),
        Of("softmax of large numbers", "aten::special_softmax", a => nn.functional.softmax(a * 1000, 1), Real(2, 5)),
        Of("softmax with masked places", "aten::special_softmax", (a, b) =>
            nn.functional.softmax(a.masked_fill(b.eq(1), float.NegativeInfinity), 1), Real(2, 9), Few(int64, 2, 9)),
        Of("softmax without axes", "aten::special_softmax", a => nn.functional.softmax(a.sum(), 0), Real(2, 5)),
        Of("special softmax", "aten::special_softmax", a => special.softmax(a, 1), Real(2, 5)),
        Of("log_softmax", "aten::special_log_softmax", a => nn.functional.log_softmax(a, -1), Real(2, 3, 5)),
        Of("log_softmax axis 1", "aten::special_log_softmax", a => a.log_softmax(1), Real(2, 3, 5)),
        Of("special log_softmax", "aten::special_log_softmax", a => special.log_softmax(a, 1), Double(2, 5)),
        Of("softmax float16", "aten::special_softmax", a => nn.functional.softmax(a, 1), Half(2, 5)) with { Tolerance = 2e-3f },
        Of("softmin", "aten::special_softmax", a => nn.functional.softmin(a, 1), Real(2, 5)),
        Of("softmax module", "aten::special_softmax", () => nn.Softmax(1), Real(2, 5)),
        Of("softmax2d module", "aten::special_softmax", () => nn.Softmax2d(), Real(2, 3, 4, 4)),
    ];

    private static IEnumerable<OperatorCase> Sums =>
    [
        Of("sum of all", "aten::sum", a => a.sum(), Real(2, 3, 4)),
        Of("sum axis", "aten::sum", a => a.sum(1), Real(2, 3, 4)),
        Of("sum axes keepdim", "aten::sum", a => a.sum([-1, 1], keepdim: true), Real(2, 3, 4)),
        Of("sum over the batch", "aten::sum", a => a.sum(0), Real(2, 3, 4)),
        Of("sum int32 gives int64", "aten::sum", a => a.sum(1), Whole(int32, 2, 9)),
        Of("sum bool counts", "aten::sum", a => a.sum(), Truth(2, 9)),
        Of("sum uint8", "aten::sum", a => a.sum(1), () => randint(200, 256, [2, 9], uint8)),
        Of("sum dtype", "aten::sum", a => a.sum(1, type: float64), Real(2, 9)),
        Of("sum of nothing", "aten::sum", a => a.sum(1), Real(2, 0)),
        Of("sum without axes", "aten::sum", a => a.sum().sum(), Real(2, 9)),
        Of("sum float16", "aten::sum", a => a.sum(1), Half(2, 9)) with { Tolerance = 2e-3f },
        Of("nansum", "aten::nansum", a => nansum(a.log()), Real(2, 9)),
        Of("mean axes in operator set 18", "aten::mean", a => a.mean([2, 3]), Real(2, 3, 4, 4)) with { Opset = 18 },
        Of("mean of all", "aten::mean", a => a.mean(), Real(2, 3, 4)),
        Of("mean axes", "aten::mean", a => a.mean([2, 3]), Real(2, 3, 4, 4)),
        Of("mean keepdim", "aten::mean", a => a.mean([-1], keepdim: true), Double(2, 3, 4)),
        Of("mean dtype", "aten::mean", a => a.mean([1], type: float32), Whole(int64, 2, 9)),
        Of("prod of all", "aten::prod", a => a.prod(), Positive(2, 3)),
        Of("prod axis", "aten::prod", a => a.prod(1), Real(2, 3, 4)),
        Of("prod keepdim", "aten::prod", a => a.prod(-1, keepdim: true), Double(2, 3, 4)),
        Of("prod int32 gives int64", "aten::prod", a => a.prod(1), Whole(int32, 2, 5)),
        Of("cumsum", "aten::cumsum", a => a.cumsum(1), Real(2, 5, 3)),
        Of("cumsum negative axis int64", "aten::cumsum", a => a.cumsum(-1), Whole(int64, 2, 5)),
        Of("cumsum over the batch", "aten::cumsum", a => a.cumsum(0), Real(2, 5)),
        Of("cumsum bool", "aten::cumsum", a => a.cumsum(1), Truth(2, 5)),
        Of("cumsum dtype", "aten::cumsum", a => a.cumsum(1, float64), Real(2, 5)),
        Of("logsumexp", "aten::logsumexp", a => a.logsumexp(1), Real(2, 5)),
        Of("logsumexp keepdim of large numbers", "aten::logsumexp", a => (a * 100).logsumexp(-1, keepdim: true), Real(2, 3, 5)),
        Of("logsumexp double", "aten::logsumexp", a => a.logsumexp(1), Double(2, 5)),
    ];

    private static IEnumerable<OperatorCase> Extremes =>
        new (string Name, Func<Tensor, long[], bool, Tensor> Over, Func<Tensor, Tensor> All, Func<Tensor, long, bool,
            (Tensor, Tensor)> Along)[]
    {
        ("max", (a, axes, keep) => a.amax(axes, keep), a => a.max(), (a, axis, keep) => a.max(axis, keep)),
        ("min", (a, axes, keep) => a.amin(axes, keep), a => a.min(), (a, axis, keep) => a.min(axis, keep)),
    }.SelectMany(f => new[]
    {
        Of($"a{f.Name} axis", $"aten::a{f.Name}", a => f.Over(a, [1], false), Real(2, 3, 4)),
        Of($"a{f.Name} axes keepdim", $"aten::a{f.Name}", a => f.Over(a, [-1, 1], true), Double(2, 3, 4)),
        Of($"a{f.Name} int64", $"aten::a{f.Name}", a => f.Over(a, [1], false), Whole(int64, 2, 9)),
        Of($"a{f.Name} bool", $"aten::a{f.Name}", a => f.Over(a, [1], false), Truth(2, 3)),
        Of($"{f.Name} of all", $"aten::{f.Name}", f.All, Real(2, 3, 4)),
        Of($"{f.Name} of all int16", $"aten::{f.Name}", f.All, Whole(int16, 2, 9)),
        Both($"{f.Name} along axis", $"aten::{f.Name}", a => f.Along(a, 1, false), Real(2, 3, 4)),
        Both($"{f.Name} along last axis keepdim", $"aten::{f.Name}", a => f.Along(a, -1, true), Double(2, 3, 4)),
        Both($"{f.Name} along axis int64", $"aten::{f.Name}", a => f.Along(a, 1, false), Whole(int64, 2, 9)),
        Both($"{f.Name} over the batch", $"aten::{f.Name}", a => f.Along(a, 0, false), Real(2, 9)),
    }).Concat(
    [
        Both("aminmax axis", "aten::aminmax", a => a.aminmax(1), Real(2, 9)),
        Both("aminmax of all", "aten::aminmax", a => a.aminmax(), Real(2, 9)),
        Both("aminmax keepdim", "aten::aminmax", a => a.aminmax(-1, keepdim: true), Whole(int32, 2, 3, 9)),
    ]);

    private static IEnumerable<OperatorCase> Places => new (string Name, Func<Tensor, Tensor> All, Func<Tensor, long, bool, Tensor> Along)[]
    {
        ("argmax", a => a.argmax(), (a, axis, keep) => a.argmax(axis, keep)),
        ("argmin", a => a.argmin(), (a, axis, keep) => a.argmin(axis, keep)),
    }.SelectMany(f => new[]
    {
        Of($"{f.Name} of all", $"aten::{f.Name}", f.All, Real(2, 3, 4)),
        Of($"{f.Name} axis", $"aten::{f.Name}", a => f.Along(a, 1, false), Real(2, 3, 4)),
        Of($"{f.Name} keepdim", $"aten::{f.Name}", a => f.Along(a, -1, true), Double(2, 3, 4)),
        Of($"{f.Name} int64 takes the first", $"aten::{f.Name}", a => f.Along(a, 1, false), Few(int64, 2, 9)),
        Of($"{f.Name} uint8", $"aten::{f.Name}", a => f.Along(a, 1, false), Natural(uint8, 2, 9)),
    });

    private static IEnumerable<OperatorCase> Counts =>
    [
        Of("all of all", "aten::all", a => a.all(), Truth(2, 2)),
        Of("all axis", "aten::all", a => a.all(1), Truth(2, 8, 2)),
        Of("all keepdim", "aten::all", a => a.all(-1, keepdim: true), Truth(2, 8, 2)),
        Of("all float", "aten::all", a => a.all(-1), Few(float32, 2, 8, 2)),
        Of("all uint8", "aten::all", a => a.all(-1), Few(uint8, 2, 8, 2)),
        Of("all of nothing", "aten::all", a => a.all(1), Truth(2, 0)),
        Of("any of all", "aten::any", a => a.any(), Truth(2, 2)),
        Of("any axis", "aten::any", a => a.any(1), Truth(2, 2, 8)),
        Of("any keepdim int64", "aten::any", a => a.any(-1, keepdim: true), Few(int64, 2, 8, 2)),
        Of("count_nonzero of all", "aten::count_nonzero", a => count_nonzero(a), Few(int64, 2, 8)),
        Of("count_nonzero axis", "aten::count_nonzero", a => count_nonzero(a, [1]), Few(float32, 2, 8, 2)),
        Of("count_nonzero axes", "aten::count_nonzero", a => count_nonzero(a, [0, -1]), Few(float32, 2, 8, 2)),
    ];

    private static IEnumerable<OperatorCase> Variances =>
        new (string Name, Func<Tensor, bool, Tensor> All, Func<Tensor, long[], bool, bool, Tensor> Over)[]
    {
        ("var", (a, unbiased) => a.var(unbiased), (a, axes, unbiased, keep) => a.var(axes, unbiased, keep)),
        ("std", (a, unbiased) => a.std(unbiased), (a, axes, unbiased, keep) => a.std(axes, unbiased, keep)),
    }.SelectMany(f => new[]
    {
        Of($"{f.Name} of all", $"aten::{f.Name}", a => f.All(a, true), Real(2, 3, 4)),
        Of($"{f.Name} of all biased", $"aten::{f.Name}", a => f.All(a, false), Real(2, 3, 4)),
        Of($"{f.Name} axes", $"aten::{f.Name}", a => f.Over(a, [2, 3], true, false), Real(2, 3, 4, 4)),
        Of($"{f.Name} axes biased keepdim", $"aten::{f.Name}", a => f.Over(a, [-1, -2], false, true), Double(2, 3, 4, 4)),
        Of($"{f.Name} over the batch", $"aten::{f.Name}", a => f.Over(a, [0, 1], true, false), Real(2, 3, 4)),
        Of($"{f.Name} of one is NaN", $"aten::{f.Name}", a =>
            cat([f.Over(a, [1], true, false), a[TensorIndex.Ellipsis, 0]], 0), Real(2, 1)),
        Of($"{f.Name} far from zero", $"aten::{f.Name}", a => f.Over(a + 1000, [1], true, false), Real(2, 9)) with { Tolerance = 1e-3f },
    }).Concat(
    [
        Both("var_mean axes", "aten::var_mean", a => var_mean(a, [1, 2]), Real(2, 3, 4)),
        Both("var_mean of all biased", "aten::var_mean", a => var_mean(a, [0, 1, 2], false), Real(2, 3, 4)),
        Both("std_mean keepdim", "aten::std_mean", a => std_mean(a, [-1], keepdim: true), Real(2, 3, 4)),
        Both("std_mean of all", "aten::std_mean", a => std_mean(a), Double(2, 3, 4)),
    ]);

    private static IEnumerable<OperatorCase> Norms =>
    [
        Of("norm of all", "aten::norm", a => a.norm(), Real(2, 3, 4)),
        Of("norm axis", "aten::norm", a => a.norm(1), Real(2, 3, 4)),
        Of("norm axis keepdim p 1", "aten::norm", a => a.norm(-1, keepdim: true, p: 1), Real(2, 3, 4)),
        .. new[] { 0, 1, 2, 3, 0.5, double.PositiveInfinity, double.NegativeInfinity }.Select(p =>
            Of($"linalg_vector_norm {p.ToString(System.Globalization.CultureInfo.InvariantCulture)}", "aten::linalg_vector_norm", a =>
                linalg.vector_norm(a, p, [1]), Real(2, 9))),
        Of("linalg_vector_norm of all", "aten::linalg_vector_norm", a => linalg.vector_norm(a), Double(2, 9)),
        Of("linalg_vector_norm axes keepdim", "aten::linalg_vector_norm", a => linalg.vector_norm(a, 2, [1, -1], true), Real(2, 3, 4)),
        Of("linalg_norm of all", "aten::linalg_norm", a => linalg.norm(a), Real(2, 9)),
        Of("linalg_norm axis", "aten::linalg_norm", a => linalg.norm(a, 3.0, [1]), Real(2, 9)),
        Of("linalg_norm fro", "aten::linalg_norm", a => linalg.norm(a, "fro", [1, 2]), Real(2, 3, 4)),
        Of("cosine_similarity", "aten::cosine_similarity", (a, b) => nn.functional.cosine_similarity(a, b), Real(2, 3, 4), Real(2, 3, 4)),
        Of("cosine_similarity last axis", "aten::cosine_similarity", (a, b) =>
            nn.functional.cosine_similarity(a, b, -1), Real(2, 3, 4), Real(2, 1, 4)),
        Of("pairwise_distance", "aten::pairwise_distance", (a, b) => nn.functional.pairwise_distance(a, b), Real(2, 9), Real(2, 9)),
        Of("pairwise_distance p 1 keepdim", "aten::pairwise_distance", (a, b) =>
            nn.functional.pairwise_distance(a, b, 1, keepdim: true), Real(2, 9), Real(2, 9)),
    ];

    private static OperatorCase Both(string name, string op, Func<Tensor, (Tensor, Tensor)> forward, Func<Tensor> example) =>
        new(name, [op], x => forward(x[0]) is var (first, second) ? [first, second] : [], () => [example()]);
}
