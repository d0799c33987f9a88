using System.Diagnostics;
using Microsoft.ML.Data;

namespace Inpaint.ML.Rows;

/// <summary>Converts between photos and ML.NET's images.</summary>
internal static class MLImages
{
    // Pixels are reported to the garbage collector in steps of this many bytes; smaller steps would pause the workers too often.
    private const long ReportStep = 16 << 20;

    private static long _unreported;

    /// <summary>An image that the caller owns.</summary>
    public static MLImage FromPhoto(Photo photo) =>
        Report(MLImage.CreateFromPixels(photo.Width, photo.Height, MLPixelFormat.Rgba32, photo.Pixels));

    /// <summary>The image of a row without one, which failed.</summary>
    /// <param name="blank">Whether it is a blank image, a black pixel, rather than null.</param>
    /// <param name="error">The error for transforms of ML.NET, which fail on null without naming the row.</param>
    public static MLImage Missing(bool blank, Func<Exception> error) => blank ? FromPhoto(BlankPhoto())
        : IsReadByStockTransform() ? throw error()
        : null!;

    /// <summary>A black pixel.</summary>
    public static Photo BlankPhoto() => new(1, 1);

    /// <summary>
    /// Whether a transform of ML.NET is reading: for a null image it returns the previous row's, which it has disposed. Its readers of
    /// values (<c>GetColumn</c>, <c>CreateEnumerable</c>, prediction engines) accept null.
    /// </summary>
    private static bool IsReadByStockTransform() => new StackTrace().GetFrames()
        .Select(frame => frame.GetMethod()?.Module.Assembly.GetName().Name ?? "")
        .FirstOrDefault(name => name.StartsWith("Microsoft.ML", StringComparison.Ordinal)) is { } reader
            && reader is not ("Microsoft.ML.Data" or "Microsoft.ML.Core" or "Microsoft.ML.DataView");

    /// <summary>A copy with the same tag.</summary>
    public static MLImage? Clone(MLImage? image)
    {
        if (image is null)
        {
            return null;
        }

        MLImage copy = Report(MLImage.CreateFromPixels(image.Width, image.Height, image.PixelFormat, image.Pixels));
        copy.Tag = image.Tag;
        return copy;
    }

    /// <summary>
    /// A copy of an image's pixels, composed over the background where they are transparent. ML.NET's images have premultiplied alpha.
    /// </summary>
    public static Photo ToPhoto(MLImage image, (byte Red, byte Green, byte Blue) background)
    {
        (int red, int blue) = image.PixelFormat switch
        {
            MLPixelFormat.Rgba32 => (0, 2),
            MLPixelFormat.Bgra32 => (2, 0),
            _ => throw new PhotoException($"The image '{image.Tag}' has the pixel format {image.PixelFormat}; expected Rgba32 or Bgra32."),
        };
        ReadOnlySpan<byte> from = image.Pixels;
        var photo = new Photo(image.Width, image.Height);
        Span<byte> to = photo.Pixels;
        for (int i = 0; i < to.Length; i += 4)
        {
            int clear = 255 - from[i + 3];
            to[i] = Over(from[i + red], background.Red, clear);
            to[i + 1] = Over(from[i + 1], background.Green, clear);
            to[i + 2] = Over(from[i + blue], background.Blue, clear);
        }

        return photo;
    }

    private static byte Over(int premultiplied, int background, int clear) =>
        clear == 0 ? (byte)premultiplied : (byte)Math.Min(255, premultiplied + (((background * clear) + 127) / 255));

    /// <summary>
    /// Reports the native memory of an image to the garbage collector; otherwise a long pass could hold thousands of images that nobody
    /// disposed. Memory is reported in steps and taken back at the next collection: what counts is how much is allocated between two of
    /// them.
    /// </summary>
    private static MLImage Report(MLImage image)
    {
        long bytes = 4L * image.Width * image.Height;
        if (Interlocked.Add(ref _unreported, bytes) >= ReportStep && Interlocked.Exchange(ref _unreported, 0) is > 0 and long step)
        {
            _ = new MemoryPressure(step);
        }

        return image;
    }

    private sealed class MemoryPressure
    {
        private readonly long _bytes;

        public MemoryPressure(long bytes)
        {
            _bytes = bytes;
            GC.AddMemoryPressure(bytes);
        }

        ~MemoryPressure() => GC.RemoveMemoryPressure(_bytes);
    }
}
