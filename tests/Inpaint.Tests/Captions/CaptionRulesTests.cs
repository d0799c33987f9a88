using System.Text;

namespace Inpaint.Tests;

public sealed class CaptionRulesTests
{
    private static readonly CaptionRules All = new() { DropStopWords = false };

    [Theory]
    [InlineData("A man's dog, running!", "man dog running")]
    [InlineData("The dogs\u2019 bowl and the dog\u2019s bed", "dogs bowl dog bed")]
    [InlineData("black-and-white cat / snow_board", "black white cat snow board")]
    [InlineData("They're here; I don't know o'clock", "know o'clock")]
    [InlineData("'quoted' rock'n'roll", "quoted rock'n'roll")]
    [InlineData("a dog under the table", "dog under table")]
    [InlineData("", "")]
    [InlineData(" ...!?\u2026 ", "")]
    public void A_caption_is_split_into_words(string caption, string words) =>
        Assert.Equal(words, string.Join(' ', CaptionRules.Default.Tokenize(caption)));

    [Theory]
    [InlineData("Café au lait, naïve façade, Straße", "cafe au lait naive facade strasse")]
    [InlineData("Łódź Čapek smørrebrød Þórr Æsir œuvre", "lodz capek smorrebrod thorr aesir oeuvre")]
    [InlineData("cafe\u0301 nai\u0308ve", "cafe naive")]
    [InlineData("o\uFB03ce \uFB01sh co\u00ADop", "office fish coop")]
    [InlineData("\uFF24\uFF2F\uFF27\uFF11\uFF12", "dog12")]
    [InlineData("İstanbul ılık", "istanbul ilik")]
    [InlineData("3×4 ÷2", "3 4 2")]
    public void Diacritics_and_ligatures_are_folded(string caption, string words) =>
        Assert.Equal(words, string.Join(' ', All.Tokenize(caption)));

    [Theory]
    [InlineData("СОБАКА на траве", "собака на траве")]
    [InlineData("हिन्दी शब्द", "हिन्दी शब्द")]
    [InlineData("犬と猫。公園", "犬と猫 公園")]
    [InlineData("\U00010400\U00010401!", "\U00010428\U00010429")]
    [InlineData("\uD800 lone", "lone")]
    public void Words_of_every_script_are_recognised(string caption, string words) =>
        Assert.Equal(words, string.Join(' ', All.Tokenize(caption)));

    /// <summary>The base letters of U+00C0..U+017F according to Python's unicodedata (NFD); ? if there is none.</summary>
    [Fact]
    public void The_table_agrees_with_canonical_decomposition()
    {
        const string Decomposed =
            "AAAAAA?CEEEEIIII?NOOOOO??UUUUY??aaaaaa?ceeeeiiii?nooooo??uuuuy?y"
            + "AaAaAaCcCcCcCcDd??EeEeEeEeEeGgGgGgGgHh??IiIiIiIiI???JjKk?LlLlLl????"
            + "NnNnNn???OoOoOo??RrRrRrSsSsSsSsTtTt??UuUuUuUuUuUuWwYyYZzZzZz?";
        var rules = new CaptionRules { LowerCase = false, DropStopWords = false };
        for (int i = 0; i < Decomposed.Length; i++)
        {
            if (Decomposed[i] != '?')
            {
                Assert.Equal($"x{Decomposed[i]}x", Assert.Single(rules.Tokenize($"x{(char)(0xC0 + i)}x")));
            }
        }
    }

    [Fact]
    public void Latin_1_and_extended_a_are_folded_to_ascii()
    {
        for (char c = '\u00C0'; c <= '\u017F'; c++)
        {
            Assert.All(All.Tokenize($"x{c}"), word => Assert.True(Ascii.IsValid(word), $"U+{(int)c:X4} gave {word}"));
        }
    }

    [Theory]
    [InlineData(NumberRule.Keep, "12 dogs 1,000.5 2nd 90s 1990")]
    [InlineData(NumberRule.Replace, "<number> dogs <number> 2nd 90s <number>")]
    [InlineData(NumberRule.Drop, "dogs 2nd 90s")]
    public void Numbers_are_treated_by_their_rule(NumberRule rule, string words) =>
        Assert.Equal(words, string.Join(' ', new CaptionRules { Numbers = rule }.Tokenize("12 dogs, 1,000.5. 2nd 90s 1990's")));

    [Fact]
    public void A_trailing_point_or_comma_is_not_part_of_a_number() =>
        Assert.Equal(["3", "4", "5"], CaptionRules.Default.Tokenize("3, 4. 5."));

    [Fact]
    public void Stop_words_are_dropped_in_any_case() =>
        Assert.Equal(["Dog", "STRASSE"], new CaptionRules { LowerCase = false }.Tokenize("The Dog'S STRASSE"));

    [Fact]
    public void Stop_words_can_be_kept() =>
        Assert.Equal(["the", "dog", "isn't", "here"], All.Tokenize("The dog isn't here"));

    [Fact]
    public void Tokenizing_words_of_random_text_again_changes_nothing()
    {
        var random = new Random(5);
        var text = new StringBuilder();
        for (int i = 0; i < 20_000; i++)
        {
            text.Append((char)random.Next(1, 0x10000));
        }

        foreach (string word in All.Tokenize(text.ToString()))
        {
            Assert.False(string.IsNullOrWhiteSpace(word));
            Assert.Equal(word, string.Join('|', All.Tokenize(word)));
        }
    }
}
