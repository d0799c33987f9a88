using static Inpaint.Scenes.ColourMath;

namespace Inpaint.Scenes;

/// <summary>Draws houses and tents.</summary>
internal static class Buildings
{
    public static void House(SubjectBrush b)
    {
        b.Shade(Rgb(0x8A5A44), Rgb(0x5E3B2C), 0.72f, 0.1f, 0.84f, 0.1f).Block(0.72f, 0.04f, 0.83f, 0.4f);
        b.Shade(b.Colour, b.Darker, 0.4f, 0.5f, 1.05f, 0.7f).Block(0.4f, 0.42f, 1.05f, 1f);
        b.Shade(b.Lighter, b.Colour, 0.05f, 0.4f, 0.4f, 0.9f).Poly(0.05f, 0.45f, 0.23f, 0.14f, 0.42f, 0.45f, 0.42f, 1f, 0.05f, 1f);
        b.Shade(Rgb(0x6E5248), Rgb(0x43312C), 0.5f, 0.1f, 0.8f, 0.45f).Poly(0.22f, 0.08f, 0.9f, 0.08f, 1.1f, 0.46f, 0.44f, 0.46f);
        b.Set(0x4E3A32).Poly(0.22f, 0.08f, 0.27f, 0.08f, 0.06f, 0.48f, 0f, 0.48f)
            .Poly(0.22f, 0.08f, 0.27f, 0.08f, 0.47f, 0.47f, 0.42f, 0.48f);
        b.Set(0x50351F).Block(0.17f, 0.68f, 0.3f, 1f, 0.01f);
        for (int i = 0; i < 2; i++)
        {
            float x = 0.52f + (0.26f * i);
            b.Set(0xF2EEE2).Block(x - 0.02f, 0.56f, x + 0.16f, 0.78f).Shade(Rgb(0xB9D2E0), Rgb(0x3E5364), x, 0.58f, x + 0.14f, 0.76f)
                .Block(x, 0.58f, x + 0.14f, 0.76f);
            b.Set(0xF2EEE2).Line(x + 0.07f, 0.58f, x + 0.07f, 0.76f, 0.014f);
        }

        b.Set(0x3E5364).Oval(0.23f, 0.4f, 0.05f, 0.055f);
    }

    public static void Tent(SubjectBrush b)
    {
        b.Shade(b.Colour, b.Darker, 0.6f, 0.1f, 1.3f, 0.9f)
            .Curve(0.52f, 0.02f, 0.9f, 0f, 1.12f, 0.08f, 1.22f, 0.6f, 1.4f, 0.97f, 1.1f, 1f, 0.86f, 1f, 0.74f, 0.5f, 0.52f, 0.02f);
        b.Shade(b.Lighter, b.Colour, 0.1f, 0.2f, 0.8f, 0.9f)
            .Curve(0.52f, 0f, 0.7f, 0.5f, 0.9f, 1f, 0.45f, 1f, 0f, 1f, 0.34f, 0.55f, 0.52f, 0f);
        b.Shade(Rgb(0x3A3230), Rgb(0x171413), 0.4f, 0.3f, 0.5f, 1f)
            .Curve(0.5f, 0.2f, 0.58f, 0.6f, 0.68f, 1f, 0.5f, 1f, 0.32f, 1f, 0.44f, 0.6f, 0.5f, 0.2f);
        b.Set(b.Darker).Curve(0.5f, 0.2f, 0.58f, 0.6f, 0.68f, 1f, 0.62f, 0.99f, 0.6f, 0.97f, 0.54f, 0.6f, 0.5f, 0.2f);
        b.Set(b.Darker * 0.8f).Line(0.98f, 0.15f, 1.14f, 0.96f, 0.012f);
    }
}
