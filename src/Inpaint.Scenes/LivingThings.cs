using System.Numerics;
using static Inpaint.Scenes.ColourMath;

namespace Inpaint.Scenes;

/// <summary>Draws plants, people and animals.</summary>
internal static class LivingThings
{
    public static void Tree(SubjectBrush b, uint seed)
    {
        var random = new SplitMix64(seed);
        b.Shade(Rgb(0x7A5838), Rgb(0x3E2B1A), 0.36f, 0.6f, 0.5f, 0.6f)
            .Curve(0.34f, 1f, 0.39f, 0.85f, 0.38f, 0.5f, 0.43f, 0.45f, 0.48f, 0.5f, 0.47f, 0.85f, 0.53f, 1f, 0.43f, 0.985f, 0.34f, 1f);
        b.Set(b.Darker).Oval(0.425f, 0.36f, 0.35f, 0.32f).Oval(0.2f, 0.47f, 0.2f, 0.18f).Oval(0.65f, 0.47f, 0.2f, 0.18f);
        b.Set(b.Colour * 0.92f).Oval(0.42f, 0.25f, 0.27f, 0.25f).Oval(0.19f, 0.42f, 0.18f, 0.16f).Oval(0.64f, 0.41f, 0.19f, 0.17f);
        for (int i = 0; i < 34; i++)
        {
            float u = random.Between(-1f, 1f), v = random.Between(-1f, 1f), r = random.Between(0.025f, 0.07f);
            if ((u * u) + (v * v) < 1f)
            {
                float lit = Saturate(0.5f - (0.35f * u) - (0.45f * v));
                b.Set(Mix(b.Darker, b.Lighter, lit * random.Between(0.7f, 1.1f)))
                    .Oval(0.425f + (0.33f * u), 0.34f + (0.27f * v), r, r * 0.85f);
            }
        }
    }

    public static void Horse(SubjectBrush b)
    {
        Vector3 far = b.Colour * 0.75f, hair = b.Colour.X > 200 ? Rgb(0xC9BFA8) : b.Colour * 0.45f;
        b.Set(far).Poly(0.44f, 0.55f, 0.54f, 0.55f, 0.52f, 0.98f, 0.46f, 0.98f)
            .Poly(0.86f, 0.52f, 0.97f, 0.52f, 0.93f, 0.98f, 0.87f, 0.98f);
        b.Set(hair)
            .Curve(1.03f, 0.36f, 1.2f, 0.36f, 1.18f, 0.76f, 1.09f, 0.72f, 1.08f, 0.6f, 1.06f, 0.5f, 1f, 0.42f, 1f, 0.38f, 1.03f, 0.36f);
        b.Shade(b.Lighter, b.Darker, 0.6f, 0.28f, 0.65f, 0.68f)
            .Curve(0.34f, 0.4f, 0.5f, 0.3f, 0.68f, 0.37f, 0.86f, 0.28f, 1f, 0.35f, 1.1f, 0.44f, 1.04f, 0.6f, 0.96f, 0.66f, 0.86f, 0.62f,
                0.66f, 0.7f, 0.48f, 0.63f, 0.3f, 0.6f, 0.34f, 0.4f);
        b.Shade(b.Lighter, b.Colour, 0.2f, 0.1f, 0.45f, 0.5f)
            .Curve(0.5f, 0.36f, 0.36f, 0.2f, 0.28f, 0.06f, 0.22f, 0.04f, 0.16f, 0.1f, 0.2f, 0.34f, 0.32f, 0.56f, 0.48f, 0.6f, 0.5f, 0.36f);
        b.Set(b.Colour)
            .Curve(0.27f, 0.06f, 0.14f, 0.05f, 0.02f, 0.25f, -0.02f, 0.33f, 0.07f, 0.35f, 0.16f, 0.3f, 0.24f, 0.22f, 0.32f, 0.14f, 0.27f,
                0.06f).Poly(0.21f, 0.1f, 0.24f, 0f, 0.28f, 0.1f);
        b.Set(hair)
            .Curve(0.27f, 0.03f, 0.4f, 0.12f, 0.52f, 0.36f, 0.44f, 0.34f, 0.4f, 0.3f, 0.33f, 0.18f, 0.25f, 0.09f, 0.25f, 0.05f, 0.27f,
                0.03f);
        b.Set(b.Colour).Poly(0.36f, 0.52f, 0.49f, 0.56f, 0.43f, 1f, 0.36f, 1f)
            .Poly(0.93f, 0.48f, 1.05f, 0.48f, 1.05f, 0.7f, 1.03f, 1f, 0.96f, 1f, 0.97f, 0.7f);
        b.Set(0x161412).Oval(0.15f, 0.16f, 0.014f, 0.016f).Block(0.36f, 0.95f, 0.435f, 1f).Block(0.96f, 0.95f, 1.035f, 1f);
    }

    public static void Flower(SubjectBrush b, bool potted)
    {
        b.Set(0x3E7A34).Line(0.36f, 0.4f, 0.37f, 0.97f, 0.035f);
        b.Shade(Rgb(0x5FA048), Rgb(0x2F6428), 0.1f, 0.6f, 0.4f, 0.85f)
            .Curve(0.36f, 0.82f, 0.2f, 0.78f, 0.08f, 0.6f, 0.3f, 0.6f, 0.36f, 0.82f)
                .Curve(0.37f, 0.74f, 0.5f, 0.72f, 0.64f, 0.54f, 0.42f, 0.54f, 0.37f, 0.74f);
        if (potted)
        {
            b.Shade(Rgb(0xC4744A), Rgb(0x7E4226), 0.2f, 0.8f, 0.54f, 0.8f).Poly(0.2f, 0.77f, 0.54f, 0.77f, 0.48f, 1f, 0.26f, 1f)
                .Block(0.18f, 0.74f, 0.56f, 0.8f, 0.02f);
        }

        // Ten petals around (0.36, 0.3). The directions are constants, so that pixels do not depend on the platform's sine.
        ReadOnlySpan<float> cosine = [1f, 0.809f, 0.309f, -0.309f, -0.809f, -1f, -0.809f, -0.309f, 0.309f, 0.809f];
        ReadOnlySpan<float> sine = [0f, 0.588f, 0.951f, 0.951f, 0.588f, 0f, -0.588f, -0.951f, -0.951f, -0.588f];
        for (int i = 0; i < 10; i++)
        {
            float c = cosine[i], s = sine[i], x = 0.36f, y = 0.3f;
            b.Shade(i % 2 == 0 ? b.Lighter : b.Colour, b.Darker, x + (0.32f * c), y + (0.28f * s), x, y);
            b.Curve(x, y, x + (0.2f * c) - (0.13f * s), y + (0.17f * s) + (0.13f * c), x + (0.35f * c), y + (0.29f * s), x + (0.2f * c)
                + (0.13f * s), y + (0.17f * s) - (0.13f * c), x, y);
        }

        bool yellow = b.Colour.X > 200 && b.Colour.Y > 180 && b.Colour.Z < 100;
        b.Set(yellow ? Rgb(0x6B4423) : Rgb(0xF2C230)).Oval(0.36f, 0.3f, 0.09f, 0.085f).Set(yellow ? Rgb(0x4A2C14) : Rgb(0xC98E1E))
            .Oval(0.37f, 0.31f, 0.05f, 0.045f);
    }

    public static void Person(SubjectBrush b, uint seed)
    {
        Vector3 skin = (seed % 4) switch { 0 => Rgb(0xE8B894), 1 => Rgb(0xC98F68), 2 => Rgb(0x8F5E3E), _ => Rgb(0xF0C8A8) };
        Vector3 hair = (seed / 4 % 3) switch { 0 => Rgb(0x2A2019), 1 => Rgb(0x6B4526), _ => Rgb(0xA8803E) };
        b.Set(0x2C3444).Poly(0.13f, 0.6f, 0.22f, 0.6f, 0.21f, 0.97f, 0.13f, 0.97f).Set(0x353F52)
            .Poly(0.22f, 0.6f, 0.32f, 0.6f, 0.31f, 0.97f, 0.23f, 0.97f);
        b.Set(0x201A16).Block(0.1f, 0.955f, 0.21f, 1f, 0.02f).Block(0.22f, 0.955f, 0.33f, 1f, 0.02f);
        b.Set(b.Darker)
            .Curve(0.1f, 0.22f, 0.01f, 0.3f, 0f, 0.56f, 0.06f, 0.6f, 0.09f, 0.55f, 0.1f, 0.4f, 0.14f, 0.3f, 0.14f, 0.24f, 0.1f, 0.22f);
        b.Curve(0.34f, 0.22f, 0.43f, 0.3f, 0.44f, 0.56f, 0.38f, 0.6f, 0.35f, 0.55f, 0.34f, 0.4f, 0.3f, 0.3f, 0.3f, 0.24f, 0.34f, 0.22f);
        b.Set(skin).Oval(0.045f, 0.59f, 0.03f, 0.03f).Oval(0.395f, 0.59f, 0.03f, 0.03f).Block(0.19f, 0.14f, 0.25f, 0.24f);
        b.Shade(b.Lighter, b.Darker, 0.1f, 0.2f, 0.36f, 0.6f)
            .Curve(0.09f, 0.23f, 0.22f, 0.16f, 0.35f, 0.23f, 0.33f, 0.45f, 0.36f, 0.68f, 0.22f, 0.71f, 0.08f, 0.68f, 0.11f, 0.45f, 0.09f,
                0.23f);
        b.Set(b.Darker * 0.8f).Line(0.22f, 0.24f, 0.22f, 0.67f, 0.012f);
        b.Set(hair).Oval(0.22f, 0.085f, 0.085f, 0.085f).Set(skin).Oval(0.215f, 0.105f, 0.068f, 0.075f).Set(hair)
            .Curve(0.14f, 0.09f, 0.16f, 0f, 0.23f, 0.005f, 0.31f, 0.02f, 0.295f, 0.1f, 0.25f, 0.05f, 0.14f, 0.09f);
    }
}
