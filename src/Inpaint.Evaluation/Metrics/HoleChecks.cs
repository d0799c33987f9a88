using Inpaint.Photos;

namespace Inpaint.Evaluation.Metrics;

/// <summary>What every fill and figure asks of its hole.</summary>
internal static class HoleChecks
{
    /// <summary>Refuses a hole that is empty or leaves the photo.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It does.</exception>
    public static void RequireInside(Photo photo, PixelRect hole)
    {
        ArgumentNullException.ThrowIfNull(photo);
        if (hole.IsEmpty || hole.Intersect(new PixelRect(0, 0, photo.Width, photo.Height)) != hole)
        {
            throw new ArgumentOutOfRangeException(nameof(hole), hole, $"The hole does not lie inside the {photo.Width}x{photo.Height} photo, or is empty; expected at least one pixel, none of them outside.");
        }
    }
}
