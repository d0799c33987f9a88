using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Inpaint.Onnx.TorchSharp.Tests;

internal static class NormalizationCases
{
    public static IEnumerable<OperatorCase> All =>
    [
        OperatorCase.Of("batch_norm 2d", "aten::batch_norm", () => Random(nn.BatchNorm2d(3)), () => randn(2, 3, 4, 5)),
        OperatorCase.Of("batch_norm 2d dynamic", "aten::batch_norm", () => Random(nn.BatchNorm2d(3, eps: 0.01)), () =>
            randn(2, 3, 4, 5)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("batch_norm 2d without weights", "aten::batch_norm", () => Random(nn.BatchNorm2d(3, affine: false)), () =>
            randn(2, 3, 4, 5)),
        OperatorCase.Of("batch_norm of doubles", "aten::batch_norm", () => Random(nn.BatchNorm2d(3, dtype: float64)), () =>
            randn([2, 3, 4, 5], float64)),
        OperatorCase.Of("batch_norm 1d", "aten::batch_norm", () => Random(nn.BatchNorm1d(3)), () => randn(2, 3, 4)),
        OperatorCase.Of("batch_norm of vectors", "aten::batch_norm", () => Random(nn.BatchNorm1d(3)), () => randn(2, 3)),
        OperatorCase.Of("batch_norm 3d", "aten::batch_norm", () => Random(nn.BatchNorm3d(3)), () => randn([2, 3, 4, 2, 3])),
        OperatorCase.Of("batch_norm by the batch itself", "aten::batch_norm", () =>
            Random(nn.BatchNorm2d(3, track_running_stats: false)), () => randn(4, 3, 4, 5)),
        OperatorCase.Of("instance_norm 2d", "aten::instance_norm", () => nn.InstanceNorm2d(3), () => randn(2, 3, 6, 5)),
        OperatorCase.Of("instance_norm 2d with weights, dynamic", "aten::instance_norm", () =>
            Random(nn.InstanceNorm2d(3, affine: true)), () => randn(2, 3, 6, 5)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("instance_norm with running statistics", "aten::instance_norm", () =>
            Random(nn.InstanceNorm2d(3, affine: true, track_running_stats: true)), () => randn(2, 3, 6, 5)),
        OperatorCase.Of("instance_norm of doubles", "aten::instance_norm", () =>
            Random(nn.InstanceNorm2d(3, affine: true, dtype: float64)), () => randn([2, 3, 6, 5], float64)),
        OperatorCase.Of("instance_norm 1d", "aten::instance_norm", () => nn.InstanceNorm1d(3), () => randn(2, 3, 6)),
        OperatorCase.Of("instance_norm 3d", "aten::instance_norm", () => nn.InstanceNorm3d(3), () => randn([2, 3, 6, 2, 3])),
        OperatorCase.Of("group_norm", "aten::group_norm", () => Random(nn.GroupNorm(2, 6)), () => randn(2, 6, 4, 5)),
        OperatorCase.Of("group_norm dynamic", "aten::group_norm", () => Random(nn.GroupNorm(3, 6)), () =>
            randn(2, 6, 4, 5)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("group_norm without weights", "aten::group_norm", x => group_norm(x, 2), () => randn(2, 6, 4)),
        OperatorCase.Of("group_norm of doubles", "aten::group_norm", () => Random(nn.GroupNorm(2, 6, dtype: float64)), () =>
            randn([2, 6, 4, 5], float64)),
        OperatorCase.Of("layer_norm", "aten::layer_norm", () => Random(nn.LayerNorm(5)), () => randn(2, 3, 5)),
        OperatorCase.Of("layer_norm over several axes", "aten::layer_norm", () => Random(nn.LayerNorm([3, 4, 5])), () => randn(2, 3, 4, 5)),
        OperatorCase.Of("layer_norm without weights", "aten::layer_norm", () => nn.LayerNorm([4, 5], elementwise_affine: false), () =>
            randn(2, 3, 4, 5)),
        OperatorCase.Of("layer_norm without bias", "aten::layer_norm", () => Random(nn.LayerNorm(5, bias: false, eps: 0.01)), () =>
            randn(2, 5)),
        OperatorCase.Of("layer_norm of doubles", "aten::layer_norm", () => Random(nn.LayerNorm(5, dtype: float64)), () =>
            randn([2, 3, 5], float64)),
    ];

    /// <summary>Weights and running statistics that are not those of a new module, which would hide what they do.</summary>
    public static T Random<T>(T module) where T : nn.Module
    {
        using IDisposable quiet = no_grad();
        foreach ((string name, Tensor tensor) in module.named_parameters().Select(p => (p.name, (Tensor)p.parameter))
            .Concat(module.named_buffers().Select(b => (b.name, b.buffer))))
        {
            if (tensor.is_floating_point())
            {
                tensor.uniform_(0.5, 1.5);
            }
        }

        return module;
    }
}
