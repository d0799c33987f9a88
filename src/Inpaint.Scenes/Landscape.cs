using System.Numerics;
using static Inpaint.Scenes.ColourMath;

namespace Inpaint.Scenes;

/// <summary>Paints outdoor settings except streets: the sky, ridges of hills, and ground or water in perspective.</summary>
internal sealed class Landscape
{
    private readonly ScenePlan _plan;
    private readonly int _size;
    private readonly float _pixel, _horizon;
    private readonly Sky _sky;
    private readonly Ridge[] _ridges;
    private readonly Ground _ground;

    public Landscape(ScenePlan plan, int size)
    {
        _plan = plan;
        _size = size;
        _pixel = 1f / size;
        _horizon = plan.Horizon;
        _sky = new Sky(plan);
        RidgeStyle[] styles = Styles(plan);
        _ridges = new Ridge[styles.Length];
        for (int i = 0; i < styles.Length; i++)
        {
            float far = styles.Length == 1 ? 0.25f : 0.5f - (0.4f * i / (styles.Length - 1));
            RidgeStyle lit = styles[i] with
            {
                Colour = Mix(styles[i].Colour * _sky.Light, _sky.Haze, far),
                SnowColour = Mix(Rgb(0xF0F3F8) * _sky.Light, _sky.Haze, 0.4f * far),
            };
            _ridges[i] = new Ridge(lit, plan.NoiseSeed + (uint)(7919 * (i + 1)), size, plan.Horizon);
        }

        _ground = new Ground(plan, _sky);
    }

    public void Paint(Span<byte> rgba)
    {
        int at = 0;
        for (int row = 0; row < _size; row++)
        {
            float y = (row + 0.5f) * _pixel;
            float below = Saturate(0.5f + ((y - _horizon) / _pixel));
            for (int column = 0; column < _size; column++, at += 4)
            {
                Vector3 colour = below < 1f ? Above(column, y) : default;
                if (below > 0f)
                {
                    colour = Mix(colour, Below(column, MathF.Max(y, _horizon)), below);
                }

                rgba[at] = ToByte(colour.X);
                rgba[at + 1] = ToByte(colour.Y);
                rgba[at + 2] = ToByte(colour.Z);
                rgba[at + 3] = 255;
            }
        }
    }

    private Vector3 Above(int column, float y)
    {
        for (int i = _ridges.Length - 1; i >= 0; i--)
        {
            float cover = _ridges[i].Cover(column, y);
            if (cover >= 1f)
            {
                return _ridges[i].At(column, y);
            }

            if (cover > 0f)
            {
                return Mix(i > 0 ? Under(column, y, i - 1) : _sky.At((column + 0.5f) * _pixel, y, _pixel), _ridges[i].At(column, y), cover);
            }
        }

        return _sky.At((column + 0.5f) * _pixel, y, _pixel);
    }

    private Vector3 Under(int column, float y, int ridge) =>
        _ridges[ridge].Cover(column, y) > 0.5f ? _ridges[ridge].At(column, y) : _sky.At((column + 0.5f) * _pixel, y, _pixel);

    private Vector3 Below(int column, float y)
    {
        float x = (column + 0.5f) * _pixel;
        float water = _ground.Water(x, y);
        Vector3 colour = water < 1f ? _ground.At(x, y, _pixel) : default;
        if (water <= 0f)
        {
            return colour;
        }

        float wave = _ground.Wave(x, y, _pixel);
        float mirrored = _horizon - (1.1f * (y - _horizon)) - (0.05f * wave * Saturate(6f * (y - _horizon)));
        Vector3 mirror = Above(column, Math.Clamp(mirrored, 0.01f, _horizon - _pixel));
        return Mix(colour, _ground.WaterAt(x, y, wave, mirror), water);
    }

    private static RidgeStyle[] Styles(ScenePlan plan)
    {
        float a = plan.Variety.A, b = plan.Variety.B;
        Vector3 green = Mix(Rgb(0x4E7D3A), Rgb(0x7C9440), a);
        var farHills = new RidgeStyle(0.02f, 0.08f + (0.1f * b), 2.5f, false, Rgb(0x56708A), 14f, 0.1f);
        var trees = new RidgeStyle(0.015f, 0.05f + (0.03f * a), 22f, true, Rgb(0x3C5A2C), 26f, 0.5f);
        return plan.Setting switch
        {
            SceneSetting.Sea => b < 0.5f ? [] : [new RidgeStyle(-0.02f, 0.07f, 3f, false, Rgb(0x4D6474), 20f, 0.15f)],
            SceneSetting.Lake =>
                [farHills with { Rise = 0.2f, Relief = 0.2f }, new RidgeStyle(0.01f, 0.1f, 3.5f, false, green * 0.7f, 30f, 0.35f),
                    trees with { Rise = 0.03f }],
            SceneSetting.Beach => b < 0.5f ? [] : [new RidgeStyle(-0.03f, 0.12f, 1.8f, false, Rgb(0x5A6B50), 24f, 0.3f)],
            SceneSetting.Park =>
                [trees with { Base = 0.06f, Rise = 0.2f, Frequency = 9f, Texture = 18f },
                    trees with { Base = 0f, Rise = 0.07f, Frequency = 16f, Colour = Rgb(0x2F4A24) }],
            SceneSetting.Desert => b < 0.5f
                ? [new RidgeStyle(0f, 0.12f, 2.5f, false, Rgb(0xC99A62), 10f, 0.06f, 0.35f),
                    new RidgeStyle(-0.01f, 0.07f, 3.5f, false, Rgb(0xD8AC70), 12f, 0.06f, 0.3f)]
                : [new RidgeStyle(0.01f, 0.16f, 4f, true, Rgb(0xA8663F), 16f, 0.25f, 0.15f),
                    new RidgeStyle(-0.01f, 0.05f, 3f, false, Rgb(0xCC9A60), 12f, 0.08f, 0.2f)],
            SceneSetting.Snow =>
                [new RidgeStyle(0.05f, 0.28f, 3.2f, true, Rgb(0x5B6678), 16f, 0.3f, 0.3f, 0.16f),
                    trees with { Colour = Rgb(0x2C4038), Frequency = 40f, Rise = 0.07f }],
            _ => [farHills, new RidgeStyle(0f, 0.07f, 3f, false, green, 24f, 0.2f, 0.15f),
                trees with { Base = -0.02f, Rise = 0.06f, Frequency = 12f }],
        };
    }
}
