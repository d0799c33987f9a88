namespace Inpaint.Training;

/// <summary>Changes a photo as a whole (mirror, crop, brightness, contrast, saturation) and writes it as floats.</summary>
internal sealed class Augmentation(AugmentationConfig config, int size)
{
    /// <summary>Writes a photo as it is.</summary>
    /// <param name="rgb">Rows of red, green, blue, 0..255.</param>
    /// <param name="values">The same order, 0..1.</param>
    public static void Plain(ReadOnlySpan<byte> rgb, Span<float> values)
    {
        for (int i = 0; i < rgb.Length; i++)
        {
            values[i] = rgb[i] * (1f / 255);
        }
    }

    /// <summary>Writes a photo changed by the drawn numbers.</summary>
    public void Apply(ReadOnlySpan<byte> rgb, Span<float> values, ref SplitMix64 random)
    {
        bool mirror = config.Flip && random.NextSingle() < 0.5f;
        float side = size * Between(ref random, config.Crop, 1);
        float left = (size - side) * random.NextSingle(), top = (size - side) * random.NextSingle();
        float contrast = 1 + Between(ref random, -config.Contrast, config.Contrast);
        float shift = Between(ref random, -config.Brightness, config.Brightness);
        float saturation = 1 + Between(ref random, -config.Saturation, config.Saturation);
        Sample(rgb, values, left, top, side / size, mirror);
        Recolour(values, contrast, shift, saturation);
    }

    private static float Between(ref SplitMix64 random, double low, double high) => (float)(low + (high - low) * random.NextSingle());

    // Bilinear, pixel centres at half numbers.
    private void Sample(ReadOnlySpan<byte> rgb, Span<float> values, float left, float top, float scale, bool mirror)
    {
        if (scale == 1)
        {
            left = top = 0;
        }

        Span<int> low = stackalloc int[size], high = stackalloc int[size];
        Span<float> share = stackalloc float[size];
        for (int x = 0; x < size; x++)
        {
            float at = Math.Clamp(left + ((mirror ? size - 1 - x : x) + 0.5f) * scale - 0.5f, 0, size - 1);
            low[x] = (int)at * 3;
            high[x] = Math.Min((int)at + 1, size - 1) * 3;
            share[x] = at - (int)at;
        }

        for (int y = 0; y < size; y++)
        {
            float at = Math.Clamp(top + (y + 0.5f) * scale - 0.5f, 0, size - 1);
            int above = (int)at;
            float down = at - above;
            ReadOnlySpan<byte> upper = rgb.Slice(above * size * 3, size * 3);
            ReadOnlySpan<byte> lower = rgb.Slice(Math.Min(above + 1, size - 1) * size * 3, size * 3);
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
