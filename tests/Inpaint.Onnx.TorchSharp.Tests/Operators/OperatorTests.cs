using System.Globalization;
using System.Text.RegularExpressions;
using Inpaint.Onnx.TorchSharp.Tracing;

namespace Inpaint.Onnx.TorchSharp.Tests;

public sealed partial class OperatorTests
{
    internal static readonly OperatorCase[] All = [.. ElementwiseCases.All, .. StructureCases.All];

    public static TheoryData<string> Names => [.. All.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Onnx_runtime_matches_the_module(string name) => All.Single(c => c.Name == name).Check();

    [Theory, Trait("Category", "Long")]
    [MemberData(nameof(Names))]
    public void It_matches_in_the_oldest_operator_set_that_has_the_nodes(string name)
    {
        OperatorCase tried = All.Single(c => c.Name == name);
        try
        {
            tried.Check(13);
        }
        catch (ExportException e) when (NeedsOpset().Match(e.Message) is { Success: true } needed)
        {
            tried.Check(int.Parse(needed.Groups[1].Value, CultureInfo.InvariantCulture));
        }
    }

    [Theory, Trait("Category", "Long")]
    [MemberData(nameof(Names))]
    public void It_matches_in_operator_set_21(string name) => All.Single(c => c.Name == name).Check(21);

    [Theory, Trait("Category", "Long")]
    [MemberData(nameof(Names))]
    public void It_matches_in_the_newest_operator_set(string name) => All.Single(c => c.Name == name).Check(23);

    [GeneratedRegex("needs operator set ([0-9]+) or newer, but 13 is requested")]
    private static partial Regex NeedsOpset();
}
