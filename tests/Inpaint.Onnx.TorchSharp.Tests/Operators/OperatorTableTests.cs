using Inpaint.TestSupport;

namespace Inpaint.Onnx.TorchSharp.Tests;

public sealed class OperatorTableTests
{
    private const string Update = "INPAINT_UPDATE";

    // Other tests register additional operators; built-in operators are those at process start.
    private static readonly IReadOnlyList<string> BuiltIn = [.. OnnxConverters.BuiltIn().Operators];

    [Fact]
    public void Every_operator_has_a_case_that_proves_it()
    {
        string[] unproven = [.. BuiltIn.Except(OperatorTests.All.SelectMany(c => c.Operators))];
        Assert.True(unproven.Length == 0, $"Write cases for {string.Join(", ", unproven)}.");
    }

    [Fact]
    public void Names_of_cases_are_unique() =>
        Assert.Empty(OperatorTests.All.GroupBy(c => c.Name).Where(g => g.Count() > 1).Select(g => g.Key));

    [Fact]
    public void The_table_of_operators_is_up_to_date()
    {
        string path = Path.Combine(Places.Repository, "src", "Inpaint.Onnx.TorchSharp", "OPERATORS.md");
        string expected = OperatorDocument.Write(OperatorTests.All);
        string found = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        if (found == expected)
        {
            return;
        }

        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            File.WriteAllText(path, expected);
            Assert.Fail($"{path} was rewritten. Check the difference, and run the tests again without {Update}.");
        }

        string[] rows = expected.Split('\n'), old = found.Split('\n');
        Assert.Fail($"OPERATORS.md does not match the operators and their cases. Run this test with {Update}=1 to write it. Missing: "
            + $"{First(rows.Except(old))}. Too much: {First(old.Except(rows))}.");
    }

    private static string First(IEnumerable<string> rows) => rows.FirstOrDefault() is { } row
        ? $"'{(row.Length > 160 ? row[..160] + "…" : row)}'" : "nothing";
}
