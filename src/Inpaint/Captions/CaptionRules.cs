namespace Inpaint.Captions;

/// <summary>How a number in a caption becomes a word.</summary>
public enum NumberRule
{
    /// <summary>As it stands: "12" is the word 12.</summary>
    Keep,

    /// <summary>Every number is the same word, <c>&lt;number&gt;</c>.</summary>
    Replace,

    /// <summary>Numbers are left out.</summary>
    Drop,
}

/// <summary>How text becomes words. The rules travel with the vocabulary, so that training and scoring read a caption alike.</summary>
public sealed record CaptionRules
{
    /// <summary>The defaults: lower case, numbers kept, English stop words left out.</summary>
    public static CaptionRules Default { get; } = new();

    /// <summary>Fold to lower case (invariant). Default yes.</summary>
    public bool LowerCase { get; init; } = true;

    /// <summary>What becomes of numbers. Default kept.</summary>
    public NumberRule Numbers { get; init; } = NumberRule.Keep;

    /// <summary>Leave out English stop words ("the", "of", ...). Default yes.</summary>
    public bool DropStopWords { get; init; } = true;

    /// <summary>
    /// The words of a text, in order, with repetitions. The same on every machine, with and without ICU:
    /// <list type="bullet">
    /// <item>Letters of Latin-1 and Latin Extended-A lose their accents (é is e, ß is ss, ø is o), combining marks
    /// U+0300..U+036F are dropped, ligatures are taken apart, full-width ASCII is ASCII, curly apostrophes are straight.</item>
    /// <item>A word is a run of letters and digits of any script; hyphens and all other signs part words. Text in scripts
    /// that write no spaces is one word a run.</item>
    /// <item>An apostrophe inside a word stays (o'clock); 's, 'd, 'm, 're, 've and 'll at its end are cut off (dog's is dog).</item>
    /// <item>A number is a run of digits, with . and , between digits part of it (1,000.5). 2nd and 3d are words.</item>
    /// </list>
    /// </summary>
    /// <param name="text">A caption, or any text; may be empty.</param>
    public IReadOnlyList<string> Words(string text)
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
