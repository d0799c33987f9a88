using Inpaint.Photos;
using SkiaSharp;

namespace Inpaint.Scenes;

/// <summary>Everything that a scene's number decides, before any pixel: places are fractions of the picture's side.</summary>
internal sealed record ScenePlan
{
    public required SceneSetting Setting { get; init; }

    public required SceneSky Sky { get; init; }

    public required ThingKind Kind { get; init; }

    public required SceneColour Colour { get; init; }

    public required string Caption { get; init; }

    /// <summary>The thing's bounds.</summary>
    public required SKRect Thing { get; init; }

    /// <summary>Whether the thing faces left.</summary>
    public required bool Mirrored { get; init; }

    /// <summary>The horizon's height from the top.</summary>
    public required float Horizon { get; init; }

    /// <summary>Where lines into the distance meet, from the left.</summary>
    public required float Vanishing { get; init; }

    public required float SunX { get; init; }

    /// <summary>Two free numbers in [0, 1) for the setting's own variety.</summary>
    public required (float A, float B) Variety { get; init; }

    /// <summary>Seeds textures.</summary>
    public required uint NoiseSeed { get; init; }

    public static ScenePlan For(int index, ulong seed)
    {
        var random = SplitMix64.For(seed, index);
        SceneSetting setting = random.Pick(SceneCatalogue.Settings);
        SettingEntry place = SceneCatalogue.Of(setting);
        ThingKind kind = random.Pick<ThingKind>(place.Things);
        ThingEntry thing = SceneCatalogue.Of(kind);
        SceneColour colour = random.Pick<SceneColour>(thing.Colours);
        SceneSky sky = random.Pick(SceneCatalogue.Skies);
        int side = random.Below(3) - 1, distance = random.Below(3);
        return new ScenePlan
        {
            Setting = setting,
            Sky = sky,
            Kind = kind,
            Colour = colour,
            Caption = Say(place, thing, colour, sky, side, distance, random.Below(2)),
            Thing = Lay(thing, setting, side, distance, ref random),
            Mirrored = random.Below(2) == 0,
            Horizon = setting switch
            {
                SceneSetting.Room => random.Between(0.28f, 0.4f),
                SceneSetting.Beach => random.Between(0.34f, 0.44f),
                _ => random.Between(0.38f, 0.52f),
            },
            Vanishing = random.Between(0.4f, 0.6f),
            SunX = random.Between(0.12f, 0.88f),
            Variety = (random.NextSingle(), random.NextSingle()),
            NoiseSeed = (uint)random.Next(),
        };
    }

    /// <summary>The thing's box in whole pixels of a picture of <paramref name="size"/> by <paramref name="size"/>.</summary>
    public PixelRect BoxAt(int size)
    {
        int left = (int)MathF.Floor(Thing.Left * size), top = (int)MathF.Floor(Thing.Top * size);
        int right = (int)MathF.Ceiling(Thing.Right * size), bottom = (int)MathF.Ceiling(Thing.Bottom * size);
        return new PixelRect(left, top, right - left, bottom - top).Intersect(new PixelRect(0, 0, size, size));
    }

    private static SKRect Lay(ThingEntry thing, SceneSetting setting, int side, int distance, ref SplitMix64 random)
    {
        float nearness = setting is SceneSetting.Table ? 0.3f + (0.03f * distance) : 0.22f + (0.075f * distance);
        float height = thing.Height * (nearness + random.Between(0f, 0.02f));
        float width = height * thing.Aspect;
        float centre = 0.5f + (side * MathF.Max(0.1f, 0.25f - (width / 2))) + random.Between(-0.015f, 0.015f);
        float bottom = thing.Flies
            ? 0.45f + (height / 2) + random.Between(-0.03f, 0.03f)
            : 0.6f + (0.065f * distance) + random.Between(0f, 0.02f);
        return new SKRect(centre - (width / 2), bottom - height, centre + (width / 2), bottom);
    }

    private static string Say(SettingEntry place, ThingEntry thing, SceneColour colour, SceneSky sky, int side, int distance, int manner)
    {
        string what = thing.Words.Replace("*", colour.Word, StringComparison.Ordinal);
        what = what.StartsWith("a orange", StringComparison.Ordinal) ? "an" + what[1..] : what;
        what = what.Replace("in a orange", "in an orange", StringComparison.Ordinal);
        string how = (thing.Flies ? " in the air" : "") + distance switch { 0 => " far off", 2 => " close by", _ => "" };
        string where = side switch { -1 => "on the left of ", 1 => "on the right of ", _ => "in the middle of " } + place.Words;
        string above = place.Outdoors ? SceneCatalogue.WordsOf(sky) : "";
        string sentence = manner == 0 ? $"{what}{how} {where}{above}." : $"{where} there is {what}{how}{above}.";
        return char.ToUpperInvariant(sentence[0]) + sentence[1..];
    }
}
