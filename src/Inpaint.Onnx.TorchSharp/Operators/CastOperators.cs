using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp;

/// <summary>Other element types, and operators that leave values as they are.</summary>
internal static class CastOperators
{
    public static void AddTo(Dictionary<string, Action<OperatorContext>> table)
    {
        table["aten::to"] = c => c.Return(c.Operand(0, c.OutputType()));
        foreach (string name in new[] { "clone", "contiguous", "detach" })
        {
            table[$"aten::{name}"] = c => c.Return(c.Tensor(0));
        }

        foreach (string name in new[] { "dropout", "feature_dropout", "alpha_dropout", "feature_alpha_dropout" })
        {
            table[$"aten::{name}"] = Dropout;
        }

        table["aten::one_hot"] = OneHot;
    }

    // self, p, train
    private static void Dropout(OperatorContext c)
    {
        if (c.Flag(2) && c.Number(1) != 0)
        {
            throw c.Unsupported("random zeros: forward asks for training, though the module is in evaluation mode");
        }

        c.Return(c.Tensor(0));
    }

    // self, num_classes
    private static void OneHot(OperatorContext c)
    {
        if (c.Int(1) < 0)
        {
            throw c.Unsupported("a number of classes that is found from the data; state num_classes");
        }

        c.Return(c.Node("OneHot", [c.Tensor(0), c.Scalar(c.Int(1), ScalarType.Int64), c.Vector(0, 1)], ("axis", -1L)));
    }
}
