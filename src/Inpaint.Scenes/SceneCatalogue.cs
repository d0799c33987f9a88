namespace Inpaint.Scenes;

internal enum SceneSetting
{
    Sea, Lake, Beach, Meadow, CountryRoad, Park, Desert, Snow, Street, Room, Table,
}

internal enum SceneSky
{
    Clear, Cloudy, Grey, Evening,
}

internal enum SubjectKind
{
    Boat, House, Car, Bus, Tree, Ball, Balloon, Kite, Horse, Flower, Umbrella, Lamp, Person, Chair, Cup, Tent,
}

/// <summary>The name, relative size and colours of a kind of subject.</summary>
/// <param name="Words">The noun phrase, with <c>*</c> for the colour.</param>
/// <param name="Height">The height relative to a house.</param>
/// <param name="Aspect">The ratio of width to height.</param>
/// <param name="Colours">The possible colours.</param>
/// <param name="Flies">True if in the air, false if on the ground.</param>
internal sealed record SubjectEntry(string Words, float Height, float Aspect, SceneColour[] Colours, bool Flies = false);

/// <summary>The name of a setting, and the subjects found there.</summary>
internal sealed record SettingEntry(string Words, bool Outdoors, SubjectKind[] Subjects);

/// <summary>The kinds of subjects, settings and skies of scenes.</summary>
internal static class SceneCatalogue
{
    private static readonly Dictionary<SubjectKind, SubjectEntry> SubjectEntries = new()
    {
        [SubjectKind.Boat] = new("a * boat", 1.05f, 1f, SceneColour.All),
        [SubjectKind.House] = new("a * house", 1f, 1.1f, SceneColour.All),
        [SubjectKind.Car] = new("a * car", 0.56f, 2f, SceneColour.All),
        [SubjectKind.Bus] = new("a * bus", 0.78f, 1.6f, SceneColour.Bright),
        [SubjectKind.Tree] = new(
            "a tree with * leaves", 1.15f, 0.85f,
            [SceneColour.Green, SceneColour.Orange, SceneColour.Yellow, SceneColour.Red, SceneColour.Pink]),
        [SubjectKind.Ball] = new("a * ball", 0.7f, 1f, SceneColour.All),
        [SubjectKind.Balloon] = new("a * balloon", 1f, 0.76f, SceneColour.Bright, Flies: true),
        [SubjectKind.Kite] = new("a * kite", 0.95f, 0.7f, SceneColour.Bright, Flies: true),
        [SubjectKind.Horse] = new("a * horse", 0.92f, 1.2f, [SceneColour.Brown, SceneColour.Black, SceneColour.White]),
        [SubjectKind.Flower] = new(
            "a * flower", 1f, 0.72f,
            [SceneColour.Red, SceneColour.Orange, SceneColour.Yellow, SceneColour.Blue, SceneColour.Purple, SceneColour.Pink,
                SceneColour.White]),
        [SubjectKind.Umbrella] = new("a * umbrella", 0.95f, 1.1f, SceneColour.All),
        [SubjectKind.Lamp] = new("a * lamp", 1.05f, 0.62f, SceneColour.Bright),
        [SubjectKind.Person] = new("a person in a * coat", 1.1f, 0.44f, SceneColour.All),
        [SubjectKind.Chair] = new("a * chair", 1f, 0.66f, SceneColour.All),
        [SubjectKind.Cup] = new("a * cup", 0.72f, 1.25f, SceneColour.All),
        [SubjectKind.Tent] = new("a * tent", 0.78f, 1.4f, SceneColour.Bright),
    };

    private static readonly Dictionary<SceneSetting, SettingEntry> SettingEntries = new()
    {
        [SceneSetting.Sea] = new("a calm sea", true, [SubjectKind.Boat, SubjectKind.Boat, SubjectKind.Balloon, SubjectKind.Ball]),
        [SceneSetting.Lake] = new("a lake with hills behind it", true, [SubjectKind.Boat, SubjectKind.Boat, SubjectKind.Balloon]),
        [SceneSetting.Beach] = new(
            "a sandy beach", true,
            [SubjectKind.Umbrella, SubjectKind.Ball, SubjectKind.Person, SubjectKind.Kite, SubjectKind.Tent, SubjectKind.Chair,
                SubjectKind.Horse]),
        [SceneSetting.Meadow] = new(
            "a green meadow", true,
            [SubjectKind.Horse, SubjectKind.Tree, SubjectKind.Flower, SubjectKind.House, SubjectKind.Tent, SubjectKind.Balloon,
                SubjectKind.Kite, SubjectKind.Person]),
        [SceneSetting.CountryRoad] = new(
            "a country road", true,
            [SubjectKind.Car, SubjectKind.Bus, SubjectKind.Horse, SubjectKind.Person, SubjectKind.Tree, SubjectKind.House]),
        [SceneSetting.Park] = new(
            "a park", true,
            [SubjectKind.Person, SubjectKind.Tree, SubjectKind.Ball, SubjectKind.Flower, SubjectKind.Kite, SubjectKind.Horse,
                SubjectKind.Umbrella]),
        [SceneSetting.Desert] = new(
            "a dry desert", true,
            [SubjectKind.Tent, SubjectKind.Car, SubjectKind.Horse, SubjectKind.Balloon, SubjectKind.Person, SubjectKind.Umbrella]),
        [SceneSetting.Snow] = new(
            "a snowy field with mountains", true,
            [SubjectKind.House, SubjectKind.Tree, SubjectKind.Person, SubjectKind.Tent, SubjectKind.Horse, SubjectKind.Car]),
        [SceneSetting.Street] =
            new("a city street", true, [SubjectKind.Car, SubjectKind.Bus, SubjectKind.Person, SubjectKind.Umbrella, SubjectKind.Ball]),
        [SceneSetting.Room] =
            new("a quiet room", false, [SubjectKind.Chair, SubjectKind.Lamp, SubjectKind.Ball, SubjectKind.Person, SubjectKind.Flower]),
        [SceneSetting.Table] = new("a wooden table", false, [SubjectKind.Cup, SubjectKind.Lamp, SubjectKind.Flower, SubjectKind.Ball]),
    };

    public static ReadOnlySpan<SceneSetting> Settings =>
    [
        SceneSetting.Sea, SceneSetting.Lake, SceneSetting.Beach, SceneSetting.Meadow, SceneSetting.CountryRoad, SceneSetting.Park,
        SceneSetting.Desert, SceneSetting.Snow, SceneSetting.Street, SceneSetting.Room, SceneSetting.Table,
    ];

    public static ReadOnlySpan<SceneSky> Skies => [SceneSky.Clear, SceneSky.Cloudy, SceneSky.Cloudy, SceneSky.Grey, SceneSky.Evening];

    public static SubjectEntry Of(SubjectKind kind) => SubjectEntries[kind];

    public static SettingEntry Of(SceneSetting setting) => SettingEntries[setting];

    public static string WordsOf(SceneSky sky) => sky switch
    {
        SceneSky.Clear => " under a clear sky",
        SceneSky.Cloudy => " under a cloudy sky",
        SceneSky.Grey => " under a grey sky",
        _ => " at sunset",
    };
}
