using System.Runtime.CompilerServices;

namespace Inpaint;

/// <summary>
/// Smooth noise on the plane, the same for a seed on every machine: values at whole points, blended between them, summed over octaves.
/// Octaves finer than the pixels are left out, so that a scene drawn large is the same scene with more detail.
/// </summary>
internal readonly struct ValueNoise(uint seed)
{
    private const int MaxOctaves = 7;

    /// <summary>The sum of octaves at a point, about -1 to 1.</summary>
    /// <param name="x">Across; features of the first octave are about 1 wide.</param>
    /// <param name="y">Down.</param>
    /// <param name="step">How far neighbouring pixels lie apart in these coordinates.</param>
    public float Sum(float x, float y, float step)
    {
        float sum = 0, weight = 0.6f;
        for (int octave = 0; octave < MaxOctaves; octave++)
        {
            float visible = 2f - (2.5f * step);
            if (visible <= 0f)
            {
                break;
            }

            sum += weight * MathF.Min(visible, 1f) * At(x, y);
            (x, y, step, weight) = ((x * 2.03f) + 17.3f, (y * 2.03f) + 9.1f, step * 2.03f, weight * 0.55f);
        }

        return sum;
    }

    /// <summary>One octave at a point, -1 to 1.</summary>
    public float At(float x, float y)
    {
        float fx = MathF.Floor(x), fy = MathF.Floor(y);
        int ix = (int)fx, iy = (int)fy;
        float u = Ease(x - fx), v = Ease(y - fy);
        float top = Lerp(Value(ix, iy), Value(ix + 1, iy), u);
        float bottom = Lerp(Value(ix, iy + 1), Value(ix + 1, iy + 1), u);
        return Lerp(top, bottom, v);
    }

    /// <summary>The value at a whole point, -1 to 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Value(int x, int y)
    {
        uint h = ((uint)x * 0x8DA6B343) ^ ((uint)y * 0xD8163841) ^ seed;
        h = (h ^ (h >> 15)) * 0x2C1B3C6D;
        h = (h ^ (h >> 12)) * 0x297A2D39;
        h ^= h >> 15;
        return ((h >> 8) * (2f / (1 << 24))) - 1f;
    }

    private static float Ease(float t) => t * t * (3f - (2f * t));

    private static float Lerp(float a, float b, float t) => a + ((b - a) * t);
}
