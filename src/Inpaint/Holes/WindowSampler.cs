using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Inpaint.Photos;

namespace Inpaint.Holes;

/// <summary>
/// Takes a window out of a photo at a graph's size, and puts a completed picture back into the hole. An axis that shrinks is averaged
/// over the area each target pixel covers; an axis that grows is interpolated.
/// </summary>
public static class WindowSampler
{
    /// <summary>
    /// Scales a window of the photo to the picture's size. Where the window leaves the photo, the photo's edge pixels are repeated.
    /// Hidden pixels of the photo contribute to no pixel of the picture: each picture pixel is the weighted mean of the known pixels it covers.
    /// One of which less than half (by weight) is known is hidden itself, and black.
    /// </summary>
    /// <param name="photo">The photo.</param>
    /// <param name="hole">The photo's hidden pixels; it must fit the photo (<see cref="Hole.CheckFits"/>).</param>
    /// <param name="window">The window, in the photo's pixels; it shares at least one pixel with the photo.</param>
    /// <param name="picture">Receives the scaled window, every pixel of it. An axis that grows is interpolated linearly.</param>
    /// <param name="hidden">Receives 255 for hidden and 0 for known pixels; of the picture's size.</param>
    /// <exception cref="ArgumentException">The window does not touch the photo, or picture and mask differ in size.</exception>
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
            throw new ArgumentException($"{window} shares no pixel with the {photo.Width}x{photo.Height} photo.", nameof(window));
        }

        if (hidden.Width != picture.Width || hidden.Height != picture.Height)
        {
            throw new ArgumentException($"A mask of {hidden.Width}x{hidden.Height} pixels for a picture of {picture.Width}x{picture.Height}; expected equal sizes.", nameof(hidden));
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
            for (var (start, length) = hole.NextRun(sourceY, inside.X, inside.Right); length > 0; (start, length) = hole.NextRun(sourceY, start + length, inside.Right))
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

    /// <summary>All four bytes of hidden pixels count as 0 and the fourth of known pixels is 255, so that the fourth sum is the known part of the weight.</summary>
    private static void Scale(Photo photo, Hole hole, PixelRect window, Photo picture, Mask hidden)
    {
        const float half = 127.5f - 0.01f; // below any sum that is half but for rounding
        using var rows = new AxisFilter(window.Y, window.Height, photo.Height, picture.Height, 0, picture.Height, Enlarging.Triangle);
        using var columns = new AxisFilter(window.X, window.Width, photo.Width, picture.Width, 0, picture.Width, Enlarging.Triangle);
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
    /// Scales a completed picture back over its window and writes it where <paramref name="part"/> hides the destination's pixels;
    /// every other pixel of the destination stays as it is, bit for bit.
    /// </summary>
    /// <param name="picture">The completed window, at the graph's size. An axis that grows is interpolated by Lanczos's kernel of three lobes.</param>
    /// <param name="window">The window, in the destination's pixels; it may leave the destination.</param>
    /// <param name="part">The pixels to write; those outside the window stay as they are.</param>
    /// <param name="destination">The photo to complete.</param>
    /// <param name="feather">
    /// Width in pixels of the band inside the hole in which the fill passes over from the photo: a pixel at distance d (Euclidean, between centres, so 1
    /// beside a known pixel) of at most <paramref name="feather"/> from the nearest known pixel is d/(feather+1) fill, the rest that pixel's colour.
    /// Default 0: the fill alone.
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
            for (var (start, length) = part.NextRun(y, region.X, region.Right); length > 0; (start, length) = part.NextRun(y, start + length, region.Right))
            {
                scaled.Write(start, y, row.Slice(start, length));
                band?.Blend(start, row.Slice(start, length));
            }
        }
    }

    /// <summary>A photo of another size: an axis that shrinks is averaged over areas, one that grows is interpolated by Lanczos's kernel of three lobes.</summary>
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
