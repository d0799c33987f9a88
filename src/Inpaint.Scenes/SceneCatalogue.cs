namespace Inpaint.Scenes;

internal enum SceneSetting
{
    Sea, Lake, Beach, Meadow, CountryRoad, Park, Desert, Snow, Street, Room, Table,
}

internal enum SceneSky
{
    Clear, Cloudy, Grey, Evening,
}

internal enum ThingKind
{
    Boat, House, Car, Bus, Tree, Ball, Balloon, Kite, Horse, Flower, Umbrella, Lamp, Person, Chair, Cup, Tent,
}

/// <summary>What a thing is called, how large it is beside others, and which colours it comes in.</summary>
/// <param name="Words">The thing with its colour in place of <c>*</c>.</param>
/// <param name="Height">Height relative to a house.</param>
/// <param name="Aspect">Width by height.</param>
/// <param name="Colours">The colours it comes in.</param>
/// <param name="Flies">In the air, not on the ground.</param>
internal sealed record ThingEntry(string Words, float Height, float Aspect, SceneColour[] Colours, bool Flies = false);

/// <summary>What a setting is called, and what is seen there.</summary>
internal sealed record SettingEntry(string Words, bool Outdoors, ThingKind[] Things);

/// <summary>What scenes are made of.</summary>
internal static class SceneCatalogue
{
    private static readonly Dictionary<ThingKind, ThingEntry> ThingEntries = new()
    {
        [ThingKind.Boat] = new("a * boat", 1.05f, 1f, SceneColour.All),
        [ThingKind.House] = new("a * house", 1f, 1.1f, SceneColour.All),
        [ThingKind.Car] = new("a * car", 0.56f, 2f, SceneColour.All),
        [ThingKind.Bus] = new("a * bus", 0.78f, 1.6f, SceneColour.Bright),
        [ThingKind.Tree] = new("a tree with * leaves", 1.15f, 0.85f, [SceneColour.Green, SceneColour.Orange, SceneColour.Yellow, SceneColour.Red, SceneColour.Pink]),
        [ThingKind.Ball] = new("a * ball", 0.7f, 1f, SceneColour.All),
        [ThingKind.Balloon] = new("a * balloon", 1f, 0.76f, SceneColour.Bright, Flies: true),
        [ThingKind.Kite] = new("a * kite", 0.95f, 0.7f, SceneColour.Bright, Flies: true),
        [ThingKind.Horse] = new("a * horse", 0.92f, 1.2f, [SceneColour.Brown, SceneColour.Black, SceneColour.White]),
        [ThingKind.Flower] = new("a * flower", 1f, 0.72f, [SceneColour.Red, SceneColour.Orange, SceneColour.Yellow, SceneColour.Blue, SceneColour.Purple, SceneColour.Pink, SceneColour.White]),
        [ThingKind.Umbrella] = new("a * umbrella", 0.95f, 1.1f, SceneColour.All),
        [ThingKind.Lamp] = new("a * lamp", 1.05f, 0.62f, SceneColour.Bright),
        [ThingKind.Person] = new("a person in a * coat", 1.1f, 0.44f, SceneColour.All),
        [ThingKind.Chair] = new("a * chair", 1f, 0.66f, SceneColour.All),
        [ThingKind.Cup] = new("a * cup", 0.72f, 1.25f, SceneColour.All),
        [ThingKind.Tent] = new("a * tent", 0.78f, 1.4f, SceneColour.Bright),
    };

    private static readonly Dictionary<SceneSetting, SettingEntry> SettingEntries = new()
    {
        [SceneSetting.Sea] = new("a calm sea", true, [ThingKind.Boat, ThingKind.Boat, ThingKind.Balloon, ThingKind.Ball]),
        [SceneSetting.Lake] = new("a lake with hills behind it", true, [ThingKind.Boat, ThingKind.Boat, ThingKind.Balloon]),
        [SceneSetting.Beach] = new("a sandy beach", true, [ThingKind.Umbrella, ThingKind.Ball, ThingKind.Person, ThingKind.Kite, ThingKind.Tent, ThingKind.Chair, ThingKind.Horse]),
        [SceneSetting.Meadow] = new("a green meadow", true, [ThingKind.Horse, ThingKind.Tree, ThingKind.Flower, ThingKind.House, ThingKind.Tent, ThingKind.Balloon, ThingKind.Kite, ThingKind.Person]),
        [SceneSetting.CountryRoad] = new("a country road", true, [ThingKind.Car, ThingKind.Bus, ThingKind.Horse, ThingKind.Person, ThingKind.Tree, ThingKind.House]),
        [SceneSetting.Park] = new("a park", true, [ThingKind.Person, ThingKind.Tree, ThingKind.Ball, ThingKind.Flower, ThingKind.Kite, ThingKind.Horse, ThingKind.Umbrella]),
        [SceneSetting.Desert] = new("a dry desert", true, [ThingKind.Tent, ThingKind.Car, ThingKind.Horse, ThingKind.Balloon, ThingKind.Person, ThingKind.Umbrella]),
        [SceneSetting.Snow] = new("a snowy field with mountains", true, [ThingKind.House, ThingKind.Tree, ThingKind.Person, ThingKind.Tent, ThingKind.Horse, ThingKind.Car]),
        [SceneSetting.Street] = new("a city street", true, [ThingKind.Car, ThingKind.Bus, ThingKind.Person, ThingKind.Umbrella, ThingKind.Ball]),
        [SceneSetting.Room] = new("a quiet room", false, [ThingKind.Chair, ThingKind.Lamp, ThingKind.Ball, ThingKind.Person, ThingKind.Flower]),
        [SceneSetting.Table] = new("a wooden table", false, [ThingKind.Cup, ThingKind.Lamp, ThingKind.Flower, ThingKind.Ball]),
    };

    public static ReadOnlySpan<SceneSetting> Settings =>
    [
        SceneSetting.Sea, SceneSetting.Lake, SceneSetting.Beach, SceneSetting.Meadow, SceneSetting.CountryRoad, SceneSetting.Park,
        SceneSetting.Desert, SceneSetting.Snow, SceneSetting.Street, SceneSetting.Room, SceneSetting.Table,
    ];

    public static ReadOnlySpan<SceneSky> Skies => [SceneSky.Clear, SceneSky.Cloudy, SceneSky.Cloudy, SceneSky.Grey, SceneSky.Evening];

    public static ThingEntry Of(ThingKind kind) => ThingEntries[kind];

    public static SettingEntry Of(SceneSetting setting) => SettingEntries[setting];

    public static string WordsOf(SceneSky sky) => sky switch
    {
        SceneSky.Clear => " under a clear sky",
        SceneSky.Cloudy => " under a cloudy sky",
        SceneSky.Grey => " under a grey sky",
        _ => " at sunset",
    };
}
