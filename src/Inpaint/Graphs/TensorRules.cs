namespace Inpaint.Graphs;

/// <summary>Validates the values of a part of an input, and of the output.</summary>
internal static class TensorRules
{
    public static void Part(InputContract input, int index, string key, ManifestProblems problems)
    {
        InputPart part = input.Parts[index];
        switch (part.Role)
        {
            case PartRole.Image:
                Values(input.Type, part.Range, part.Mean, part.Std, key, problems);
                problems.Require(
                    Fits(part.Hidden, input.Type),
                    $"{key}.hidden",
                    part.Hidden,
                    Expected(input.Type));
                break;
            case PartRole.Mask:
                problems.Require(Fits(part.Known, input.Type), $"{key}.known", part.Known, Expected(input.Type));
                problems.Require(Fits(part.Hole, input.Type), $"{key}.hole", part.Hole, Expected(input.Type));
                problems.Require(part.Known != part.Hole, $"{key}.hole", part.Hole, $"a value other than {key}.known");
                break;
            case PartRole.Caption:
                problems.Require(
                    input.Parts.Count == 1,
                    key,
                    input.Parts.Select(p => p?.Role.ToString().ToLowerInvariant()).ToArray(),
                    "only the caption",
                    "give the caption its own input");
                break;
            default:
                break;
        }
    }

    public static void Output(OutputContract output, string key, ManifestProblems problems)
    {
        problems.Require(output.Name.Length > 0, $"{key}.name", output.Name, "the name of an output of the graph");
        Values(output.Type, output.Range, output.Mean, output.Std, key, problems);
    }

    private static void Values(
        ElementType type,
        IReadOnlyList<float> range,
        IReadOnlyList<float>? mean,
        IReadOnlyList<float>? std,
        string key,
        ManifestProblems problems)
    {
        problems.Require(
            range is [float low, float high] && float.IsFinite(low) && float.IsFinite(high) && low != high,
            $"{key}.range",
            range,
            "2 different numbers, for black and white");
        problems.Require(mean is null || (mean.Count == 3 && mean.All(float.IsFinite)), $"{key}.mean", mean, "3 numbers, one per channel");
        problems.Require(
            std is null || (std.Count == 3 && std.All(s => float.IsFinite(s) && s > 0)),
            $"{key}.std",
            std,
            "3 positive numbers, one per channel");
        if (mean is null != std is null)
        {
            problems.Add(
                $"{key}.{(mean is null ? "mean" : "std")}", null, "3 numbers, one per channel", "specify both mean and std, or neither");
        }

        if (type == ElementType.Uint8)
        {
            problems.Require(
                mean is null && std is null,
                $"{key}.{(mean is null ? "std" : "mean")}",
                mean ?? std,
                "no such key, since the type is uint8",
                "specify a range");
            problems.Require(
                range.Count != 2 || (range.All(v => v is >= 0 and <= 255) && Math.Abs(range[1] - range[0]) > 1),
                $"{key}.range",
                range,
                "numbers from 0 to 255 that differ by more than 1, since the type is uint8",
                "[0, 255] is usual");
        }
    }

    private static bool Fits(float value, ElementType type) => type switch
    {
        ElementType.Uint8 => value is >= 0 and <= 255 && value == MathF.Truncate(value),
        ElementType.Float16 => float.IsFinite((float)(Half)value),
        _ => float.IsFinite(value),
    };

    private static string Expected(ElementType type) => type switch
    {
        ElementType.Uint8 => "an integer from 0 to 255, since the type is uint8",
        ElementType.Float16 => "a number from -65504 to 65504, since the type is float16",
        _ => "a finite number",
    };
}
