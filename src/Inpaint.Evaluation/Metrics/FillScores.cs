using System.Text.Json.Serialization;
using Inpaint.Json;

namespace Inpaint.Evaluation.Metrics;

/// <summary>The error of the hole's pixels between two distances from its edge.</summary>
/// <param name="Name">First and last distance in pixels: "1-2" is the two outermost rows and columns of the hole.</param>
/// <param name="Mse">Mean squared error of these pixels over all photos and channels, pixels in 0..1.</param>
public sealed record DepthBand(string Name, double Mse);

/// <summary>
/// How well holes were filled, over all photos of a test. Figures that nothing defines (SSIM of a hole narrower than its
/// window, a ratio whose truth is 0) are null. Written by <see cref="StrictJson"/>, the keys are <c>hole_mse</c>, <c>hole_psnr</c>, ...
/// </summary>
public sealed record FillScores
{
    /// <summary>The highest PSNR in dB that is ever stated: that of a perfect fill, which has none.</summary>
    public const double HighestPsnr = 100;

    /// <summary>How many photos were scored.</summary>
    public required long Photos { get; init; }

    /// <summary>Mean squared error over all hole pixels and channels of all photos, pixels in 0..1.</summary>
    public required double HoleMse { get; init; }

    /// <summary>-10 log10 of <see cref="HoleMse"/>, in dB, at most 100. The headline.</summary>
    public required double HolePsnr { get; init; }

    /// <summary>Mean of the photos' own PSNRs (each at most 100), in dB. Higher than <see cref="HolePsnr"/>; never to be mixed with it.</summary>
    public required double HolePsnrMean { get; init; }

    /// <summary>Mean absolute error in the hole, in per cent of the full range.</summary>
    public required double HoleL1 { get; init; }

    /// <summary>
    /// SSIM of the hole alone: Gaussian window of 11, sigma 1.5, valid windows only, range 1, C1 = 0.01², C2 = 0.03², mean of the
    /// channels, then of the photos. Null when every hole is narrower than 11 pixels.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required double? HoleSsim { get; init; }

    /// <summary>PSNR of the pooled error over the whole pasted photos, in dB, at most 100.</summary>
    public required double WholePsnr { get; init; }

    /// <summary>SSIM of the whole pasted photos, by the rule of <see cref="HoleSsim"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required double? WholeSsim { get; init; }

    /// <summary>Error by distance from the hole's edge: 1-2, 3-4, 5-8, 9-12, 13-16 pixels. Bands that no hole has are absent; deeper pixels are in none.</summary>
    public required IReadOnlyList<DepthBand> Depth { get; init; }

    /// <summary>
    /// Absolute forward differences in x and y, each channel, both pixels in the hole, summed over all photos: fill over truth.
    /// 1 is as sharp as the photos; a blurred fill is far below.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required double? Sharpness { get; init; }

    /// <summary>
    /// Mean over photos of the root-mean-square distance, in log10 power, between fill and truth over 8 radial bands of the hole's
    /// spectrum (Rec. 601 luminance, periodic Hann window, without the constant term, powers below 1e-6 counted as 1e-6).
    /// 0 is the truth; 1 is wrong tenfold. Null when every hole is too small to have a band.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required double? Spectrum { get; init; }

    /// <summary>
    /// Mean absolute step from the last known pixel to the first filled one, fill over truth: 1 is as smooth as the photo.
    /// Sides of a hole on the photo's edge have no step.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required double? Seam { get; init; }

    /// <summary>
    /// Mean absolute difference between fills of different photos over that between their truths, each photo against the 8 before it:
    /// near 0 is mode collapse. Null for a single photo.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required double? Spread { get; init; }

    /// <summary>Each photo's own mean squared error in the hole, in the order added: what <see cref="PairedBootstrap"/> takes. Not written as JSON.</summary>
    [JsonIgnore]
    public IReadOnlyList<double> PhotoErrors { get; init; } = [];

    /// <summary>-10 log10 of a mean squared error of pixels in 0..1, in dB, at most <see cref="HighestPsnr"/>.</summary>
    public static double Psnr(double meanSquaredError) => Math.Min(HighestPsnr, -10 * Math.Log10(meanSquaredError));
}
