namespace Inpaint.Captions;

/// <summary>
/// Folds letters that differ only in diacritics or width, with its own table, so that the result is the same on every machine, with and
/// without ICU.
/// </summary>
internal static class LatinFolding
{
    /// <summary>The maximum number of characters that one character becomes (the ligature ffi).</summary>
    public const int MaximumExpansion = 3;

    private const char FirstInTable = '\u00C0', LastInTable = '\u017F';

    /// <summary>The base letters of U+00C0 to U+017F, 32 per line; <c>*</c> marks several letters, a space a symbol.</summary>
    private const string BaseLetters =
        "AAAAAA*CEEEEIIII" + "DNOOOOO OUUUUY**" +
        "aaaaaa*ceeeeiiii" + "dnooooo ouuuuy*y" +
        "AaAaAaCcCcCcCcDd" + "DdEeEeEeEeEeGgGg" +
        "GgGgHhHhIiIiIiIi" + "Ii**JjKkkLlLlLlL" +
        "lLlNnNnNnnNnOoOo" + "Oo**RrRrRrSsSsSs" +
        "SsTtTtTtUuUuUuUu" + "UuUuWwYyYZzZzZzs";

    /// <summary>
    /// Writes the folded form of <paramref name="text"/>: base letters for Latin-1 and Latin Extended-A, combining marks
    /// U+0300..U+036F and invisible format characters dropped, ligatures split, full-width ASCII as ASCII,
    /// every kind of apostrophe as <c>'</c>. Other characters are unchanged.
    /// </summary>
    /// <param name="text">Any text.</param>
    /// <param name="folded">Receives at most <see cref="MaximumExpansion"/> times as many characters.</param>
    /// <param name="lowerCase">Whether to convert to lower case as well (invariant).</param>
    /// <returns>The number of characters written.</returns>
    public static int Fold(ReadOnlySpan<char> text, Span<char> folded, bool lowerCase)
    {
        int length = 0;
        foreach (char c in text)
        {
            if (c < 0x80)
            {
                folded[length++] = c == '`' ? '\'' : c;
            }
            else
            {
                length += FoldOne(c, folded[length..]);
            }
        }

        if (lowerCase)
        {
            ToLower(folded[..length]);
        }

        return length;
    }

    private static int FoldOne(char c, Span<char> folded)
    {
        ReadOnlySpan<char> letters = c switch
        {
            'Æ' => "AE",
            'æ' => "ae",
            'Þ' => "TH",
            'þ' => "th",
            'ß' => "ss",
            'Ĳ' => "IJ",
            'ĳ' => "ij",
            'Œ' => "OE",
            'œ' => "oe",
            '\uFB00' => "ff",
            '\uFB01' => "fi",
            '\uFB02' => "fl",
            '\uFB03' => "ffi",
            '\uFB04' => "ffl",
            '\uFB05' or '\uFB06' => "st",
            >= FirstInTable and <= LastInTable => BaseLetters.AsSpan(c - FirstInTable, 1),
            '\u00B4' or '\u02BB' or '\u02BC' or '\u2018' or '\u2019' or '\u201B' or '\u2032' or '\uFF07' => "'",
            >= '\u0300' and <= '\u036F' => [],
            '\u00AD' or '\u200C' or '\u200D' or '\u2060' or '\uFEFF' => [],
            >= '\uFF01' and <= '\uFF5E' => [(char)(c - 0xFEE0)],
            _ => [c],
        };
        letters.CopyTo(folded);
        return letters.Length;
    }

    private static void ToLower(Span<char> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && System.Text.Rune.TryCreate(text[i], text[i + 1], out System.Text.Rune rune))
            {
                System.Text.Rune.ToLowerInvariant(rune).EncodeToUtf16(text[i..]);
                i++;
            }
            else
            {
                text[i] = char.ToLowerInvariant(text[i]);
            }
        }
    }
}
