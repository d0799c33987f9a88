using TorchSharp;
using static Inpaint.Onnx.TorchSharp.Tests.Samples;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

internal static class LinearAlgebraCases
{
    public static IEnumerable<OperatorCase> All =>
    [
        OperatorCase.Of("linalg_cross", "aten::linalg_cross", (x, y) => linalg.cross(x, y), Real(2, 4, 3), Real(2, 4, 3)),
        OperatorCase.Of("kron", "aten::kron", (x, y) => x.kron(y), Real(2, 3), Real(4, 2)) with { Dynamic = StructureCases.Fixed },
        OperatorCase.Of("kron of unlike ranks", "aten::kron", (x, y) =>
            x.kron(y), Real(3), Real(2, 2)) with { Dynamic = StructureCases.Fixed },
        OperatorCase.Of("vdot", "aten::vdot", (x, y) => x.vdot(y), Real(5), Real(5)),
        OperatorCase.Of("linalg_vecdot", "aten::linalg_vecdot", (x, y) => linalg.vecdot(x, y), Real(2, 3, 5), Real(2, 3, 5)),
        OperatorCase.Of("linalg_vecdot along an axis", "aten::linalg_vecdot", (x, y) =>
            linalg.vecdot(x, y, 1), Real(2, 3, 5), Real(2, 3, 5)),
        .. new[] { 1.0, 2, 3, double.PositiveInfinity }.Select(p =>
        OperatorCase.Of($"cdist with p = {p}", "aten::cdist", (x, y) => cdist(x, y, p), Real(2, 4, 3), Real(2, 5, 3))),
        OperatorCase.Of("dist", "aten::dist", (x, y) => x.dist(y), Real(2, 5), Real(2, 5)),
        OperatorCase.Of("dist with p = 1", "aten::dist", (x, y) => x.dist(y, 1), Real(2, 5), Real(2, 5)),
        OperatorCase.Of("linalg_det", "aten::linalg_det", x => linalg.det(x), Real(2, 3, 3)) with { Tolerance = 1e-4f },
        OperatorCase.Of("linalg_det of 2 x 2", "aten::linalg_det", x => x.det(), Real(2, 2, 2)) with { Tolerance = 1e-4f },
        OperatorCase.Of("linalg_matrix_power by two", "aten::linalg_matrix_power", x => x.matrix_power(2), Unit(2, 3, 3)),
        OperatorCase.Of("trace", "aten::trace", x => x.trace(), Real(4, 3)),
        OperatorCase.Of("trace of integers", "aten::trace", x => x.trace(), Whole(int64, 4, 5)),
        OperatorCase.Of("addr", "aten::addr", (x, y) =>
            addr(x, y, y + 1, 0.5f, 2f), Real(4, 4), Real(4)) with { Dynamic = StructureCases.Fixed },
        OperatorCase.Of("block_diag", "aten::block_diag", (x, y) => block_diag(x, y, ones(1, 2)), Real(2, 3), Real(3, 2)),
        OperatorCase.Of("adjoint", "aten::adjoint", x => x.adjoint(), Real(2, 3, 4)),
        OperatorCase.Of("mH", "aten::mH", x => x.mH, Real(2, 3, 4)),
        OperatorCase.Of("atleast_1d", "aten::atleast_1d", x => x.sum().atleast_1d(), Real(2, 3)),
        OperatorCase.Of("atleast_2d", "aten::atleast_2d", x => x.sum(1).atleast_2d(), Real(2, 3)),
        OperatorCase.Of("atleast_3d", "aten::atleast_3d", x => x.atleast_3d(), Real(2, 3)),
        OperatorCase.Of("ravel", "aten::ravel", x => x.ravel(), Real(2, 3)),
    ];
}
