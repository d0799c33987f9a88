using SkiaSharp;

namespace Inpaint.Scenes;

/// <summary>The random choices of a scene; positions are fractions of the picture's side.</summary>
internal sealed record ScenePlan
{
    public required SceneSetting Setting { get; init; }

    public required SceneSky Sky { get; init; }

    public required SubjectKind Kind { get; init; }

    public required SceneColour Colour { get; init; }

    public required string Caption { get; init; }

    /// <summary>The subject's bounds.</summary>
    public required SKRect Subject { get; init; }

    /// <summary>Whether the subject faces left.</summary>
    public required bool Mirrored { get; init; }

    /// <summary>The distance of the horizon from the top.</summary>
    public required float Horizon { get; init; }

    /// <summary>The horizontal position of the vanishing point.</summary>
    public required float Vanishing { get; init; }

    public required float SunX { get; init; }

    /// <summary>Two random numbers in [0, 1) for variations of the setting.</summary>
    public required (float A, float B) Variety { get; init; }

    public required uint NoiseSeed { get; init; }

    public static ScenePlan For(int index, ulong seed)
    {
        var random = SplitMix64.For(seed, index);
        SceneSetting setting = random.Pick(SceneCatalogue.Settings);
        SettingEntry place = SceneCatalogue.Of(setting);
        SubjectKind kind = random.Pick<SubjectKind>(place.Subjects);
        SubjectEntry subject = SceneCatalogue.Of(kind);
        SceneColour colour = random.Pick<SceneColour>(subject.Colours);
        SceneSky sky = random.Pick(SceneCatalogue.Skies);
        int side = random.Below(3) - 1, distance = random.Below(3);
        return new ScenePlan
        {
            Setting = setting,
            Sky = sky,
            Kind = kind,
            Colour = colour,
            Caption = MakeCaption(place, subject, colour, sky, side, distance, random.Below(2)),
            Subject = PlaceSubject(subject, setting, side, distance, ref random),
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

    /// <summary>The subject's box in pixels, for a picture of <paramref name="size"/> by <paramref name="size"/>.</summary>
    public PixelRect BoxAt(int size)
    {
        int left = (int)MathF.Floor(Subject.Left * size), top = (int)MathF.Floor(Subject.Top * size);
        int right = (int)MathF.Ceiling(Subject.Right * size), bottom = (int)MathF.Ceiling(Subject.Bottom * size);
        return new PixelRect(left, top, right - left, bottom - top).Intersect(new PixelRect(0, 0, size, size));
    }

    private static SKRect PlaceSubject(SubjectEntry subject, SceneSetting setting, int side, int distance, ref SplitMix64 random)
    {
        float nearness = setting is SceneSetting.Table ? 0.3f + (0.03f * distance) : 0.22f + (0.075f * distance);
        float height = subject.Height * (nearness + random.Between(0f, 0.02f));
        float width = height * subject.Aspect;
        float centre = 0.5f + (side * MathF.Max(0.1f, 0.25f - (width / 2))) + random.Between(-0.015f, 0.015f);
        float bottom = subject.Flies
            ? 0.45f + (height / 2) + random.Between(-0.03f, 0.03f)
            : 0.6f + (0.065f * distance) + random.Between(0f, 0.02f);
        return new SKRect(centre - (width / 2), bottom - height, centre + (width / 2), bottom);
    }

    private static string MakeCaption(
        SettingEntry place, SubjectEntry subject, SceneColour colour, SceneSky sky, int side, int distance, int manner)
    {
        string what = subject.Words.Replace("*", colour.Word, StringComparison.Ordinal);
        what = what.StartsWith("a orange", StringComparison.Ordinal) ? "an" + what[1..] : what;
        what = what.Replace("in a orange", "in an orange", StringComparison.Ordinal);
        string how = (subject.Flies ? " in the air" : "") + distance switch { 0 => " far off", 2 => " close by", _ => "" };
        string where = side switch { -1 => "on the left of ", 1 => "on the right of ", _ => "in the middle of " } + place.Words;
        string above = place.Outdoors ? SceneCatalogue.WordsOf(sky) : "";
        string sentence = manner == 0 ? $"{what}{how} {where}{above}." : $"{where} there is {what}{how}{above}.";
        return char.ToUpperInvariant(sentence[0]) + sentence[1..];
    }
}
