using System.Numerics;
using static Inpaint.Scenes.ColourMath;

namespace Inpaint.Scenes;

/// <summary>Paints a wooden table in front of a wall: boards in perspective, an edge at the wall, and light from one side.</summary>
internal sealed class TableTop(ScenePlan plan, int size)
{
    private readonly ValueNoise _noise = new(plan.NoiseSeed ^ 0x7A);
    private readonly float _edge = plan.Horizon + 0.06f;
    private readonly Vector3 _wall = Pick(plan.Variety.A, 0x8FA3AE, 0xC9B99A, 0xA9B59A, 0xB7A3A0, 0xD9D2C2, 0x7E8C9C);
    private readonly Vector3 _wood = Mix(Rgb(0xB88A58), Rgb(0x6E4528), plan.Variety.B);

    public void Paint(Span<byte> rgba)
    {
        float pixel = 1f / size;
        int at = 0;
        for (int row = 0; row < size; row++)
        {
            float y = (row + 0.5f) * pixel;
            float below = Saturate(0.5f + ((y - _edge) / pixel));
            for (int column = 0; column < size; column++, at += 4)
            {
                float x = (column + 0.5f) * pixel;
                Vector3 colour = below >= 1f ? Wood(x, y, pixel) : Mix(Wall(x, y, pixel), Wood(x, MathF.Max(y, _edge), pixel), below);
                rgba[at] = ToByte(colour.X);
                rgba[at + 1] = ToByte(colour.Y);
                rgba[at + 2] = ToByte(colour.Z);
                rgba[at + 3] = 255;
            }
        }
    }

    private static Vector3 Pick(float t, params ReadOnlySpan<int> colours) => Rgb(colours[(int)(t * colours.Length)]);

    private Vector3 Wall(float x, float y, float pixel)
    {
        float dx = x - plan.SunX, dy = y - 0.1f;
        float light = 0.78f + (0.45f / (1f + (3f * ((dx * dx) + (dy * dy)))));
        float plaster = _noise.Sum(x * 9f, y * 9f, pixel * 9f);
        bool panelled = plan.NoiseSeed % 2 == 0;
        float seam = panelled ? Step(2f * pixel, 0f, MathF.Abs(Fraction(x * 6f) - 0.5f) / 6f) * 0.14f : 0f;
        float foot = Step(0.05f, 0f, _edge - y) * 0.18f;
        return _wall * (light + (0.07f * plaster) - seam - foot);
    }

    private Vector3 Wood(float x, float y, float pixel)
    {
        float z = 1f / (((y - _edge) / (1f - _edge)) + 0.35f);
        float across = (x - plan.Vanishing) * z, step = pixel * z;
        float plank = (across * 2.2f) + 0.3f;
        int board = (int)MathF.Floor(plank);
        float grain = _noise.Sum(across * 22f, (z * 2.5f) + (board * 5f), step * 22f);
        float joint = Step(1.5f * step * 2.2f, 0f, MathF.Min(Fraction(plank), 1f - Fraction(plank)));
        float dx = x - plan.SunX;
        float sheen = 0.16f * Step(0.5f, 0f, MathF.Abs(dx)) * Step(2.9f, 1.2f, z);
        return _wood * (1f + (0.12f * _noise.Value(board, 4)) + (0.24f * grain) - (0.4f * joint)) + (Rgb(0xFFE8C0) * sheen);
    }

    private static float Fraction(float value) => value - MathF.Floor(value);
}
