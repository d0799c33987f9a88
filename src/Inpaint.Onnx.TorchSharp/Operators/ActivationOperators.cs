namespace Inpaint.Onnx.TorchSharp;

/// <summary>Activations.</summary>
internal static class ActivationOperators
{
    public static void AddTo(Dictionary<string, Action<OperatorContext>> table)
    {
        table["aten::relu"] = c => c.Return(c.Node("Relu", [c.Tensor(0)]));
        table["aten::sigmoid"] = c => c.Return(c.Node("Sigmoid", [c.Operand(0, c.OutputType())]));
        table["aten::tanh"] = c => c.Return(c.Node("Tanh", [c.Operand(0, c.OutputType())]));
        table["aten::leaky_relu"] = c => c.Return(c.Node("LeakyRelu", [c.Tensor(0)], ("alpha", (float)c.Number(1))));
    }
}
