using System.Numerics;
using SkiaSharp;

namespace Inpaint.Scenes;

internal readonly record struct SceneColour(string Word, Vector3 Rgb)
{
    public static SceneColour Red { get; } = new("red", new(203, 36, 34));

    public static SceneColour Orange { get; } = new("orange", new(236, 122, 24));

    public static SceneColour Yellow { get; } = new("yellow", new(242, 206, 42));

    public static SceneColour Green { get; } = new("green", new(44, 138, 58));

    public static SceneColour Blue { get; } = new("blue", new(36, 82, 190));

    public static SceneColour Purple { get; } = new("purple", new(122, 54, 160));

    public static SceneColour Pink { get; } = new("pink", new(240, 128, 172));

    public static SceneColour Brown { get; } = new("brown", new(122, 74, 40));

    public static SceneColour Black { get; } = new("black", new(34, 34, 38));

    public static SceneColour White { get; } = new("white", new(240, 240, 236));

    /// <summary>All colours, for paint, cloth and plastic.</summary>
    public static SceneColour[] All { get; } = [Red, Orange, Yellow, Green, Blue, Purple, Pink, Brown, Black, White];

    public static SceneColour[] Bright { get; } = [Red, Orange, Yellow, Green, Blue, Purple, Pink];
}

/// <summary>Arithmetic on colours with channels from 0 to 255.</summary>
internal static class ColourMath
{
    public static float Saturate(float t) => Math.Clamp(t, 0f, 1f);

    /// <summary>A smooth step: 0 up to <paramref name="from"/>, 1 from <paramref name="to"/>.</summary>
    public static float Step(float from, float to, float value)
    {
        float t = Saturate((value - from) / (to - from));
        return t * t * (3f - (2f * t));
    }

    public static Vector3 Rgb(int hex) => new((hex >> 16) & 255, (hex >> 8) & 255, hex & 255);

    public static Vector3 Mix(Vector3 a, Vector3 b, float t) => a + ((b - a) * t);

    public static SKColor ToSkia(this Vector3 rgb, byte alpha = 255) => new(ToByte(rgb.X), ToByte(rgb.Y), ToByte(rgb.Z), alpha);

    public static byte ToByte(float value) => (byte)(Math.Clamp(value, 0f, 255f) + 0.5f);
}
