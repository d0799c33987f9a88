using Inpaint.Photos;
using Microsoft.ML.Data;

namespace Inpaint.ML.Rows;

/// <summary>Photos to ML.NET's images and back.</summary>
internal static class MLImages
{
    // A collection is set off by this many bytes of pixels; by fewer, the workers would stand still more often than the memory is worth.
    private const long Told = 16 << 20;

    private static long _untold;

    /// <summary>An image that is the receiver's own: nothing here disposes it.</summary>
    public static MLImage FromPhoto(Photo photo) => Own(MLImage.CreateFromPixels(photo.Width, photo.Height, MLPixelFormat.Rgba32, photo.Pixels));

    /// <summary>A copy with the same tag.</summary>
    public static MLImage? Clone(MLImage? image)
    {
        if (image is null)
        {
            return null;
        }

        MLImage copy = Own(MLImage.CreateFromPixels(image.Width, image.Height, image.PixelFormat, image.Pixels));
        copy.Tag = image.Tag;
        return copy;
    }

    /// <summary>A copy of an image's pixels, laid over the background where they are transparent. ML.NET's images are premultiplied.</summary>
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
    /// Pixels of an image lie outside the collector's sight: it is told of them, or a long pass would hold thousands of images that nobody
    /// disposed. It is told in lots, and that a lot is gone at the next collection: what matters is how much is made between two of them.
    /// </summary>
    private static MLImage Own(MLImage image)
    {
        long bytes = 4L * image.Width * image.Height;
        if (Interlocked.Add(ref _untold, bytes) >= Told && Interlocked.Exchange(ref _untold, 0) is > 0 and long lot)
        {
            _ = new Pressure(lot);
        }

        return image;
    }

    private sealed class Pressure
    {
        private readonly long _bytes;

        public Pressure(long bytes)
        {
            _bytes = bytes;
            GC.AddMemoryPressure(bytes);
        }

        ~Pressure() => GC.RemoveMemoryPressure(_bytes);
    }
}
