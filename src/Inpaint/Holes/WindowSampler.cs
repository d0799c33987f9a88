using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Inpaint.Photos;

namespace Inpaint.Holes;

/// <summary>
/// Scales a window of a photo to a graph's size, and a completed picture back into the hole. Downscaling averages the area that each target
/// pixel covers; upscaling interpolates. The axes are scaled independently.
/// </summary>
public static class WindowSampler
{
    /// <summary>
    /// Scales a window of the photo to the picture's size. Beyond the photo, its edge pixels are repeated. Hidden pixels do not contribute:
    /// each picture pixel is the weighted mean of the known pixels it covers. A picture pixel less than half of which (by weight) is
    /// known is hidden, and black.
    /// </summary>
    /// <param name="photo">The photo.</param>
    /// <param name="hole">The photo's hidden pixels.</param>
    /// <param name="window">The window, in the photo's pixels. It must overlap the photo.</param>
    /// <param name="picture">Receives the scaled window. Upscaling interpolates linearly.</param>
    /// <param name="hidden">Receives 255 for hidden and 0 for known pixels. It must have the picture's size.</param>
    /// <exception cref="ArgumentException">The window does not overlap the photo, or the picture and the mask differ in size.</exception>
    /// <exception cref="PhotoException">The hole does not fit the photo.</exception>
    public static void Extract(Photo photo, Hole hole, PixelRect window, Photo picture, Mask hidden)
    {
        ArgumentNullException.ThrowIfNull(photo);
        ArgumentNullException.ThrowIfNull(hole);
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(hidden);
        hole.CheckFits(photo);
        if (window.Intersect(new PixelRect(0, 0, photo.Width, photo.Height)).IsEmpty)
        {
            throw new ArgumentException($"{window} does not overlap the {photo.Width}x{photo.Height} photo.", nameof(window));
        }

        if (hidden.Width != picture.Width || hidden.Height != picture.Height)
        {
            throw new ArgumentException(
                $"A {hidden.Width}x{hidden.Height} mask for a {picture.Width}x{picture.Height} picture; expected equal sizes.",
                nameof(hidden));
        }

        if (window.Width == picture.Width && window.Height == picture.Height)
        {
            Copy(photo, hole, window, picture, hidden);
        }
        else
        {
            Scale(photo, hole, window, picture, hidden);
        }
    }

    private static void Copy(Photo photo, Hole hole, PixelRect window, Photo picture, Mask hidden)
    {
        PixelRect inside = window.Intersect(new PixelRect(0, 0, photo.Width, photo.Height));
        int left = inside.X - window.X, width = inside.Width;
        Span<uint> target = MemoryMarshal.Cast<byte, uint>(picture.Pixels);
        ReadOnlySpan<uint> source = MemoryMarshal.Cast<byte, uint>((ReadOnlySpan<byte>)photo.Pixels);
        hidden.Fill(false);
        for (int y = 0; y < window.Height; y++)
        {
            int sourceY = Math.Clamp(window.Y + y, 0, photo.Height - 1);
            Span<uint> row = target.Slice(y * window.Width, window.Width);
            Span<byte> hiddenRow = hidden.Row(y);
            source.Slice((sourceY * photo.Width) + inside.X, width).CopyTo(row[left..]);
            for (var (start, length) = hole.NextRun(sourceY, inside.X, inside.Right);
                length > 0;
                (start, length) = hole.NextRun(sourceY, start + length, inside.Right))
            {
                row.Slice(start - window.X, length).Fill(PixelSums.Opaque);
                hiddenRow.Slice(start - window.X, length).Fill(255);
            }

            if (width < window.Width)
            {
                RepeatEnds(row, left, width);
                RepeatEnds(hiddenRow, left, width);
            }
        }
    }

    private static void RepeatEnds<T>(Span<T> row, int left, int width)
    {
        row[..left].Fill(row[left]);
        row[(left + width)..].Fill(row[left + width - 1]);
    }

    /// <summary>
    /// Hidden pixels are summed as four zero bytes, so the sum of the alpha channel (255 if known) is the known share of the weight.
    /// </summary>
    private static void Scale(Photo photo, Hole hole, PixelRect window, Photo picture, Mask hidden)
    {
        const float half = 127.5f - 0.01f; // less than half by more than the rounding error
        using var rows = new AxisFilter(window.Y, window.Height, photo.Height, picture.Height, 0, picture.Height, UpscalingKernel.Triangle);
        using var columns = new AxisFilter(window.X, window.Width, photo.Width, picture.Width, 0, picture.Width, UpscalingKernel.Triangle);
        int firstColumn = columns.First, length = 4 * (columns.End - firstColumn);
        float[] rentedSums = ArrayPool<float>.Shared.Rent(length);
        byte[] rentedRow = ArrayPool<byte>.Shared.Rent(length);
        Span<float> sums = rentedSums.AsSpan(0, length);
        Span<byte> cleared = rentedRow.AsSpan(0, length);
        Span<uint> pixels = MemoryMarshal.Cast<byte, uint>(picture.Pixels);
        for (int y = 0; y < picture.Height; y++)
        {
            sums.Clear();
            ReadOnlySpan<float> rowWeights = rows.Weights(y);
            for (int i = 0; i < rowWeights.Length; i++)
            {
                int sourceY = rows.FirstOf(y) + i;
                ReadOnlySpan<byte> row = photo.Pixels.Slice(4 * ((sourceY * photo.Width) + firstColumn), length);
                if (hole.NextRun(sourceY, firstColumn, columns.End).Length > 0)
                {
                    row.CopyTo(cleared);
                    hole.Clear(cleared, firstColumn, sourceY);
                    row = cleared;
                }

                PixelSums.AddRow(row, rowWeights[i], sums);
            }

            Span<byte> hiddenRow = hidden.Row(y);
            for (int x = 0; x < picture.Width; x++)
            {
                Vector128<float> sum = PixelSums.Sum(sums, columns.FirstOf(x) - firstColumn, columns.Weights(x));
                float known = sum.GetElement(3);
                bool isHidden = known < half;
                hiddenRow[x] = isHidden ? (byte)255 : (byte)0;
                pixels[(y * picture.Width) + x] = isHidden ? PixelSums.Opaque : PixelSums.ToPixel(sum * (255f / known));
            }
        }

        ArrayPool<float>.Shared.Return(rentedSums);
        ArrayPool<byte>.Shared.Return(rentedRow);
    }

    /// <summary>
    /// Scales a completed picture back to its window and writes the pixels that <paramref name="part"/> hides. All other pixels of the
    /// destination are left unchanged.
    /// </summary>
    /// <param name="picture">The completed window, at the graph's size. Upscaling uses a Lanczos kernel with three lobes.</param>
    /// <param name="window">The window, in the destination's pixels. It may extend beyond the destination.</param>
    /// <param name="part">The pixels to write; those outside the window are left unchanged.</param>
    /// <param name="destination">The photo to complete.</param>
    /// <param name="feather">
    /// The width in pixels of the band inside the hole in which the fill is blended with the photo: a pixel whose nearest known pixel is at
    /// distance d &lt;= feather (Euclidean, between centres) is d/(feather+1) fill, and the rest that known pixel's colour. Default 0: no
    /// blending.
    /// </param>
    /// <exception cref="ArgumentException">The window is empty.</exception>
    /// <exception cref="PhotoException">The part does not fit the destination.</exception>
    public static void Paste(Photo picture, PixelRect window, Hole part, Photo destination, int feather = 0)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(part);
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentOutOfRangeException.ThrowIfNegative(feather);
        part.CheckFits(destination);
        if (window.IsEmpty)
        {
            throw new ArgumentException($"{window} is empty.", nameof(window));
        }

        PixelRect region = part.Bounds.Intersect(window);
        if (region.IsEmpty)
        {
            return;
        }

        using var scaled = new ScaledPicture(picture, window, region);
        Feather? band = feather > 0 ? new Feather(part, destination, feather) : null;
        Span<uint> pixels = MemoryMarshal.Cast<byte, uint>(destination.Pixels);
        for (int y = region.Y; y < region.Bottom; y++)
        {
            Span<uint> row = pixels.Slice(y * destination.Width, destination.Width);
            scaled.MoveTo(y);
            band?.MoveTo(y);
            for (var (start, length) = part.NextRun(y, region.X, region.Right);
                length > 0;
                (start, length) = part.NextRun(y, start + length, region.Right))
            {
                scaled.Write(start, y, row.Slice(start, length));
                band?.Blend(start, row.Slice(start, length));
            }
        }
    }

    /// <summary>Scales a photo: downscaling averages areas, upscaling uses a Lanczos kernel with three lobes.</summary>
    /// <param name="photo">The photo.</param>
    /// <param name="width">Columns of the result, at least 1.</param>
    /// <param name="height">Rows of the result, at least 1.</param>
    public static Photo Resize(Photo photo, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(photo);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        var whole = new PixelRect(0, 0, width, height);
        var resized = new Photo(width, height, GC.AllocateUninitializedArray<byte>(checked(4 * width * height)));
        Span<uint> pixels = MemoryMarshal.Cast<byte, uint>(resized.Pixels);
        using var scaled = new ScaledPicture(photo, whole, whole);
        for (int y = 0; y < height; y++)
        {
            scaled.MoveTo(y);
            scaled.Write(0, y, pixels.Slice(y * width, width));
        }

        return resized;
    }
}
