using System.Numerics;
using static Inpaint.Scenes.ColourMath;

namespace Inpaint.Scenes;

/// <summary>Paints the sky: a gradient, clouds that flatten towards the horizon, and the sun.</summary>
internal sealed class Sky
{
    private readonly ScenePlan _plan;
    private readonly ValueNoise _noise;
    private readonly Vector3 _top, _low, _cloudLight, _cloudDark;
    private readonly float _cover;
    private readonly bool _sun;

    public Sky(ScenePlan plan)
    {
        _plan = plan;
        _noise = new ValueNoise(plan.NoiseSeed ^ 0x51);
        float a = plan.Variety.A;
        (_top, _low, _cloudLight, _cloudDark, _cover) = plan.Sky switch
        {
            SceneSky.Clear =>
                (Mix(Rgb(0x2F6CB8), Rgb(0x4C93D6), a), Mix(Rgb(0xB5D3EA), Rgb(0xD8E6EC), a), Rgb(0xFAFCFF), Rgb(0xC9D8E6), 0.42f),
            SceneSky.Cloudy => (Mix(Rgb(0x3F74B4), Rgb(0x6699CC), a), Rgb(0xC3D6E4), Rgb(0xFBFBFA), Rgb(0x8E9AA8), -0.1f),
            SceneSky.Grey => (Mix(Rgb(0x8A929C), Rgb(0xA6ADB4), a), Rgb(0xCDD1D3), Rgb(0xD6D9DC), Rgb(0x7C858F), -0.45f),
            _ => (Mix(Rgb(0x39407E), Rgb(0x6A5A8E), a), Mix(Rgb(0xFFB459), Rgb(0xFF9466), a), Rgb(0xFFB37A), Rgb(0x7C4A6C), 0.05f),
        };
        _sun = plan.Sky is SceneSky.Evening || (plan.Sky is SceneSky.Clear && plan.Variety.B < 0.5f);
        Light = plan.Sky switch
        {
            SceneSky.Clear => new(1.03f, 1.02f, 0.98f),
            SceneSky.Cloudy => new(0.97f, 0.98f, 1f),
            SceneSky.Grey => new(0.84f, 0.86f, 0.89f),
            _ => new(0.95f, 0.74f, 0.64f),
        };
    }

    /// <summary>The colour of the light, which the ground's colours are multiplied by.</summary>
    public Vector3 Light { get; }

    /// <summary>The colour just above the horizon, to which distant objects fade.</summary>
    public Vector3 Haze => _low;

    public bool HasSun => _sun;

    public Vector3 At(float x, float y, float pixel)
    {
        float up = MathF.Max(0f, _plan.Horizon - y);
        float t = Saturate(up / _plan.Horizon);
        Vector3 colour = Mix(_low, _top, t * (1.6f - (0.6f * t)));
        float flat = 1f / (up + 0.16f);
        float u = (x - 0.5f) * flat * 0.75f, v = flat * 0.9f, step = pixel * MathF.Max(0.75f * flat, 0.5f * flat * flat);
        float n = _noise.Sum(u, v, step);
        float cloud = Step(_cover, _cover + 0.45f, n) * Saturate(0.35f + (3f * up));
        if (cloud > 0f)
        {
            float lit = Saturate(0.55f + (1.4f * (n - _noise.At(u + 0.18f, v - 0.16f))));
            colour = Mix(colour, Mix(_cloudDark, _cloudLight, lit), cloud * 0.88f);
        }

        return _sun ? Mix(colour, Rgb(0xFFF3CC), Glow(x, y)) : colour;
    }

    private float Glow(float x, float y)
    {
        float height = _plan.Sky is SceneSky.Evening ? 0.1f + (0.08f * _plan.Variety.B) : 0.3f;
        float dx = x - _plan.SunX, dy = y - (_plan.Horizon - height);
        float far = MathF.Sqrt((dx * dx) + (dy * dy));
        return MathF.Max(Step(0.055f, 0.042f, far), 0.55f / (1f + (90f * far * far)));
    }
}
