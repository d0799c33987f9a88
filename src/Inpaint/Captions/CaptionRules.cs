using Inpaint.Json;
using System.Text.Json.Serialization;
namespace Inpaint.Captions;

/// <summary>How numbers in captions are treated.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<NumberRule>))]
public enum NumberRule
{
    /// <summary>Numbers are words: "12" is the word 12.</summary>
    Keep,

    /// <summary>Every number becomes the word <c>&lt;number&gt;</c>.</summary>
    Replace,

    /// <summary>Numbers are dropped.</summary>
    Drop,
}

/// <summary>The tokenization rules. They are stored with the vocabulary, so that training and scoring tokenize captions alike.</summary>
public sealed record CaptionRules
{
    /// <summary>The defaults: lower case, numbers kept, English stop words dropped.</summary>
    public static CaptionRules Default { get; } = new();

    /// <summary>Whether to convert to lower case (invariant). Default true.</summary>
    public bool LowerCase { get; init; } = true;

    /// <summary>How numbers are treated. Default kept.</summary>
    public NumberRule Numbers { get; init; } = NumberRule.Keep;

    /// <summary>Whether to drop English stop words ("the", "of", ...). Default true.</summary>
    public bool DropStopWords { get; init; } = true;

    /// <summary>
    /// Splits a text into words, in order and with repetitions. The result is the same on every machine, with and without ICU:
    /// <list type="bullet">
    /// <item>Letters of Latin-1 and Latin Extended-A lose their accents (é becomes e, ß ss, ø o), combining marks U+0300..U+036F are
    /// dropped, ligatures are split, full-width ASCII becomes ASCII and curly apostrophes become straight.</item>
    /// <item>A word is a run of letters and digits of any script; hyphens and all other characters separate words. A run of text in a
    /// script without spaces is one word.</item>
    /// <item>Apostrophes inside words are kept (o'clock); a trailing 's, 'd, 'm, 're, 've or 'll is removed (dog's becomes dog).</item>
    /// <item>A number is a run of digits, including . and , between digits (1,000.5). 2nd and 3d are words, not numbers.</item>
    /// </list>
    /// </summary>
    /// <param name="text">A caption, or any text; may be empty.</param>
    public IReadOnlyList<string> Tokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var words = new List<string>();
        using var reader = new CaptionReader(text, this);
        while (reader.Read())
        {
            words.Add(reader.Word.ToString());
        }

        return words;
    }
}
