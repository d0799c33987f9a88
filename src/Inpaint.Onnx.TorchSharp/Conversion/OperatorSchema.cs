using System.Text.RegularExpressions;
using Inpaint.Onnx.TorchSharp.Tracing;

namespace Inpaint.Onnx.TorchSharp.Conversion;

/// <summary>The ATen schema of one overload of an operator, as PyTorch's <c>native_functions.yaml</c> writes it.</summary>
/// <param name="Operator">The operator without its overload, such as <c>aten::elu</c>.</param>
/// <param name="Text">The whole schema.</param>
/// <param name="Arguments">Types and names of the arguments in order.</param>
internal sealed partial record OperatorSchema(string Operator, string Text, IReadOnlyList<(string Type, string Name)> Arguments)
{
    /// <summary>Whether a result may share memory with an argument.</summary>
    public bool IsView => View().IsMatch(Text[Text.LastIndexOf(" -> ", StringComparison.Ordinal)..]);

    /// <summary>Parses schemas, one on each line; a line without a namespace continues the one before.</summary>
    /// <exception cref="ArgumentException">The text is not a list of schemas.</exception>
    public static IReadOnlyList<OperatorSchema> Parse(string schemas) =>
        [.. Break().Split(schemas.Trim()).Select(text => ParseOne(Space().Replace(text, " ")))];

    /// <summary>Where an argument is in the recorded inputs; -1 when this overload does not have it.</summary>
    public int IndexOf(string name)
    {
        for (int i = 0; i < Arguments.Count; i++)
        {
            if (Arguments[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Whether recorded inputs have the types of this overload.</summary>
    public bool Accepts(IReadOnlyList<TraceValue> inputs) => Arguments.Zip(inputs).All(pair => (pair.First.Type, pair.Second) switch
    {
        ([.., '?'], { Type: "NoneType" }) => true,
        var (type, value) when type.Contains('[', StringComparison.Ordinal) => value.Type.EndsWith("[]", StringComparison.Ordinal),
        var (type, value) when type.StartsWith("Tensor", StringComparison.Ordinal) => value.Shape is not null,
        var (type, value) => value.Shape is null && !value.Type.EndsWith("[]", StringComparison.Ordinal)
            && (type is not ("bool" or "str") || value.Type == type),
    });

    private static OperatorSchema ParseOne(string text)
    {
        Match match = Form().Match(text);
        if (!match.Success)
        {
            throw new ArgumentException($"'{text}' is not an ATen schema; expected one as in native_functions.yaml, with its namespace, "
                + "such as 'aten::erfinv(Tensor self) -> Tensor'.");
        }

        IEnumerable<string> arguments = Alias().Replace(match.Groups["arguments"].Value, "")
            .Split(", ", StringSplitOptions.RemoveEmptyEntries);
        return new OperatorSchema(match.Groups["operator"].Value, text, [.. arguments
            .Where(a => a != "*")
            .Select(a => a.Split('=')[0].Split(' '))
            .Select(a => a.Length == 2 ? (a[0], a[1])
            : throw new ArgumentException($"'{string.Join(' ', a)}' in '{text}' is not a type and a name."))]);
    }

    [GeneratedRegex(@"^(?<operator>\w+::\w+)(\.\w+)?\((?<arguments>.*)\) -> \S.*$")]
    private static partial Regex Form();

    [GeneratedRegex(@"\([a-z][^()]*\)")]
    private static partial Regex Alias();

    [GeneratedRegex(@"\([a-z]\)")]
    private static partial Regex View();

    [GeneratedRegex(@"\s*\n\s*(?=\w+::)")]
    private static partial Regex Break();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
