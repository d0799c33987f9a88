using Inpaint.Onnx.TorchSharp.Tracing;
using TorchSharp;
using static Inpaint.Onnx.TorchSharp.Tests.Samples;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>Settings that cannot be exported are errors that name the operator.</summary>
public sealed class RefusedSettingsTests
{
    private static readonly OperatorCase[] Refused =
    [
        OperatorCase.Of("random dropout", "aten::dropout", a => nn.functional.dropout(a, 0.5, training: true), Real(2, 9)),
        OperatorCase.Of("classes inferred from the data", "aten::one_hot", a => nn.functional.one_hot(a), () => full([2, 5], 7, int64)),
        OperatorCase.Of("places of true values", "aten::where", a => where(a)[0], () => ones([2, 5], @bool)),
        OperatorCase.Of("bits of numbers", "aten::bitwise_and", (a, b) => a & b, Whole(int64, 2, 9), Whole(int64, 2, 9)),
        OperatorCase.Of("norm of matrices", "aten::linalg_norm", a => linalg.norm(a, 1.0, [1, 2]), Real(2, 3, 4)),
    ];

    public static TheoryData<string> Names => [.. Refused.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_unsupported_setting_is_an_error_that_names_the_operator(string name)
    {
        OperatorCase refused = Refused.Single(c => c.Name == name);
        ExportException e = Assert.Throws<ExportException>(() => refused.Check());
        Assert.Contains(refused.Operators[0], e.Message, StringComparison.Ordinal);
    }
}
