using SkiaSharp;

namespace Inpaint;

/// <summary>Turns and mirrors decoded pixels as EXIF says they are to be seen.</summary>
internal static class Orientation
{
    public static Photo Apply(Photo stored, SKEncodedOrigin origin)
    {
        if (origin is SKEncodedOrigin.Default or SKEncodedOrigin.TopLeft)
        {
            return stored;
        }

        bool turned = origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
        int w = stored.Width, h = stored.Height;
        var seen = new Photo(turned ? h : w, turned ? w : h);
        ReadOnlySpan<uint> from = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, uint>(stored.Pixels);
        Span<uint> to = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, uint>(seen.Pixels);
        for (int y = 0; y < seen.Height; y++)
        {
            for (int x = 0; x < seen.Width; x++)
            {
                (int sx, int sy) = origin switch
                {
                    SKEncodedOrigin.TopRight => (w - 1 - x, y),
                    SKEncodedOrigin.BottomRight => (w - 1 - x, h - 1 - y),
                    SKEncodedOrigin.BottomLeft => (x, h - 1 - y),
                    SKEncodedOrigin.LeftTop => (y, x),
                    SKEncodedOrigin.RightTop => (y, h - 1 - x),
                    SKEncodedOrigin.RightBottom => (w - 1 - y, h - 1 - x),
                    _ => (w - 1 - y, x),
                };
                to[(y * seen.Width) + x] = from[(sy * w) + sx];
            }
        }

        return seen;
    }
}
