using System.Numerics;
using static Inpaint.Scenes.ColourMath;

namespace Inpaint.Scenes;

/// <summary>Draws vehicles, balloons and kites.</summary>
internal static class Vehicles
{
    private static readonly Vector3 Cream = Rgb(0xF2EEE2);

    public static void Boat(SubjectBrush b)
    {
        b.Set(0x5A4632).Line(0.47f, 0.02f, 0.47f, 0.78f, 0.025f);
        b.Shade(b.Lighter, b.Darker, 0.5f, 0.1f, 0.95f, 0.6f)
            .Curve(0.5f, 0.03f, 0.82f, 0.28f, 0.94f, 0.66f, 0.7f, 0.7f, 0.5f, 0.66f, 0.5f, 0.35f, 0.5f, 0.03f);
        b.Shade(Cream, Cream * 0.8f, 0.1f, 0.3f, 0.44f, 0.6f)
            .Curve(0.44f, 0.1f, 0.3f, 0.42f, 0.1f, 0.66f, 0.28f, 0.7f, 0.44f, 0.66f, 0.44f, 0.4f, 0.44f, 0.1f);
        b.Shade(b.Colour, b.Darker, 0f, 0.76f, 0f, 1f)
            .Curve(0f, 0.74f, 0.5f, 0.8f, 1f, 0.72f, 0.95f, 0.92f, 0.82f, 1f, 0.5f, 1f, 0.18f, 1f, 0.05f, 0.93f, 0f, 0.74f);
        b.Set(Cream)
            .Curve(0f, 0.74f, 0.5f, 0.8f, 1f, 0.72f, 0.99f, 0.75f, 0.985f, 0.765f, 0.5f, 0.84f, 0.008f, 0.785f, 0f, 0.76f, 0f, 0.74f);
    }

    public static void Car(SubjectBrush b)
    {
        b.Shade(b.Lighter, b.Colour, 0f, 0f, 0f, 0.5f)
            .Curve(0.36f, 0.46f, 0.5f, 0.02f, 0.72f, 0.01f, 1f, -0.02f, 1.24f, 0.03f, 1.42f, 0.1f, 1.6f, 0.46f, 1f, 0.5f, 0.36f, 0.46f);
        b.Shade(Rgb(0x9DB4C4), Rgb(0x2E3A46), 0.5f, 0.1f, 0.8f, 0.5f)
            .Curve(0.5f, 0.42f, 0.58f, 0.14f, 0.76f, 0.1f, 0.85f, 0.09f, 0.94f, 0.09f, 0.94f, 0.25f, 0.94f, 0.42f, 0.7f, 0.42f, 0.5f,
                0.42f);
        b.Curve(1.01f, 0.09f, 1.15f, 0.09f, 1.24f, 0.12f, 1.36f, 0.2f, 1.45f, 0.42f, 1.2f, 0.42f, 1.01f, 0.42f, 1.01f, 0.25f, 1.01f, 0.09f);
        b.Shade(b.Colour, b.Darker, 0f, 0.42f, 0f, 0.9f)
            .Curve(0.02f, 0.78f, 0f, 0.5f, 0.1f, 0.46f, 0.25f, 0.4f, 0.45f, 0.4f, 1f, 0.36f, 1.6f, 0.4f, 1.95f, 0.44f, 1.98f, 0.58f, 2f,
                0.7f, 1.98f, 0.82f, 1f, 0.88f, 0.02f, 0.82f, 0.02f, 0.8f, 0.02f, 0.78f);
        b.Set(b.Darker * 0.8f).Line(0.97f, 0.46f, 0.97f, 0.78f, 0.015f).Line(0.1f, 0.62f, 1.94f, 0.62f, 0.012f);
        b.Set(0xFFF3C4).Oval(0.07f, 0.56f, 0.05f, 0.06f).Set(0xC42A20).Block(1.9f, 0.5f, 1.97f, 0.6f, 0.02f);
        Wheel(b, 0.42f, 0.79f, 0.205f);
        Wheel(b, 1.55f, 0.79f, 0.205f);
    }

    public static void Bus(SubjectBrush b)
    {
        b.Shade(b.Lighter, b.Darker, 0f, 0f, 0f, 0.95f).Block(0f, 0f, 1.6f, 0.9f, 0.09f);
        b.Set(Cream).Block(0f, 0.52f, 1.6f, 0.57f);
        for (int i = 0; i < 5; i++)
        {
            float x = 0.08f + (0.3f * i);
            b.Shade(Rgb(0xA9C0CE), Rgb(0x34424E), x, 0.12f, x + 0.2f, 0.48f).Block(x, 0.13f, x + 0.25f, 0.45f, 0.03f);
        }

        b.Set(0x2E3A46).Block(0.1f, 0.6f, 0.25f, 0.88f, 0.02f);
        b.Set(0xFFF3C4).Oval(0.03f, 0.74f, 0.03f, 0.045f).Set(0xC42A20).Block(1.56f, 0.68f, 1.6f, 0.78f);
        Wheel(b, 0.42f, 0.87f, 0.13f);
        Wheel(b, 1.22f, 0.87f, 0.13f);
    }

    public static void Balloon(SubjectBrush b)
    {
        const float Middle = 0.38f;
        b.Globe(b.Lighter, b.Colour, b.Darker, 0.28f, 0.24f, 0.6f)
            .Curve(Middle, 0f, 0.76f, 0.0f, 0.76f, 0.36f, 0.74f, 0.58f, 0.46f, 0.79f, Middle, 0.81f, 0.3f, 0.79f, 0.02f, 0.58f, 0f, 0.36f,
                0f, 0f, Middle, 0f);
        b.Shade(Mix(b.Colour, Cream, 0.75f), Mix(b.Darker, Cream, 0.5f), 0.1f, 0f, 0.7f, 0.8f)
            .Curve(Middle, 0f, 0.55f, 0.08f, 0.55f, 0.38f, 0.53f, 0.6f, 0.41f, 0.79f, Middle, 0.8f, 0.35f, 0.79f, 0.23f, 0.6f, 0.21f,
                0.38f, 0.21f, 0.08f, Middle, 0f);
        b.Shade(b.Lighter, b.Darker, 0.2f, 0f, 0.55f, 0.7f)
            .Curve(Middle, 0f, 0.46f, 0.08f, 0.46f, 0.38f, 0.45f, 0.6f, 0.39f, 0.79f, Middle, 0.8f, 0.37f, 0.79f, 0.31f, 0.6f, 0.3f,
                0.38f, 0.3f, 0.08f, Middle, 0f);
        b.Set(0x4A3A2C).Line(0.31f, 0.79f, 0.335f, 0.9f, 0.01f).Line(0.45f, 0.79f, 0.425f, 0.9f, 0.01f);
        b.Shade(Rgb(0xA9794A), Rgb(0x63431F), 0.31f, 0.88f, 0.45f, 1f).Block(0.31f, 0.89f, 0.45f, 1f, 0.02f);
    }

    public static void Kite(SubjectBrush b)
    {
        b.Set(0x3C3A38).Line(0.36f, 0.66f, 0.5f, 0.8f, 0.012f).Line(0.5f, 0.8f, 0.34f, 0.99f, 0.012f);
        b.Set(b.Lighter).Poly(0.35f, 0f, 0f, 0.26f, 0.35f, 0.26f);
        b.Set(b.Colour).Poly(0.35f, 0f, 0.7f, 0.26f, 0.35f, 0.26f);
        b.Set(b.Colour * 0.9f).Poly(0f, 0.26f, 0.35f, 0.26f, 0.35f, 0.7f);
        b.Set(b.Darker).Poly(0.7f, 0.26f, 0.35f, 0.26f, 0.35f, 0.7f);
        b.Set(b.Colour).Poly(0.4f, 0.72f, 0.54f, 0.74f, 0.44f, 0.82f).Poly(0.36f, 0.86f, 0.52f, 0.88f, 0.42f, 0.95f);
    }

    private static void Wheel(SubjectBrush b, float x, float y, float radius) =>
        b.Set(0x1C1D20).Oval(x, y, radius, radius).Set(0xB4B8BC).Oval(x, y, radius * 0.52f, radius * 0.52f).Set(0x55595E)
            .Oval(x, y, radius * 0.2f, radius * 0.2f);
}
