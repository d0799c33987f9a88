using System.Globalization;

namespace Inpaint.Cli.Graphs;

/// <summary>Short descriptions of a manifest's parts.</summary>
internal static class GraphWords
{
    /// <summary>Such as <c>64x64</c>, or <c>any, multiples of 8</c>.</summary>
    public static string Size(SizeContract size) => size.IsFixed ? $"{size.Width}x{size.Height}"
        : size.MultipleOf > 1 ? $"any, multiples of {size.MultipleOf}"
        : "any";

    /// <summary>Such as <c>32x32 at 16,16</c>, <c>free</c>, or <c>free, context 0.5</c>.</summary>
    public static string Hole(HoleContract hole) => hole switch
    {
        { Kind: HoleKind.Fixed } => $"{hole.Width}x{hole.Height} at {hole.X},{hole.Y}",
        { Context: not 1 } => string.Create(CultureInfo.InvariantCulture, $"free, context {hole.Context}"),
        _ => "free",
    };

    /// <summary>Such as <c>512 words</c>, or <c>none</c>.</summary>
    public static string Captions(CaptionContract? caption) => caption is null
        ? "none"
        : string.Create(CultureInfo.InvariantCulture, $"{caption.Vocabulary.Count:N0} words{(caption.Required ? ", required" : "")}");

    /// <summary>The parts and values of an input, such as <c>nchw float32: image rgb 0..1, mask 0/1</c>.</summary>
    public static string Parts(InputContract input) => input.Parts is [{ Role: PartRole.Caption }]
        ? $"{Lower(input.Type)}: caption"
        : $"{Lower(input.Layout)} {Lower(input.Type)}: {string.Join(", ", input.Parts.Select(Part))}";

    /// <summary>Such as <c>nchw float32: fill rgb 0..1</c>.</summary>
    public static string Output(OutputContract output) =>
        $"{Lower(output.Layout)} {Lower(output.Type)}: {Lower(output.Content)} {Lower(output.Channels)} "
            + $"{Values(output.Range, output.Mean, output.Std)}";

    /// <summary>The measured PSNR: of the split <c>test</c>, else of the first split that has one.</summary>
    public static (string Split, double Psnr)? HolePsnr(GraphManifest manifest)
    {
        foreach (string split in (manifest.Scores?.Keys ?? []).OrderBy(s => s != "test"))
        {
            if (manifest.Scores![split].TryGetValue("hole_psnr", out double psnr))
            {
                return (split, psnr);
            }
        }

        return null;
    }

    private static string Part(InputPart part) => part.Role switch
    {
        PartRole.Image => $"image {Lower(part.Channels)} {Values(part.Range, part.Mean, part.Std)}{Text($", hidden {part.Hidden}")}",
        PartRole.Mask => Text($"mask {part.Known} known, {part.Hole} hole"),
        _ => Lower(part.Role),
    };

    private static string Values(IReadOnlyList<float> range, IReadOnlyList<float>? mean, IReadOnlyList<float>? std) =>
        mean is null || std is null
        ? Text($"{range[0]}..{range[1]}")
        : $"less mean [{Join(mean)}] over std [{Join(std)}]";

    private static string Join(IEnumerable<float> numbers) => string.Join(", ", numbers.Select(n => Text($"{n}")));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Lower<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
