using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Inpaint.Holes;

/// <summary>A family of random holes.</summary>
public enum MaskKind
{
    /// <summary>The centre half of the centred square, as <see cref="Hole.Default"/> hides it; always the same.</summary>
    Centre,

    /// <summary>Thick polylines, as in the medium masks of LaMa (arXiv 2109.07161).</summary>
    Strokes,

    /// <summary>Axis-aligned rectangles.</summary>
    Boxes,

    /// <summary>Smooth closed outlines of about the size and shape of an object.</summary>
    Blobs,
}

/// <summary>
/// Random masks for training and evaluation. A mask depends on kind, size, seed and index only and is the same on every platform: only
/// additions, multiplications, divisions and square roots are used. Lengths below are shares of the shorter side.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item><b>Strokes</b>: 4 or 5 polylines of 1 to 5 segments. A segment is 0.04 to 0.43 long and 0.02 to 0.21 thick, with round ends,
/// starts at the end of the previous one and has a uniformly random direction. The first one starts anywhere; ends are clamped to the
/// picture. LaMa's <c>random_medium_256</c> has 10 to 110 of 256 pixels for the length and 5 to 55 for the thickness.</item>
/// <item><b>Boxes</b>: 1 to 4 rectangles with sides of 0.06 to 0.4, anywhere inside the picture. LaMa adds up to 5 smaller ones, of 10 to
/// 50 of 256 pixels, to some of its strokes; alone, boxes are larger here, to hide about as much.</item>
/// <item><b>Blobs</b>: 1 to 3 outlines r (1 + sum of harmonics k = 2 to 5) with r of 0.08 to 0.25 and amplitudes of up to 0.3/k,
/// stretched by up to 1.8 in a random direction. The centre is anywhere in the picture, so that a blob may cross the border.</item>
/// </list>
/// A mask that hides nothing or more than half of the picture is drawn again.
/// </remarks>
public static class RandomMasks
{
    /// <summary>The smallest side of a mask, in pixels.</summary>
    public const int SmallestSide = 8;

    /// <summary>A mask of a seeded series.</summary>
    /// <param name="kind">The family.</param>
    /// <param name="width">Columns, at least <see cref="SmallestSide"/>.</param>
    /// <param name="height">Rows, at least <see cref="SmallestSide"/>.</param>
    /// <param name="seed">The seed of the series.</param>
    /// <param name="index">The mask's place in the series, such as the number of the photo.</param>
    public static Mask Create(MaskKind kind, int width, int height, ulong seed, long index)
    {
        var random = SplitMix64.For(seed ^ ((ulong)kind << 32), index);
        return Create(kind, width, height, ref random);
    }

    /// <summary>The mask of a photo: its place in the series is the first 8 bytes, little-endian, of the SHA-256 of its UTF-8 id.</summary>
    /// <param name="kind">The family.</param>
    /// <param name="width">Columns, at least <see cref="SmallestSide"/>.</param>
    /// <param name="height">Rows, at least <see cref="SmallestSide"/>.</param>
    /// <param name="seed">The seed of the series.</param>
    /// <param name="id">The photo's name in its dataset.</param>
    public static Mask Create(MaskKind kind, int width, int height, ulong seed, string id) =>
        Create(kind, width, height, seed, BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(id))));

    /// <summary>The next mask that a generator draws.</summary>
    /// <inheritdoc cref="Create(MaskKind, int, int, ulong, long)"/>
    public static Mask Create(MaskKind kind, int width, int height, ref SplitMix64 random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, SmallestSide);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, SmallestSide);
        if (kind == MaskKind.Centre)
        {
            return Mask.Rectangle(width, height, Hole.Default(width, height).Bounds);
        }

        var mask = new Mask(width, height);
        int hidden;
        do
        {
            mask.Fill(hidden: false);
            switch (kind)
            {
                case MaskKind.Strokes:
                    Strokes(mask, ref random);
                    break;
                case MaskKind.Boxes:
                    Boxes(mask, ref random);
                    break;
                default:
                    Blobs(mask, ref random);
                    break;
            }

            hidden = mask.Pixels.Count((byte)255);
        }
        while (hidden == 0 || hidden * 2 > mask.Pixels.Length);
        return mask;
    }

    private static void Strokes(Mask mask, ref SplitMix64 random)
    {
        float side = Math.Min(mask.Width, mask.Height);
        for (int stroke = 4 + random.Below(2); stroke > 0; stroke--)
        {
            float x = random.NextSingle() * mask.Width, y = random.NextSingle() * mask.Height;
            for (int segment = 1 + random.Below(5); segment > 0; segment--)
            {
                (float dx, float dy) = Direction(ref random);
                float length = side * random.Between(0.04f, 0.43f), radius = side * random.Between(0.01f, 0.105f);
                float toX = Math.Clamp(x + (dx * length), 0, mask.Width), toY = Math.Clamp(y + (dy * length), 0, mask.Height);
                Segment(mask, x, y, toX, toY, Math.Max(radius, 0.75f));
                (x, y) = (toX, toY);
            }
        }
    }

    private static void Boxes(Mask mask, ref SplitMix64 random)
    {
        float side = Math.Min(mask.Width, mask.Height);
        for (int box = 1 + random.Below(4); box > 0; box--)
        {
            int width = Math.Max(1, (int)(side * random.Between(0.06f, 0.4f)));
            int height = Math.Max(1, (int)(side * random.Between(0.06f, 0.4f)));
            int left = random.Below(mask.Width - width + 1), top = random.Below(mask.Height - height + 1);
            for (int y = top; y < top + height; y++)
            {
                mask.Row(y).Slice(left, width).Fill(255);
            }
        }
    }

    private static void Blobs(Mask mask, ref SplitMix64 random)
    {
        float side = Math.Min(mask.Width, mask.Height);
        for (int blob = 1 + random.Below(3); blob > 0; blob--)
        {
            float x = random.NextSingle() * mask.Width, y = random.NextSingle() * mask.Height;
            Blob(mask, x, y, side * random.Between(0.08f, 0.25f), ref random);
        }
    }

    // The outline's radius in direction t is r (1 + sum of a_k cos(k t) + b_k sin(k t)); (cos, sin)(k t) are powers of the unit vector.
    private static void Blob(Mask mask, float centreX, float centreY, float radius, ref SplitMix64 random)
    {
        Span<(float Cosine, float Sine)> harmonics = stackalloc (float, float)[4];
        float largest = 1;
        for (int i = 0; i < harmonics.Length; i++)
        {
            float amplitude = 0.3f / (i + 2) * random.NextSingle();
            (float a, float b) = Direction(ref random);
            harmonics[i] = (amplitude * a, amplitude * b);
            largest += amplitude;
        }

        (float axisX, float axisY) = Direction(ref random);
        float stretch = MathF.Sqrt(random.Between(1, 1.8f)), reach = radius * largest * stretch;
        int top = Math.Max(0, (int)(centreY - reach)), bottom = Math.Min(mask.Height - 1, (int)(centreY + reach));
        int left = Math.Max(0, (int)(centreX - reach)), right = Math.Min(mask.Width - 1, (int)(centreX + reach));
        for (int y = top; y <= bottom; y++)
        {
            Span<byte> row = mask.Row(y);
            for (int x = left; x <= right; x++)
            {
                float dx = x + 0.5f - centreX, dy = y + 0.5f - centreY;
                float along = ((dx * axisX) + (dy * axisY)) / stretch, across = ((dy * axisX) - (dx * axisY)) * stretch;
                float distance = MathF.Sqrt((along * along) + (across * across)), outline = 1;
                if (distance > 0)
                {
                    float unitX = along / distance, unitY = across / distance, cosine = unitX, sine = unitY;
                    foreach ((float a, float b) in harmonics)
                    {
                        (cosine, sine) = ((cosine * unitX) - (sine * unitY), (sine * unitX) + (cosine * unitY));
                        outline += (a * cosine) + (b * sine);
                    }
                }

                if (distance <= radius * outline)
                {
                    row[x] = 255;
                }
            }
        }
    }

    private static void Segment(Mask mask, float fromX, float fromY, float toX, float toY, float radius)
    {
        int top = Math.Max(0, (int)(Math.Min(fromY, toY) - radius));
        int bottom = Math.Min(mask.Height - 1, (int)(Math.Max(fromY, toY) + radius));
        int left = Math.Max(0, (int)(Math.Min(fromX, toX) - radius));
        int right = Math.Min(mask.Width - 1, (int)(Math.Max(fromX, toX) + radius));
        float dx = toX - fromX, dy = toY - fromY, square = (dx * dx) + (dy * dy);
        for (int y = top; y <= bottom; y++)
        {
            Span<byte> row = mask.Row(y);
            for (int x = left; x <= right; x++)
            {
                float px = x + 0.5f - fromX, py = y + 0.5f - fromY;
                float share = square > 0 ? Math.Clamp(((px * dx) + (py * dy)) / square, 0, 1) : 0;
                float offX = px - (share * dx), offY = py - (share * dy);
                if ((offX * offX) + (offY * offY) <= radius * radius)
                {
                    row[x] = 255;
                }
            }
        }
    }

    // A unit vector, uniform over the circle: a point of the disc, without trigonometry.
    private static (float X, float Y) Direction(ref SplitMix64 random)
    {
        while (true)
        {
            float x = random.Between(-1, 1), y = random.Between(-1, 1), square = (x * x) + (y * y);
            if (square is > 0.01f and <= 1)
            {
                float length = MathF.Sqrt(square);
                return (x / length, y / length);
            }
        }
    }
}
