using System.Globalization;
using System.Text;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>The table of operators in OPERATORS.md: what is registered, and the cases that prove it.</summary>
internal static class OperatorDocument
{
    private const string Head = """
        # Operators

        What libtorch records when TorchSharp runs, and the package exports. Each case below is a small forward that is exported,
        run in ONNX Runtime at several batch sizes and compared with the module. Operators that change a tensor in place
        (`aten::relu_`) are exported as the ones that do not. Others are one line away: `OnnxConverters.Register("aten::x", ...)`.

        Two things differ on purpose. The largest and smallest of numbers among which is a NaN (`max`, `min`, `amax`, `amin`, `argmax`,
        `argmin`) are those of ONNX Runtime, whose kernels do not look for NaN along an axis. Functions that ONNX Runtime computes in
        single precision alone (`erf`, `sin`, `elu` and the like) are computed so for double precision too.

        This file is written by the tests; see `OperatorTableTests`.

        | Operator | Cases | What is compared |
        |---|---:|---|

        """;

    /// <summary>The file's text.</summary>
    /// <param name="cases">All cases; between them they prove every operator that is registered.</param>
    public static string Write(IReadOnlyList<OperatorCase> cases)
    {
        var text = new StringBuilder(Head.ReplaceLineEndings("\n"));
        foreach (string name in cases.SelectMany(c => c.Operators).Distinct().Order(StringComparer.Ordinal))
        {
            OperatorCase[] proofs = [.. cases.Where(c => c.Operators.Contains(name))];
            string settings = string.Join("; ", proofs.Select(c => SettingOf(c.Name, name))).Replace("|", "\\|", StringComparison.Ordinal);
            text.Append(CultureInfo.InvariantCulture, $"| `{name}` | {proofs.Length} | {settings} |\n");
        }

        return text.ToString();
    }

    /// <summary>A case's name without the operator's own.</summary>
    private static string SettingOf(string name, string op)
    {
        string shortName = op[(op.IndexOf("::", StringComparison.Ordinal) + 2)..];
        return name == shortName ? "plain"
            : name.StartsWith(shortName + " ", StringComparison.Ordinal) ? name[(shortName.Length + 1)..]
            : name;
    }
}
