using Inpaint.Onnx.TorchSharp.Conversion;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Operators;

/// <summary>Casts, and operators that keep the values.</summary>
internal static class CastOperators
{
    public static void AddTo(OperatorTable table)
    {
        table.Add("""
            aten::to.dtype_layout(Tensor(a) self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None,
                bool? pin_memory=None, bool non_blocking=False, bool copy=False, MemoryFormat? memory_format=None) -> Tensor(a)
            aten::to.device(Tensor(a) self, Device device, ScalarType dtype, bool non_blocking=False, bool copy=False,
                MemoryFormat? memory_format=None) -> Tensor(a)
            aten::to.dtype(Tensor(a) self, ScalarType dtype, bool non_blocking=False, bool copy=False,
                MemoryFormat? memory_format=None) -> Tensor(a)
            aten::to.other(Tensor(a) self, Tensor other, bool non_blocking=False, bool copy=False,
                MemoryFormat? memory_format=None) -> Tensor(a)
            """, c => c.Return(c.Operand("self", c.OutputType())));
        table.Add("""
            aten::clone(Tensor self, *, MemoryFormat? memory_format=None) -> Tensor
            aten::contiguous(Tensor(a) self, *, MemoryFormat memory_format=contiguous_format) -> Tensor(a)
            aten::detach(Tensor(a) self) -> Tensor(a)
            """, c => c.Return(c.Tensor("self")));

        foreach (string name in new[] { "dropout", "feature_dropout", "alpha_dropout", "feature_alpha_dropout" })
        {
            table.Add($"aten::{name}(Tensor input, float p, bool train) -> Tensor", Dropout);
        }

        table.Add("aten::one_hot(Tensor self, int num_classes=-1) -> Tensor", OneHot);
    }

    private static void Dropout(OperatorContext c)
    {
        if (c.Flag("train") && c.Number("p") != 0)
        {
            throw c.Unsupported("random dropout: forward requests training mode, although the module is in evaluation mode");
        }

        c.Return(c.Tensor("input"));
    }

    private static void OneHot(OperatorContext c)
    {
        if (c.Int("num_classes") < 0)
        {
            throw c.Unsupported("a number of classes inferred from the data; specify num_classes");
        }

        c.Return(c.Node("OneHot", [c.Tensor("self"), c.Scalar(c.Int("num_classes"), ScalarType.Int64), c.Vector(0, 1)], ("axis", -1L)));
    }
}
