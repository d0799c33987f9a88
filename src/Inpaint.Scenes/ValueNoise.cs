
namespace Inpaint.Scenes;

/// <summary>
/// Value noise: random values at integer points, interpolated smoothly and summed over octaves. The same for a seed on every machine.
/// Octaves finer than the pixels are omitted, so that a larger picture is the same scene in more detail.
/// </summary>
internal readonly struct ValueNoise
{
    private const int MaxOctaves = 6;
    private const int Side = 128, Mask = Side - 1;

    /// <summary>
    /// Random values at integer points, with a period of 128; seeds select the offset. 64 KB fits into the processor's cache.
    /// </summary>
    private static readonly float[] Lattice = MakeLattice();

    private readonly int _x, _y;

    public ValueNoise(uint seed)
    {
        ulong mixed = SplitMix64.Mix(seed + 1ul);
        (_x, _y) = ((int)(mixed & Mask), (int)((mixed >> 32) & Mask));
    }

    /// <summary>The noise at a point, about -1 to 1.</summary>
    /// <param name="x">The horizontal coordinate; features of the first octave are about 1 wide.</param>
    /// <param name="y">The vertical coordinate.</param>
    /// <param name="step">The distance between neighbouring pixels in these coordinates.</param>
    public float Sum(float x, float y, float step)
    {
        float sum = 0, weight = 0.6f;
        for (int octave = 0; octave < MaxOctaves; octave++)
        {
            float visible = 1.7f - (2.8f * step);
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
        int left = ((int)fx + _x) & Mask, top = ((int)fy + _y) & Mask;
        int right = (left + 1) & Mask, bottom = ((top + 1) & Mask) * Side;
        top *= Side;
        float u = Ease(x - fx), v = Ease(y - fy);
        float[] lattice = Lattice;
        return Lerp(Lerp(lattice[top + left], lattice[top + right], u), Lerp(lattice[bottom + left], lattice[bottom + right], u), v);
    }

    /// <summary>The value at an integer point, -1 to 1.</summary>
    public float Value(int x, int y) => Lattice[(((y + _y) & Mask) * Side) + ((x + _x) & Mask)];

    private static float Ease(float t) => t * t * (3f - (2f * t));

    private static float Lerp(float a, float b, float t) => a + ((b - a) * t);

    private static float[] MakeLattice()
    {
        var random = new SplitMix64(20);
        var values = new float[Side * Side];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = random.Between(-1f, 1f);
        }

        return values;
    }
}
