using System.Numerics;
using static Inpaint.Scenes.ColourMath;

namespace Inpaint.Scenes;

/// <summary>Paints the ground of outdoor settings in perspective: grass, sand, snow, roads and water.</summary>
internal sealed class Ground
{
    private const float RoadHalf = 0.3f;

    private readonly ScenePlan _plan;
    private readonly Sky _sky;
    private readonly ValueNoise _noise;
    private readonly float _horizon;
    private readonly float _bend;

    public Ground(ScenePlan plan, Sky sky)
    {
        _plan = plan;
        _sky = sky;
        _noise = new ValueNoise(plan.NoiseSeed ^ 0xB0);
        _horizon = plan.Horizon;
        _bend = 0.1f * (plan.Variety.A - 0.5f);
    }

    /// <summary>The share of water in the pixel, 0 to 1.</summary>
    public float Water(float x, float y) => _plan.Setting switch
    {
        SceneSetting.Sea or SceneSetting.Lake => 1f,
        SceneSetting.Beach => Step(0.012f, -0.012f, y - Shore(x)),
        _ => 0f,
    };

    /// <summary>The slope of the waves at a point, about -1 to 1.</summary>
    public float Wave(float x, float y, float pixel)
    {
        (float wx, float wz, float z) = Project(x, y);
        float still = _plan.Setting is SceneSetting.Lake ? 0.6f : 1f;
        return still * _noise.Sum(wx * 4f, wz * 9f, pixel * MathF.Max(4f * z, 5f * z * z));
    }

    public Vector3 WaterAt(float x, float y, float wave, Vector3 mirror)
    {
        float near = Saturate((y - _horizon) / (1f - _horizon));
        Vector3 deep = Mix(Rgb(0x2E6F8E), Rgb(0x1C4A66), near) * _sky.Light;
        float clear = _plan.Setting is SceneSetting.Lake ? 0.62f : 0.5f;
        Vector3 colour = Mix(deep, mirror, clear * (1f - (0.55f * near))) * (1f + (0.3f * wave * (0.35f + near)));
        if (_sky.HasSun)
        {
            float across = (x - _plan.SunX) / (0.05f + (0.1f * near));
            colour = Mix(colour, Rgb(0xFFE9B8), Saturate(0.25f + (1.3f * wave)) / (1f + (across * across)) * 0.7f);
        }

        if (_plan.Setting is SceneSetting.Beach)
        {
            float surf = (Shore(x) - y) / (1f - _horizon);
            colour = Mix(colour, Rgb(0x8FC4C0) * _sky.Light, 0.6f * Step(0.3f, 0f, surf));
            colour = Mix(colour, Rgb(0xF4F7F5) * _sky.Light, Step(0.05f, 0.01f, MathF.Abs(surf - 0.03f - (0.04f * wave))) * 0.85f);
        }

        return colour;
    }

    public Vector3 At(float x, float y, float pixel)
    {
        (float wx, float wz, float z) = Project(x, y);
        float step = pixel * MathF.Max(z, 1.1f * z * z);
        float patches = _noise.Sum(wx * 2f, wz * 2f, step * 2f);
        Vector3 colour = _plan.Setting switch
        {
            SceneSetting.Desert =>
                Mix(Rgb(0xDDB579), Rgb(0xC1905A), Saturate(0.5f + patches)) * (1f + (0.12f * _noise.Sum(wx * 5f, wz * 16f, step * 16f))),
            SceneSetting.Snow => Mix(Rgb(0xEEF2F7), Rgb(0xB9C8DC), Saturate(0.35f + (0.9f * patches))),
            SceneSetting.Beach => Sand(x, y, wx, wz, step, patches),
            _ => Grass(y, wx, wz, step, patches),
        };
        colour *= _sky.Light;
        colour = Mix(colour, _sky.Haze, 0.4f * Step(0.18f, 0f, (y - _horizon) / (1f - _horizon)));
        return _plan.Setting is SceneSetting.CountryRoad or SceneSetting.Park ? Way(colour, wx, wz, z, pixel, step) : colour;
    }

    private (float X, float Z, float Depth) Project(float x, float y)
    {
        float z = 1f / (((y - _horizon) / (1f - _horizon)) + 0.05f);
        return ((x - _plan.Vanishing) * z, z * 1.1f, z);
    }

    private float Shore(float x) =>
        _horizon + ((1f - _horizon) * (0.22f + ((_plan.Variety.A - 0.5f) * 0.35f * (x - 0.5f)) + (0.03f * _noise.At(x * 4f, 3.3f))));

    private Vector3 Sand(float x, float y, float wx, float wz, float step, float patches)
    {
        Vector3 sand = Mix(Rgb(0xE5CFA0), Rgb(0xCDB183), Saturate(0.5f + patches));
        sand *= 1f + (0.16f * _noise.Sum(wx * 14f, wz * 14f, step * 14f));
        return Mix(sand, Rgb(0x9C8360), 0.75f * Step(0.09f, 0.02f, (y - Shore(x)) / (1f - _horizon)));
    }

    private Vector3 Grass(float y, float wx, float wz, float step, float patches)
    {
        float near = (y - _horizon) / (1f - _horizon);
        float blades = _noise.Sum(wx * 26f, wz * 12f, step * 12f);
        Vector3 dry = _plan.Setting is SceneSetting.Park ? Rgb(0x86A04A) : Mix(Rgb(0xA8A850), Rgb(0x8FAE4C), _plan.Variety.B);
        return Mix(Rgb(0x47792F), dry, Saturate(0.45f + (0.9f * patches))) * (1.02f + (0.45f * blades * (0.3f + (0.7f * near))));
    }

    private Vector3 Way(Vector3 verge, float wx, float wz, float z, float pixel, float step)
    {
        bool road = _plan.Setting is SceneSetting.CountryRoad;
        float across = wx - (_bend * z) + (_bend * 2f) + (road ? 0f : 0.12f * _noise.At(wz * 0.7f, 8f));
        float half = road ? RoadHalf : 0.75f * RoadHalf;
        float soft = (road ? 1f : 2.5f) * pixel * z;
        float cover = Saturate(0.5f + ((half - MathF.Abs(across)) / soft));
        if (cover <= 0f)
        {
            return verge;
        }

        float grain = _noise.Sum(wx * 16f, wz * 16f, step * 16f);
        Vector3 way = (road ? Rgb(0x6C6D70) : Rgb(0xC8B08A)) * _sky.Light * (1f + (0.2f * grain));
        if (road)
        {
            float line = Saturate(0.5f + ((0.016f - MathF.Abs(across)) / soft)) * Step(
                0.45f, 0.55f, MathF.Abs((wz * 1.6f) - MathF.Floor(wz * 1.6f) - 0.5f) * 2f);
            float edge = Saturate(0.5f + ((0.012f - MathF.Abs(MathF.Abs(across) - (half * 0.9f))) / soft));
            way = Mix(way, Rgb(0xE8E6DC) * _sky.Light, 0.8f * MathF.Max(line, edge) * Step(9f, 4f, z));
        }

        return Mix(verge, way, cover);
    }
}
