using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp;

/// <summary>Validates the arguments of an export before anything runs.</summary>
internal static class ExportArguments
{
    public const int FirstOpset = 13;
    public const int LastOpset = 23;

    /// <exception cref="ArgumentException">An argument is missing or outside its range.</exception>
    public static void Check(IReadOnlyList<Tensor> examples, OnnxExportOptions options)
    {
        for (int i = 0; i < examples.Count; i++)
        {
            if (examples[i] is null || examples[i].IsInvalid)
            {
                throw new ArgumentException($"Example {i} is {(examples[i] is null ? "null" : "disposed")}; expected a tensor for each "
                    + "input of forward.", nameof(examples));
            }
        }

        Require(options, options.Opset is >= FirstOpset and <= LastOpset,
            $"Opset is {options.Opset}; expected {FirstOpset} to {LastOpset}.");
        Require(options, options.Tolerance >= 0,
            FormattableString.Invariant($"Tolerance is {options.Tolerance}; expected a number of at least 0, such as 1e-4."));
        Require(options, options.CompareSeconds is >= 0 and <= 3600,
            FormattableString.Invariant($"CompareSeconds is {options.CompareSeconds}; expected 0 to 3600."));
        Require(options, options.InputNames is not null,
            "InputNames is null; expected names, or an empty list for those of forward's parameters.");
        Require(options, options.OutputNames is not null, "OutputNames is null; expected names, or an empty list for the default.");
        Require(options, options.DynamicAxes is not null,
            "DynamicAxes is null; expected axes by input, or an empty dictionary for the default.");
        Require(options, options.AxisNames is not null,
            "AxisNames is null; expected names by input, or an empty dictionary for the default.");
        Require(options, options.KeepValues is not null, "KeepValues is null; expected names of inputs, or an empty list.");
        Require(options, options.Metadata is not null, "Metadata is null; expected strings by key, or an empty dictionary.");
        CheckNames(options, options.InputNames!, nameof(options.InputNames));
        CheckNames(options, options.OutputNames!, nameof(options.OutputNames));
        foreach ((string input, int[] axes) in options.DynamicAxes!)
        {
            Require(options, axes is not null, $"DynamicAxes of '{input}' is null; expected axes, or an empty array for none.");
        }

        foreach ((string key, string value) in options.Metadata!)
        {
            Require(options, value is not null, $"Metadata '{key}' is null; expected a string.");
        }
    }

    private static void CheckNames(OnnxExportOptions options, IReadOnlyList<string> names, string list)
    {
        for (int i = 0; i < names.Count; i++)
        {
            Require(options, !string.IsNullOrWhiteSpace(names[i]),
                $"{list}[{i}] is {(names[i] is null ? "null" : "empty")}; expected a name.");
        }
    }

    private static void Require(OnnxExportOptions options, bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ArgumentException(otherwise, nameof(options));
        }
    }
}
