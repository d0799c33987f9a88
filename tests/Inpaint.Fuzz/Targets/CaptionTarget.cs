using System.Text;

namespace Inpaint.Fuzz;

/// <summary>
/// Captions and vocabulary: one byte of rules, a line of words, then one caption per line. Checks that the results are consistent.
/// </summary>
internal static class CaptionTarget
{
    public static FuzzTarget Target { get; } = new("captions", Read, Seeds, BytesPerByte: 2000);

    private static void Read(byte[] bytes)
    {
        if (bytes.Length == 0)
        {
            return;
        }

        var rules = new CaptionRules { LowerCase = (bytes[0] & 1) != 0, DropStopWords = (bytes[0] & 2) != 0,
            Numbers = (NumberRule)((bytes[0] >> 2) % 3) };
        // Text from UTF-8 with replacements, or from raw UTF-16 code units, including lone surrogates.
        string text = (bytes[0] & 16) != 0
            ? new string(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, char>(bytes.AsSpan(1)))
            : Encoding.UTF8.GetString(bytes.AsSpan(1));
        string[] lines = text.Split('\n');
        foreach (string line in lines)
        {
            Words(line, rules);
        }

        try
        {
            var vocabulary = new Vocabulary(lines[0].Split(' '), rules);
            Encode(vocabulary, lines[1..]);
        }
        catch (ArgumentException e)
        {
            Answer.Check(e);
        }

        try
        {
            Encode(Vocabulary.Fit(lines, new VocabularyOptions { Rules = rules, MinimumCount = 1 }), lines);
        }
        catch (InvalidOperationException e)
        {
            Answer.Check(e);
        }
    }

    private static void Words(string line, CaptionRules rules)
    {
        IReadOnlyList<string> words = rules.Tokenize(line);
        if (words.Any(w => w.Length == 0))
        {
            throw new OutOfBoundsException("A word is empty.");
        }

        // Normalisation may expand a character, but only by a constant factor.
        if (words.Sum(w => (long)w.Length) > 9L * (line.Length + 1))
        {
            throw new OutOfBoundsException("The words have more letters than their text can yield.");
        }
    }

    private static void Encode(Vocabulary vocabulary, string[] captions)
    {
        var encoder = new CaptionEncoder(vocabulary, CaptionEncoding.Count, CaptionCombination.Union);
        float[] all = new float[vocabulary.Count];
        CaptionCoverage coverage = encoder.Encode(captions, all);
        if (coverage.Known != all.Sum(v => (double)v))
        {
            throw new OutOfBoundsException($"{coverage.Known} words are known, but the vector counts {all.Sum(v => (double)v)}.");
        }
    }

    private static IEnumerable<(string, byte[])> Seeds()
    {
        yield return (
            "plain", [0x23, .. "dog cat sea <number>\nA dog's 1,000.5 cats by the sea at 5 o'clock.\nÉté, straße, ﬃ, ＡＢ, Œuvre — l’eau"u8]);
        yield return ("kept", [0x20, .. "a b\nDogs' don't I'd we've we'll 2nd 3d 12\nхлеб パン 𝒜𝒷 e\u0301 👩‍🚀"u8]);
        yield return ("numbers", [0x27, .. "x\n1 22 3.4 5,6 .7 8. 9'9 ''s 's's"u8]);
        yield return ("units", [0x33, .. Encoding.Unicode.GetBytes("dog sea\nA dog \ud800 x \udc00 \ud835\udc9c İ ß\n")]);
    }
}
