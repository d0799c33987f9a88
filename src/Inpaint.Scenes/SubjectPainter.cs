using System.Numerics;
using SkiaSharp;
using static Inpaint.Scenes.ColourMath;

namespace Inpaint.Scenes;

/// <summary>Draws the subject of a scene, with its shadow, or its reflection in water.</summary>
internal static class SubjectPainter
{
    public static void Paint(SKCanvas canvas, ScenePlan plan, int size)
    {
        SubjectEntry entry = SceneCatalogue.Of(plan.Kind);
        SKRect box = plan.Subject;
        bool outdoors = SceneCatalogue.Of(plan.Setting).Outdoors;
        Vector3 light = !outdoors ? Vector3.One : plan.Sky switch
        {
            SceneSky.Grey => new(0.93f, 0.94f, 0.95f),
            SceneSky.Evening => new(0.94f, 0.86f, 0.82f),
            _ => Vector3.One,
        };
        bool afloat = plan.Setting is SceneSetting.Sea or SceneSetting.Lake && !entry.Flies;
        if (afloat)
        {
            Reflect(canvas, plan, size, entry, light);
        }
        else if (!entry.Flies)
        {
            CastShadow(canvas, plan, size);
        }

        canvas.Save();
        canvas.Translate(box.Left * size, box.Top * size);
        canvas.Scale(box.Height * size);
        Draw(canvas, plan, entry, light);
        canvas.Restore();
        if (afloat)
        {
            LapAt(canvas, plan, size);
        }
    }

    private static void Draw(SKCanvas canvas, ScenePlan plan, SubjectEntry entry, Vector3 light)
    {
        if (plan.Mirrored)
        {
            canvas.Scale(-1f, 1f, entry.Aspect / 2f, 0f);
        }

        using var brush = new SubjectBrush(canvas, plan.Colour.Rgb, light, entry.Aspect);
        switch (plan.Kind)
        {
            case SubjectKind.Boat: Vehicles.Boat(brush); break;
            case SubjectKind.Car: Vehicles.Car(brush); break;
            case SubjectKind.Bus: Vehicles.Bus(brush); break;
            case SubjectKind.Balloon: Vehicles.Balloon(brush); break;
            case SubjectKind.Kite: Vehicles.Kite(brush); break;
            case SubjectKind.Tree: LivingThings.Tree(brush, plan.NoiseSeed); break;
            case SubjectKind.Horse: LivingThings.Horse(brush); break;
            case SubjectKind.Flower: LivingThings.Flower(brush, potted: plan.Setting is SceneSetting.Room or SceneSetting.Table); break;
            case SubjectKind.Person: LivingThings.Person(brush, plan.NoiseSeed); break;
            case SubjectKind.House: Buildings.House(brush); break;
            case SubjectKind.Tent: Buildings.Tent(brush); break;
            case SubjectKind.Ball: Objects.Ball(brush); break;
            case SubjectKind.Umbrella: Objects.Umbrella(brush); break;
            case SubjectKind.Lamp: Objects.Lamp(brush); break;
            case SubjectKind.Chair: Objects.Chair(brush); break;
            case SubjectKind.Cup: Objects.Cup(brush); break;
            default: throw new InvalidOperationException($"{plan.Kind} cannot be drawn.");
        }
    }

    private static void CastShadow(SKCanvas canvas, ScenePlan plan, int size)
    {
        SKRect box = plan.Subject;
        float strength = !SceneCatalogue.Of(plan.Setting).Outdoors ? 0.38f : plan.Sky is SceneSky.Grey ? 0.28f : 0.42f;
        float narrow = plan.Kind is SubjectKind.Tree or SubjectKind.Umbrella or SubjectKind.Flower or SubjectKind.Lamp ? 0.35f : 0.55f;
        float lean = (0.5f - plan.SunX) * 0.3f * box.Width;
        float rx = box.Width * narrow * size, ry = MathF.Max(0.02f, box.Height * 0.055f) * size;
        var centre = new SKPoint((box.MidX + lean) * size, (box.Bottom - 0.008f) * size);
        using SKShader shader = SKShader.CreateRadialGradient(
            new SKPoint(0, 0), 1f,
                [new SKColor(12, 14, 24, (byte)(255 * strength)), new SKColor(12, 14, 24, (byte)(160 * strength)),
                    new SKColor(12, 14, 24, 0)], [0f, 0.6f, 1f], SKShaderTileMode.Clamp);
        using var paint = new SKPaint { IsAntialias = true, Shader = shader };
        canvas.Save();
        canvas.Translate(centre.X, centre.Y);
        canvas.Scale(rx, ry);
        canvas.DrawOval(0, 0, 1, 1, paint);
        canvas.Restore();
    }

    private static void Reflect(SKCanvas canvas, ScenePlan plan, int size, SubjectEntry entry, Vector3 light)
    {
        SKRect box = plan.Subject;
        float line = box.Bottom - (0.03f * box.Height);
        using var veil = new SKPaint { Color = new SKColor(255, 255, 255, 120) };
        canvas.SaveLayer(veil);
        canvas.ClipRect(new SKRect(0, line * size, size, size));
        canvas.Translate(box.Left * size, (line + (0.6f * (line - box.Top))) * size);
        canvas.Scale(box.Height * size, -0.6f * box.Height * size);
        Draw(canvas, plan, entry, light * 0.8f);
        canvas.Restore();
    }

    /// <summary>Draws ripples over the waterline and the reflection.</summary>
    private static void LapAt(SKCanvas canvas, ScenePlan plan, int size)
    {
        var random = new SplitMix64(plan.NoiseSeed);
        SKRect box = plan.Subject;
        using var paint = new SKPaint { IsAntialias = true, Style = SKPaintStyle.Stroke, StrokeCap = SKStrokeCap.Round };
        for (int i = 0; i < 9; i++)
        {
            float down = i * 0.05f * box.Height, half = box.Width * random.Between(0.12f, 0.35f);
            float x = box.MidX + (box.Width * random.Between(-0.3f, 0.3f)), y = box.Bottom - (0.015f * box.Height) + down;
            paint.StrokeWidth = MathF.Max(0.5f, random.Between(0.004f, 0.01f) * size);
            paint.Color = Mix(Rgb(0x9FB8C4), Rgb(0x2C566C), random.NextSingle()).ToSkia(110);
            canvas.DrawLine((x - half) * size, y * size, (x + half) * size, y * size, paint);
        }
    }
}
