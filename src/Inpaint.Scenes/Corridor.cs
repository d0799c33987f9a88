using System.Numerics;
using static Inpaint.Scenes.ColourMath;

namespace Inpaint.Scenes;

/// <summary>
/// Paints settings in perspective by casting one ray per sample onto planes: a street between two rows of houses, and a room.
/// Distances are in units of the eye height.
/// </summary>
internal sealed class Corridor
{
    private const int Samples = 2;

    private readonly ScenePlan _plan;
    private readonly int _size;
    private readonly ValueNoise _noise;
    private readonly Sky _sky;
    private readonly bool _street;
    private readonly float _half, _end, _ceiling;
    private readonly Vector3 _wall, _floor;

    public Corridor(ScenePlan plan, int size)
    {
        _plan = plan;
        _size = size;
        _noise = new ValueNoise(plan.NoiseSeed ^ 0xC0);
        _sky = new Sky(plan);
        _street = plan.Setting is SceneSetting.Street;
        (float a, float b) = plan.Variety;
        _half = _street ? 1.6f + (0.8f * a) : 2.1f + (0.6f * a);
        _end = _street ? 26f : 2.6f + (0.7f * b);
        _ceiling = _street ? float.PositiveInfinity : 1.7f;
        Vector3[] walls = [Rgb(0xD9CDB8), Rgb(0xB9C7CC), Rgb(0xC9D2B8), Rgb(0xE0C3B2), Rgb(0xCBBFD0), Rgb(0xE6DFC8)];
        _wall = walls[(int)(b * walls.Length)];
        _floor = Mix(Rgb(0xA9794A), Rgb(0x7A5230), a);
    }

    public void Paint(Span<byte> rgba)
    {
        float sample = 1f / (_size * Samples), pixel = 1f / _size;
        int at = 0;
        for (int row = 0; row < _size; row++)
        {
            for (int column = 0; column < _size; column++, at += 4)
            {
                Vector3 sum = default;
                float grain = float.NaN;
                for (int i = 0; i < Samples * Samples; i++)
                {
                    float x = ((column * Samples) + (i % Samples) + 0.5f) * sample, y = ((row * Samples) + (i / Samples) + 0.5f) * sample;
                    sum += _street ? StreetAt(x, y, pixel, ref grain) : RoomAt(x, y, pixel, ref grain);
                }

                sum *= 1f / (Samples * Samples);
                rgba[at] = ToByte(sum.X);
                rgba[at + 1] = ToByte(sum.Y);
                rgba[at + 2] = ToByte(sum.Z);
                rgba[at + 3] = 255;
            }
        }
    }

    private Vector3 StreetAt(float x, float y, float pixel, ref float grain)
    {
        float dx = x - _plan.Vanishing, dy = y - _plan.Horizon;
        float wall = 0.3f * _half / MathF.Max(MathF.Abs(dx), 1e-4f);
        float ground = dy > 0f ? 0.3f / dy : float.PositiveInfinity;
        if (ground < wall && ground < _end)
        {
            return Distant(Pavement(dx * ground / 0.3f, ground, pixel, ref grain), ground);
        }

        if (wall < _end)
        {
            float up = -dy * wall / 0.3f;
            int side = dx < 0f ? 0 : 1;
            float along = wall * 0.55f + (side * 0.4f);
            int house = (int)MathF.Floor(along);
            float height = 2.6f + (1.7f * _noise.Value(house, side));
            if (up < height)
            {
                return Distant(Facade(along, up, house, side, wall * wall * pixel / 0.3f / _half), wall);
            }
        }

        return dy < 0f ? _sky.At(x, y, pixel) : _sky.Haze;
    }

    private Vector3 Distant(Vector3 colour, float distance) => Mix(colour * _sky.Light, _sky.Haze, Step(2f, _end, distance) * 0.85f);

    private Vector3 Pavement(float across, float along, float pixel, ref float grain)
    {
        float kerb = _half - 0.55f;
        if (MathF.Abs(across) > kerb)
        {
            bool joint = MathF.Abs(across) < kerb + 0.06f || Fraction(along * 2f) < 0.08f;
            return Rgb(joint ? 0x8C8A86 : 0xA9A6A0) * (1f + (0.1f * _noise.At(across * 5f, along * 5f)));
        }

        bool mark = MathF.Abs(across) < 0.05f && Fraction(along * 0.9f) < 0.55f;
        return mark
            ? Rgb(0xE4E2DA) : Rgb(0x5B5D62) * (1f + (0.14f * Grain(ref grain, across * 4f, along * 4f, pixel * along * along * 12f)));
    }

    private Vector3 Facade(float along, float up, int house, int side, float pixelAlong)
    {
        float tone = _noise.Value(house, side + 7);
        Vector3 wall = (_noise.Value(house, side + 3)) switch
        {
            < -0.6f => Rgb(0x9C5A45), < -0.2f => Rgb(0xC9B79A), < 0.2f => Rgb(0x8E8A86), < 0.6f => Rgb(0xB98A62), _ => Rgb(0xD8D2C4),
        };
        wall *= 1f + (0.1f * tone) + (side == 0 ? -0.12f : 0.06f);
        float column = Fraction(Fraction(along) * 4f), floor = Fraction((up + 1f) * 1.15f);
        if (up < -0.55f)
        {
            return column is > 0.15f and < 0.85f ? Rgb(0x3E4650) * (1f + (0.2f * tone)) : wall * 0.7f;
        }

        float visible = Step(0.16f, 0.06f, pixelAlong);
        bool window = column is > 0.25f and < 0.75f && floor is > 0.3f and < 0.8f;
        bool ledge = floor < 0.09f || Fraction(along) < 0.03f;
        Vector3 glass = Mix(
            Rgb(0x3A4654), Rgb(0xA5B9C9),
            Saturate(0.35f + (0.5f * _noise.Value((int)(along * 4f), (int)((up + 1f) * 1.15f) + (31 * side)))));
        Vector3 colour = window ? Mix(Mix(wall, glass, 0.3f), glass, visible) : ledge ? wall * 0.82f : wall;
        return colour;
    }

    private Vector3 RoomAt(float x, float y, float pixel, ref float grain)
    {
        float dx = (x - _plan.Vanishing) / 0.55f, dy = (y - _plan.Horizon) / 0.55f;
        float side = _half / MathF.Max(MathF.Abs(dx), 1e-4f);
        float floor = dy > 0f ? 1f / dy : float.PositiveInfinity;
        float top = dy < 0f ? _ceiling / -dy : float.PositiveInfinity;
        float far = MathF.Min(MathF.Min(side, _end), MathF.Min(floor, top));
        float across = dx * far, up = -dy * far;
        float dim = (0.8f + (0.35f * Step(3.2f, 0.2f, MathF.Abs(across - Pane)))) * (1.06f - (0.05f * far));
        Vector3 colour;
        if (far == floor)
        {
            float plank = across * 3.2f;
            int board = (int)MathF.Floor(plank);
            bool joint = Fraction(plank) < 0.07f || Fraction((far * 0.9f) + (_noise.Value(board, 1) * 3f)) < 0.025f;
            colour = _floor * (joint
                ? 0.62f : 1f + (0.15f * _noise.Value(board, 2))
                + (0.22f * Grain(ref grain, across * 14f, (far * 2f) + board, pixel * far * 25f)));
            colour += Rgb(0x302818) * Step(0.9f, 0.2f, MathF.Abs(across - (Pane * 0.6f))) * Step(_end, 1f, far);
        }
        else if (far == top)
        {
            colour = Rgb(0xE9E6DF);
        }
        else
        {
            bool skirting = up < -0.86f;
            bool back = far == _end;
            Vector3 paper =
                _wall * (1f + (0.05f * Grain(ref grain, (back ? across : far) * 3f, up * 3f, pixel * far * 6f))) * (back ? 1f : 0.86f);
            colour = skirting ? Rgb(0xDAD5CA) : back ? OnBackWall(across, up, paper) : paper;
        }

        return colour * dim;
    }

    private float Pane => _plan.SunX < 0.5f ? -1f : 1f;

    private Vector3 OnBackWall(float across, float up, Vector3 paper)
    {
        float wx = MathF.Abs(across - Pane) - 0.52f, wy = MathF.Abs(up - 0.5f) - 0.62f;
        if (wx < 0f && wy < 0f)
        {
            bool frame = wx > -0.07f || wy > -0.07f || MathF.Abs(across - Pane) < 0.03f || MathF.Abs(up - 0.5f) < 0.03f;
            return frame ? Rgb(0xF1EEE6) : Mix(Rgb(0xDDE9F0), Rgb(0x8FB48A), Step(0.4f, -0.1f, up + (0.3f * _noise.At(across * 4f, 2f))));
        }

        float px = MathF.Abs(across + (Pane * 0.9f)) - 0.42f, py = MathF.Abs(up - 0.6f) - 0.32f;
        if (px < 0f && py < 0f)
        {
            bool frame = px > -0.06f || py > -0.06f;
            return frame ? Rgb(0x5A4330) : Mix(Rgb(0x9FB6B8), Rgb(0xA0875A), Step(0.55f, 0.45f, up + (0.12f * _noise.At(across * 3f, 5f))));
        }

        return paper;
    }

    /// <summary>The texture at a sample, computed once per pixel, since its features are larger than pixels.</summary>
    private float Grain(ref float grain, float x, float y, float step)
    {
        if (float.IsNaN(grain))
        {
            grain = _noise.Sum(x, y, step);
        }

        return grain;
    }

    private static float Fraction(float value) => value - MathF.Floor(value);
}
