namespace Inpaint.Jobs;

/// <summary>The result of one photo of a batch job.</summary>
/// <param name="Id">The photo's id within the dataset.</param>
/// <param name="Status"><c>ok</c>, <c>bad_photo</c>, <c>bad_mask</c>, <c>bad_caption</c> or <c>graph_failed</c>.</param>
/// <param name="Error">What went wrong; null for a completed photo.</param>
/// <param name="Image">The completed photo as a PNG file; null if none.</param>
/// <param name="HoleMse">The fill's mean squared error, with values of 0 to 1; null without the original.</param>
/// <param name="HolePsnr">The same in dB; null without the original, or when the fill equals it.</param>
public sealed record BatchResult(string Id, string Status, string? Error, byte[]? Image, double? HoleMse, double? HolePsnr)
{
    /// <summary>The status of a completed photo.</summary>
    public const string Ok = "ok";
}
