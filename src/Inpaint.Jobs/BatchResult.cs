namespace Inpaint.Jobs;

/// <summary>What became of one photo of a batch job.</summary>
/// <param name="Id">Names it within the dataset.</param>
/// <param name="Status"><c>ok</c>, <c>bad_photo</c>, <c>bad_mask</c>, <c>bad_caption</c> or <c>graph_failed</c>.</param>
/// <param name="Error">What went wrong; null when nothing did.</param>
/// <param name="Image">The completed photo as a PNG file; null when something went wrong.</param>
/// <param name="HoleMse">The fill's mean squared error, with values of 0 to 1; null without the truth.</param>
/// <param name="HolePsnr">The same in dB; null without the truth, or where the fill is the truth.</param>
public sealed record BatchResult(string Id, string Status, string? Error, byte[]? Image, double? HoleMse, double? HolePsnr)
{
    /// <summary>The status of a photo that is completed.</summary>
    public const string Ok = "ok";
}
