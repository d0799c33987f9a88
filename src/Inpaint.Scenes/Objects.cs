using static Inpaint.Scenes.ColourMath;

namespace Inpaint.Scenes;

/// <summary>Draws furniture, toys and other objects.</summary>
internal static class Objects
{
    public static void Ball(SubjectBrush b)
    {
        b.Globe(b.Lighter, b.Colour, b.Darker * 0.75f, 0.34f, 0.3f, 0.78f).Oval(0.5f, 0.5f, 0.5f, 0.5f);
        b.Shade(Rgb(0xF4F1E8), Rgb(0xA9A498), 0.3f, 0.2f, 0.8f, 0.9f)
            .Curve(0.04f, 0.4f, 0.5f, 0.62f, 0.97f, 0.38f, 1f, 0.46f, 0.995f, 0.54f, 0.5f, 0.78f, 0.01f, 0.56f, 0f, 0.5f, 0.04f, 0.4f);
        b.Set(Mix(b.Colour, Rgb(0xFFFFFF), 0.7f)).Oval(0.33f, 0.22f, 0.085f, 0.055f);
    }

    public static void Umbrella(SubjectBrush b)
    {
        b.Set(0x6E563E).Line(0.55f, 0.06f, 0.55f, 0.94f, 0.028f).Line(0.55f, 0.94f, 0.5f, 0.985f, 0.028f);
        b.Shade(b.Lighter, b.Darker, 0.2f, 0.05f, 0.95f, 0.4f)
            .Curve(0f, 0.44f, 0.06f, 0.03f, 0.55f, 0.02f, 1.04f, 0.03f, 1.1f, 0.44f, 1f, 0.34f, 0.88f, 0.43f, 0.72f, 0.36f, 0.55f, 0.43f,
                0.38f, 0.36f, 0.22f, 0.43f, 0.1f, 0.34f, 0f, 0.44f);
        b.Set(b.Darker).Curve(0.55f, 0.02f, 0.28f, 0.1f, 0.22f, 0.43f, 0.38f, 0.36f, 0.42f, 0.37f, 0.42f, 0.14f, 0.55f, 0.02f);
        b.Curve(0.55f, 0.02f, 0.84f, 0.1f, 0.88f, 0.43f, 0.78f, 0.36f, 0.72f, 0.38f, 0.7f, 0.14f, 0.55f, 0.02f);
        b.Set(0x6E563E).Line(0.55f, 0.012f, 0.55f, 0.03f, 0.024f);
    }

    public static void Lamp(SubjectBrush b)
    {
        b.Shade(Rgb(0x8E7648), Rgb(0x46381E), 0.26f, 0.6f, 0.36f, 0.6f).Block(0.285f, 0.48f, 0.335f, 0.93f);
        b.Shade(b.Colour, b.Darker, 0.15f, 0.7f, 0.5f, 0.9f)
            .Curve(0.31f, 0.58f, 0.5f, 0.64f, 0.46f, 0.8f, 0.42f, 0.92f, 0.31f, 0.95f, 0.2f, 0.92f, 0.16f, 0.8f, 0.12f, 0.64f, 0.31f,
                0.58f);
        b.Set(0x3E3220).Oval(0.31f, 0.965f, 0.2f, 0.035f);
        b.Shade(b.Lighter, b.Darker, 0.06f, 0.2f, 0.62f, 0.4f).Poly(0.17f, 0f, 0.45f, 0f, 0.62f, 0.52f, 0f, 0.52f);
        b.Shade(Mix(b.Colour, Rgb(0xFFF4CC), 0.6f), b.Colour, 0.31f, 0.52f, 0.31f, 0.1f)
            .Poly(0.23f, 0.02f, 0.39f, 0.02f, 0.46f, 0.5f, 0.16f, 0.5f);
        b.Set(b.Darker).Line(0.01f, 0.515f, 0.61f, 0.515f, 0.018f);
    }

    public static void Chair(SubjectBrush b)
    {
        b.Set(0x4A3422).Line(0.16f, 0.62f, 0.14f, 0.9f, 0.045f).Line(0.52f, 0.62f, 0.55f, 0.9f, 0.045f);
        b.Shade(b.Lighter, b.Colour, 0.1f, 0f, 0.55f, 0.5f).Block(0.08f, 0f, 0.58f, 0.56f, 0.08f);
        b.Set(b.Darker).Line(0.24f, 0.06f, 0.24f, 0.5f, 0.014f).Line(0.42f, 0.06f, 0.42f, 0.5f, 0.014f);
        b.Shade(b.Colour, b.Darker, 0.3f, 0.52f, 0.3f, 0.74f)
            .Poly(0.09f, 0.5f, 0.57f, 0.5f, 0.66f, 0.66f, 0.66f, 0.74f, 0f, 0.74f, 0f, 0.66f);
        b.Set(b.Lighter).Poly(0.1f, 0.51f, 0.56f, 0.51f, 0.64f, 0.655f, 0.02f, 0.655f);
        b.Set(0x5C422C).Line(0.045f, 0.74f, 0.03f, 0.98f, 0.05f).Line(0.615f, 0.74f, 0.63f, 0.98f, 0.05f);
    }

    public static void Cup(SubjectBrush b)
    {
        b.Set(b.Darker).Oval(0.97f, 0.45f, 0.28f, 0.29f).Set(Mix(b.Darker, Rgb(0x4A4440), 0.75f)).Oval(0.96f, 0.45f, 0.16f, 0.18f);
        b.Shade(b.Lighter, b.Darker, 0.1f, 0.4f, 0.95f, 0.5f)
            .Curve(0f, 0.13f, 0.03f, 0.8f, 0.16f, 0.93f, 0.47f, 1.06f, 0.78f, 0.93f, 0.91f, 0.8f, 0.94f, 0.13f, 0.47f, 0.2f, 0f, 0.13f);
        b.Set(Mix(b.Colour, Rgb(0xFFFFFF), 0.4f)).Oval(0.47f, 0.13f, 0.47f, 0.13f)
            .Shade(Rgb(0x6A4428), Rgb(0x3A2414), 0.2f, 0.1f, 0.7f, 0.2f).Oval(0.47f, 0.14f, 0.41f, 0.095f);
        b.Set(Mix(b.Colour, Rgb(0xFFFFFF), 0.5f)).Line(0.14f, 0.35f, 0.2f, 0.72f, 0.04f);
    }
}
