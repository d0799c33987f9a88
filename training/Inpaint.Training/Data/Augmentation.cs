namespace Inpaint.Training.Data;

/// <summary>
/// Changes a photo as a whole (mirror, crop, rotation, aspect, brightness, contrast, saturation, hue) and writes it as floats.
/// </summary>
/// <param name="config">The ranges of the changes.</param>
/// <param name="size">Side of the result in pixels.</param>
/// <param name="source">Side of the photos; default the same. Crops are taken from squares of at most twice the size.</param>
internal sealed class Augmentation(AugmentationConfig config, int size, int? source = null)
{
    private readonly int _source = source ?? size;

    /// <summary>Writes a photo unchanged.</summary>
    /// <param name="rgb">Rows of red, green, blue, 0..255.</param>
    /// <param name="values">The same order, 0..1.</param>
    public static void Plain(ReadOnlySpan<byte> rgb, Span<float> values)
    {
        for (int i = 0; i < rgb.Length; i++)
        {
            values[i] = rgb[i] * (1f / 255);
        }
    }

    /// <summary>Writes a photo with random changes.</summary>
    public void Apply(ReadOnlySpan<byte> rgb, Span<float> values, ref SplitMix64 random)
    {
        bool mirror = config.Flip && random.NextSingle() < 0.5f;
        float side = Math.Min(_source, 2 * size) * Between(ref random, config.Crop, 1);
        float across = random.NextSingle(), down = random.NextSingle();
        float contrast = 1 + Between(ref random, -config.Contrast, config.Contrast);
        float shift = Between(ref random, -config.Brightness, config.Brightness);
        float saturation = 1 + Between(ref random, -config.Saturation, config.Saturation);
        if (config.Aspect == 0 && config.Rotation == 0)
        {
            Sample(rgb, values, (_source - side) * across, (_source - side) * down, side / size, mirror);
        }
        else
        {
            float stretch = MathF.Pow(1 + (float)config.Aspect, Between(ref random, -0.5, 0.5));
            float angle = Between(ref random, -config.Rotation, config.Rotation) * (MathF.PI / 180);
            SampleRotated(rgb, values, side * stretch, side / stretch, angle, across, down, mirror);
        }

        Recolour(values, contrast, shift, saturation);
        if (config.Hue > 0)
        {
            RotateHue(values, Between(ref random, -config.Hue, config.Hue) * (MathF.PI / 180));
        }
    }

    private static float Between(ref SplitMix64 random, double low, double high) => (float)(low + (high - low) * random.NextSingle());

    // Bilinear, pixel centres at half-integers.
    private void Sample(ReadOnlySpan<byte> rgb, Span<float> values, float left, float top, float scale, bool mirror)
    {
        Span<int> low = stackalloc int[size], high = stackalloc int[size];
        Span<float> share = stackalloc float[size];
        for (int x = 0; x < size; x++)
        {
            float at = Math.Clamp(left + ((mirror ? size - 1 - x : x) + 0.5f) * scale - 0.5f, 0, _source - 1);
            low[x] = (int)at * 3;
            high[x] = Math.Min((int)at + 1, _source - 1) * 3;
            share[x] = at - (int)at;
        }

        for (int y = 0; y < size; y++)
        {
            float at = Math.Clamp(top + (y + 0.5f) * scale - 0.5f, 0, _source - 1);
            int above = (int)at;
            float down = at - above;
            ReadOnlySpan<byte> upper = rgb.Slice(above * _source * 3, _source * 3);
            ReadOnlySpan<byte> lower = rgb.Slice(Math.Min(above + 1, _source - 1) * _source * 3, _source * 3);
            Span<float> row = values.Slice(y * size * 3, size * 3);
            for (int x = 0; x < size; x++)
            {
                for (int c = 0; c < 3; c++)
                {
                    float t = upper[low[x] + c] + (upper[high[x] + c] - upper[low[x] + c]) * share[x];
                    float b = lower[low[x] + c] + (lower[high[x] + c] - lower[low[x] + c]) * share[x];
                    row[x * 3 + c] = (t + (b - t) * down) * (1f / 255);
                }
            }
        }
    }

    // A crop of any aspect, rotated about its centre; `across` and `down` (0..1) place it where all of it is inside the photo.
    private void SampleRotated(
        ReadOnlySpan<byte> rgb, Span<float> values, float width, float height, float angle, float across, float down, bool mirror)
    {
        (float sine, float cosine) = MathF.SinCos(angle);
        float spanX = width * MathF.Abs(cosine) + height * MathF.Abs(sine);
        float spanY = width * MathF.Abs(sine) + height * MathF.Abs(cosine);
        float shrink = Math.Min(1, _source / Math.Max(spanX, spanY));
        float centreX = spanX * shrink / 2 + (_source - spanX * shrink) * across;
        float centreY = spanY * shrink / 2 + (_source - spanY * shrink) * down;
        float stepX = width * shrink / size * (mirror ? -1 : 1), stepY = height * shrink / size;
        for (int y = 0, at = 0; y < size; y++)
        {
            float v = (y + 0.5f - size * 0.5f) * stepY;
            for (int x = 0; x < size; x++)
            {
                float u = (x + 0.5f - size * 0.5f) * stepX;
                float sourceX = Math.Clamp(centreX + u * cosine - v * sine - 0.5f, 0, _source - 1);
                float sourceY = Math.Clamp(centreY + u * sine + v * cosine - 0.5f, 0, _source - 1);
                int left = (int)sourceX, above = (int)sourceY;
                float shareX = sourceX - left, shareY = sourceY - above;
                int right = Math.Min(left + 1, _source - 1), below = Math.Min(above + 1, _source - 1);
                int topLeft = (above * _source + left) * 3, topRight = (above * _source + right) * 3;
                int bottomLeft = (below * _source + left) * 3, bottomRight = (below * _source + right) * 3;
                for (int c = 0; c < 3; c++)
                {
                    float t = rgb[topLeft + c] + (rgb[topRight + c] - rgb[topLeft + c]) * shareX;
                    float b = rgb[bottomLeft + c] + (rgb[bottomRight + c] - rgb[bottomLeft + c]) * shareX;
                    values[at++] = (t + (b - t) * shareY) * (1f / 255);
                }
            }
        }
    }

    // Rotates a colour about the grey axis, which keeps greys and the mean of the three channels.
    private static void RotateHue(Span<float> values, float angle)
    {
        (float sine, float cosine) = MathF.SinCos(angle);
        float same = (1 + 2 * cosine) / 3, next = (1 - cosine) / 3 - sine / MathF.Sqrt(3);
        float other = (1 - cosine) / 3 + sine / MathF.Sqrt(3);
        for (int p = 0; p < values.Length; p += 3)
        {
            float r = values[p], g = values[p + 1], b = values[p + 2];
            values[p] = Math.Clamp(same * r + next * g + other * b, 0, 1);
            values[p + 1] = Math.Clamp(other * r + same * g + next * b, 0, 1);
            values[p + 2] = Math.Clamp(next * r + other * g + same * b, 0, 1);
        }
    }

    private static void Recolour(Span<float> values, float contrast, float shift, float saturation)
    {
        if (contrast == 1 && shift == 0 && saturation == 1)
        {
            return;
        }

        float offset = 0.5f - 0.5f * contrast + shift;
        for (int p = 0; p < values.Length; p += 3)
        {
            float r = values[p], g = values[p + 1], b = values[p + 2];
            float grey = 0.299f * r + 0.587f * g + 0.114f * b;
            values[p] = Math.Clamp((grey + (r - grey) * saturation) * contrast + offset, 0, 1);
            values[p + 1] = Math.Clamp((grey + (g - grey) * saturation) * contrast + offset, 0, 1);
            values[p + 2] = Math.Clamp((grey + (b - grey) * saturation) * contrast + offset, 0, 1);
        }
    }
}
