using System.Text;

namespace Inpaint.Tests.Settings;

public sealed class SettingTests
{
    private static readonly string[] Keys = ["width", "color", "batch", "folder", "scale", "quiet"];

    [Fact]
    public void A_record_and_the_records_inside_it_have_their_settings_in_order() =>
        Assert.Equal(Keys, Setting.Of<Outer>().Select(s => s.Key));

    [Theory]
    [InlineData("width", "--width", "an integer from 0 to 10", "N")]
    [InlineData("color", "--color", "dark_red or blue", "dark_red|blue")]
    [InlineData("batch", "--batch", "an integer of at least 1", "N")]
    [InlineData("folder", "--folder", "DIR", "DIR")]
    [InlineData("scale", "--scale", "a number from 0.5 to 2", "N")]
    [InlineData("quiet", "--quiet", "true or false", "TEXT")]
    public void The_expected_value_depends_on_type_and_range(string key, string option, string expected, string placeholder)
    {
        Setting setting = Setting.Of<Outer>(key);
        Assert.Equal((option, expected, placeholder), (setting.OptionName, setting.Expected, setting.Placeholder));
    }

    [Theory]
    [InlineData("width", "10", 10)]
    [InlineData("color", "dark_red", Color.DarkRed)]
    [InlineData("folder", "photos", "photos")]
    [InlineData("scale", "1.5", 1.5)]
    [InlineData("quiet", "true", true)]
    public void A_value_is_read_from_text_and_set_in_a_copy(string key, string text, object value)
    {
        var before = new Outer();
        Setting setting = Setting.Of<Outer>(key);
        object? old = setting.Get(before);
        Outer after = setting.Set(before, setting.Parse(text));
        Assert.Equal(value, setting.Get(after));
        Assert.Equal(old, setting.Get(before));
        Assert.All(Setting.Of<Outer>().Where(s => s.Key != key), other => Assert.Equal(other.Get(before), other.Get(after)));
    }

    [Theory]
    [InlineData("width", "11", "width is '11'; expected an integer from 0 to 10.")]
    [InlineData("width", "wide", "width is 'wide'; expected an integer from 0 to 10.")]
    [InlineData("color", "green", "color is 'green'; expected dark_red or blue.")]
    [InlineData("color", "red", "color is 'red'; expected dark_red or blue.")]
    [InlineData("folder", " ", "folder is empty; expected DIR. Is a variable not set?")]
    [InlineData("scale", "NaN", "scale is 'NaN'; expected a number from 0.5 to 2.")]
    public void A_value_out_of_range_is_rejected(string key, string text, string message) =>
        Assert.Equal(message, Assert.Throws<SettingException>(() => Setting.Of<Outer>(key).Parse(text)).Message);

    [Fact]
    public void Validation_names_the_property()
    {
        var wide = new Outer { Inner = new Inner { Width = 11 } };
        Assert.Equal("Width is '11'; expected an integer from 0 to 10.", Assert.Throws<SettingException>(() => Setting.Validate(wide))
            .Message);
        Assert.Equal("Color is 'red'; expected dark_red or blue.",
            Assert.Throws<SettingException>(() => Setting.Validate(new Inner { Color = Color.Red })).Message);
        Assert.Throws<SettingException>(() => Setting.Validate(new Outer { Folder = "" }));
        Assert.NotNull(Setting.Validate(new Outer()));
    }

    [Fact]
    public void Json_values_are_applied_to_a_record()
    {
        byte[] json = """{"width": 3, "color": "blue", "quiet": true}"""u8.ToArray();
        Outer read = SettingValues.Read(json, Setting.Of<Outer>(), "a.json").ApplyTo(new Outer());
        Assert.Equal(new Outer { Inner = new Inner { Width = 3, Color = Color.Blue }, Quiet = true }, read);
    }

    [Theory]
    [InlineData("""{"widht": 3}""", "a.json: unknown key 'widht'; did you mean 'width'?")]
    [InlineData("""{"something": 3}""", "a.json: unknown key 'something'; expected one of width, color, batch, folder, scale, quiet.")]
    [InlineData("""{"width": 11}""", "a.json: width is '11'; expected an integer from 0 to 10.")]
    [InlineData("""{"width": "wide"}""", "a.json: width is \"wide\"; expected an integer from 0 to 10.")]
    [InlineData("""{"width": null}""", "a.json: width is null; expected an integer from 0 to 10.")]
    [InlineData("[1]", "a.json: found Array; expected a JSON object.")]
    [InlineData("{", "a.json is not JSON")]
    [InlineData("""{"width": 1, "width": 2}""", "a.json is not JSON")]
    public void Json_that_does_not_match_is_rejected(string json, string message) => Assert.StartsWith(
        message,
        Assert.Throws<SettingException>(() => SettingValues.Read(Encoding.UTF8.GetBytes(json), Setting.Of<Outer>(), "a.json")).Message,
        StringComparison.Ordinal);

    internal enum Color
    {
        Red,
        DarkRed,
        Blue,
    }

    internal sealed record Inner
    {
        [Setting("How wide it is.", Min = 0, Max = 10)]
        public int Width { get; init; } = 2;

        [Setting(Except = Color.Red)]
        public Color Color { get; init; } = Color.Blue;
    }

    internal sealed record Outer
    {
        public Inner Inner { get; init; } = new();

        [Setting(Key = "batch", Min = 1)]
        public long? BatchSize { get; init; }

        [Setting(Placeholder = "DIR")]
        public string? Folder { get; init; }

        [Setting(Min = 0.5, Max = 2)]
        public double Scale { get; init; } = 1;

        [Setting]
        public bool Quiet { get; init; }
    }
}
