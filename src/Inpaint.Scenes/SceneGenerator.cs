using System.Numerics;
using SkiaSharp;
using static Inpaint.Scenes.ColourMath;

namespace Inpaint.Scenes;

/// <summary>
/// Draws captioned pictures: a textured setting in perspective, and near its centre a subject whose kind, colour and position are in the
/// caption. A scene depends only on its index and seed, so scenes can be drawn in any order and in parallel, always with the same pixels.
/// At another size, the same scene is drawn in more or less detail.
/// </summary>
public static class SceneGenerator
{
    /// <summary>The version of the generator; it changes whenever the pictures do.</summary>
    public const int Version = 1;

    /// <summary>The minimum side in pixels.</summary>
    public const int MinSize = 16;

    /// <summary>The maximum side in pixels.</summary>
    public const int MaxSize = 4096;

    /// <summary>Draws a scene.</summary>
    /// <param name="index">The scene's index, from 0.</param>
    /// <param name="size">The side of the picture in pixels, 16 to 4096. Default 64.</param>
    /// <param name="seed">The random seed. Default 1.</param>
    public static Scene Draw(int index, int size = 64, ulong seed = 1)
    {
        ScenePlan plan = Plan(index, size, seed);
        return new Scene(Paint(plan, size, subject: true), plan.Caption, plan.BoxAt(size));
    }

    /// <summary>Draws a scene without its subject and the subject's shadow or reflection; the rest is the same.</summary>
    /// <param name="index">The scene's index, from 0.</param>
    /// <param name="size">The side of the picture in pixels, 16 to 4096. Default 64.</param>
    /// <param name="seed">The random seed. Default 1.</param>
    public static Photo DrawWithoutSubject(int index, int size = 64, ulong seed = 1) =>
        Paint(Plan(index, size, seed), size, subject: false);

    /// <summary>The caption and box of a scene, without drawing it.</summary>
    /// <param name="index">The scene's index, from 0.</param>
    /// <param name="size">The side of the picture in pixels, 16 to 4096.</param>
    /// <param name="seed">The random seed.</param>
    public static (string Caption, PixelRect Box) Describe(int index, int size = 64, ulong seed = 1)
    {
        ScenePlan plan = Plan(index, size, seed);
        return (plan.Caption, plan.BoxAt(size));
    }

    private static ScenePlan Plan(int index, int size, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, MinSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, MaxSize);
        return ScenePlan.For(index, seed);
    }

    private static unsafe Photo Paint(ScenePlan plan, int size, bool subject)
    {
        byte[] rgba = GC.AllocateUninitializedArray<byte>(4 * size * size);
        switch (plan.Setting)
        {
            case SceneSetting.Street or SceneSetting.Room:
                new Corridor(plan, size).Paint(rgba);
                break;
            case SceneSetting.Table:
                new TableTop(plan, size).Paint(rgba);
                break;
            default:
                new Landscape(plan, size).Paint(rgba);
                break;
        }

        if (subject)
        {
            fixed (byte* start = rgba)
            {
                var info = new SKImageInfo(size, size, SKColorType.Rgba8888, SKAlphaType.Opaque);
                using SKSurface surface = SKSurface.Create(info, (nint)start, 4 * size);
                SubjectPainter.Paint(surface.Canvas, plan, size);
                surface.Canvas.Flush();
            }
        }

        Finish(rgba, plan, size);
        return new Photo(size, size, rgba);
    }

    /// <summary>Adds camera effects: slightly uneven light, grain and vignetting.</summary>
    private static void Finish(Span<byte> rgba, ScenePlan plan, int size)
    {
        var noise = new ValueNoise(plan.NoiseSeed ^ 0xF1);
        float pixel = 1f / size;
        int at = 0;
        for (int row = 0; row < size; row++)
        {
            float y = (row + 0.5f) * pixel;
            for (int column = 0; column < size; column++, at += 4)
            {
                float x = (column + 0.5f) * pixel;
                float corner = ((x - 0.5f) * (x - 0.5f)) + ((y - 0.5f) * (y - 0.5f));
                float gain = 1.02f - (0.22f * corner) + (0.05f * noise.Sum(x * 7f, y * 7f, 7f * pixel));
                var colour = new Vector3(rgba[at], rgba[at + 1], rgba[at + 2]) * gain;
                rgba[at] = ToByte(colour.X);
                rgba[at + 1] = ToByte(colour.Y);
                rgba[at + 2] = ToByte(colour.Z);
            }
        }
    }
}
