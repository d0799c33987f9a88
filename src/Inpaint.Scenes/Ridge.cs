using System.Numerics;
using static Inpaint.Scenes.ColourMath;

namespace Inpaint.Scenes;

/// <summary>The appearance of a ridge of hills, trees or mountains on the horizon.</summary>
/// <param name="Base">The minimum height above the horizon, as a fraction of the picture's side.</param>
/// <param name="Rise">The height of the peaks above the base.</param>
/// <param name="Frequency">The number of peaks across the picture.</param>
/// <param name="Rough">True for rugged (trees, rocks), false for smooth (hills, dunes).</param>
/// <param name="Colour">The colour of lit faces.</param>
/// <param name="Texture">The number of texture spots across the picture.</param>
/// <param name="Contrast">The contrast of the spots, 0 to 1.</param>
/// <param name="Relief">The difference between faces towards and away from the light, 0 to 1.</param>
/// <param name="Snow">How far the snow extends down from the peaks, as a fraction of the picture's side.</param>
/// <param name="SnowColour">The colour of the snow.</param>
internal sealed record RidgeStyle(
    float Base, float Rise, float Frequency, bool Rough, Vector3 Colour, float Texture, float Contrast, float Relief = 0f,
        float Snow = 0f, Vector3 SnowColour = default);

/// <summary>A ridge of hills, trees or mountains, with its outline computed per column.</summary>
internal sealed class Ridge
{
    private readonly RidgeStyle _style;
    private readonly ValueNoise _noise;
    private readonly float[] _top;
    private readonly float _pixel, _foot;

    public Ridge(RidgeStyle style, uint seed, int size, float horizon)
    {
        _style = style;
        _noise = new ValueNoise(seed);
        _pixel = 1f / size;
        _foot = horizon;
        _top = new float[size];
        for (int i = 0; i < size; i++)
        {
            _top[i] = horizon - style.Base - (style.Rise * HeightAt((i + 0.5f) * _pixel));
        }
    }

    /// <summary>The share of the pixel covered by the ridge, 0 to 1.</summary>
    public float Cover(int column, float y) => Saturate(0.5f + ((y - _top[column]) / _pixel));

    public Vector3 At(int column, float y)
    {
        float x = (column + 0.5f) * _pixel, down = y - _top[column];
        float spots = _noise.Sum(x * _style.Texture, y * _style.Texture * 1.3f, _pixel * _style.Texture * 1.3f);
        float relief = _style.Relief > 0f ? _style.Relief * Relief(x, y) : 0f;
        Vector3 colour = _style.Colour * (1f + (_style.Contrast * spots) + relief);
        if (_style.Snow > 0f)
        {
            float snow = Step(_style.Snow * 1.1f, _style.Snow * 0.8f, down + (0.12f * spots) - (0.1f * relief));
            colour = Mix(colour, _style.SnowColour * Math.Clamp(0.9f + (0.7f * relief), 0.6f, 1f), snow);
        }

        return _style.Rough
            ? colour * (0.8f + (0.35f * Step(0.12f, 0f, down)))
            : colour * (1f + (0.12f * Saturate(down / MathF.Max(0.02f, _foot - _top[column]))));
    }

    /// <summary>The slope: positive towards the light, negative away from it.</summary>
    private float Relief(float x, float y)
    {
        float u = (x + (0.4f * y)) * 2.6f * _style.Frequency, v = y * 9f;
        return Math.Clamp(1.3f * (_noise.At(u, v) - _noise.At(u + 0.45f, v - 0.3f)), -1f, 1f);
    }

    private float HeightAt(float x)
    {
        float step = _pixel * _style.Frequency;
        float n = _style.Rough ? _noise.Sum(x * _style.Frequency, 0.5f, step) : _noise.At(x * _style.Frequency, 0.5f);
        return Saturate(0.5f + (0.6f * n));
    }
}
