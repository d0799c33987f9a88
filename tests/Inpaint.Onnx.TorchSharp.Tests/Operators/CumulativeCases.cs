using TorchSharp;
using static Inpaint.Onnx.TorchSharp.Tests.Samples;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

internal static class CumulativeCases
{
    public static IEnumerable<OperatorCase> All =>
    [
        OperatorCase.Of("cumprod", "aten::cumprod", x => x.cumprod(1), Real(2, 6)),
        OperatorCase.Of("cumprod of integers along the first of two axes", "aten::cumprod", x => x.cumprod(1), Whole(int64, 2, 5, 3)),
        OperatorCase.Of("cumprod of a dynamic axis", "aten::cumprod", x =>
            x.cumprod(2), Unit(2, 3, 4, 5)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("logcumsumexp", "aten::logcumsumexp", x => x.logcumsumexp(1), Real(2, 6, 2)),
        OperatorCase.Of("logcumsumexp of numbers far apart", "aten::logcumsumexp", x => (x * 40).logcumsumexp(-1), Real(2, 6)),
        OperatorCase.Of("diff", "aten::diff", x => x.diff(), Real(2, 6)),
        OperatorCase.Of("diff with more in front and behind", "aten::diff", (x, y) => x.diff(1, 1, y, y * 2), Real(2, 6), Real(2, 1)),
        OperatorCase.Of("diff of booleans", "aten::diff", x => x.diff(), Truth(2, 6)),
    ];
}
