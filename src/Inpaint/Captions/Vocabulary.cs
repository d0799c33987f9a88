using System.Collections.Frozen;
using System.Collections.ObjectModel;
using System.Runtime.InteropServices;

namespace Inpaint.Captions;

/// <summary>The words that have a place in a caption vector, in the order of the vector. Immutable, safe on any number of threads.</summary>
public sealed class Vocabulary
{
    private readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _indices;

    /// <summary>A vocabulary of given words, as a manifest lists them.</summary>
    /// <param name="words">The words, in the order of the vector; each once, none empty, at least one. Copied.</param>
    /// <param name="rules">How captions become words; null for <see cref="CaptionRules.Default"/>.</param>
    /// <exception cref="ArgumentException">No word, an empty word or one that stands twice; the message says where.</exception>
    public Vocabulary(IEnumerable<string> words, CaptionRules? rules = null)
    {
        ArgumentNullException.ThrowIfNull(words);
        string[] copy = [.. words];
        if (copy.Length == 0)
        {
            throw new ArgumentException("The vocabulary has no words; expected at least one.", nameof(words));
        }

        var indices = new Dictionary<string, int>(copy.Length, StringComparer.Ordinal);
        for (int i = 0; i < copy.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(copy[i]))
            {
                throw new ArgumentException($"Word {i} of the vocabulary is empty. Remove it, or write the word that belongs at this place of the vector.", nameof(words));
            }

            if (!indices.TryAdd(copy[i], i))
            {
                throw new ArgumentException($"The vocabulary has '{copy[i]}' twice, at {indices[copy[i]]} and at {i}; expected each word once.", nameof(words));
            }
        }

        _indices = indices.ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        Words = new ReadOnlyCollection<string>(copy);
        Rules = rules ?? CaptionRules.Default;
    }

    /// <summary>The words, in the order of the vector.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>How many words there are: the length of a caption vector.</summary>
    public int Count => Words.Count;

    /// <summary>How captions become words.</summary>
    public CaptionRules Rules { get; }

    /// <summary>
    /// The vocabulary of a corpus: the most frequent words, by descending count, words of equal count in ordinal order.
    /// It does not depend on the order of the captions. The corpus is read once and not kept; memory grows with its distinct words.
    /// </summary>
    /// <param name="captions">The corpus; empty captions add nothing.</param>
    /// <param name="options">Which words to take; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is below 1.</exception>
    /// <exception cref="InvalidOperationException">No word occurs often enough.</exception>
    public static Vocabulary Fit(IEnumerable<string> captions, VocabularyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(captions);
        options ??= VocabularyOptions.Default;
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MinimumCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaximumSize, 1);

        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        var bySpan = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        long read = 0;
        foreach (string caption in captions)
        {
            using var reader = new CaptionReader(caption, options.Rules);
            while (reader.Read())
            {
                CollectionsMarshal.GetValueRefOrAddDefault(bySpan, reader.Word, out _)++;
            }

            read++;
        }

        string[] words =
        [
            .. counts.Where(entry => entry.Value >= options.MinimumCount)
                .OrderByDescending(entry => entry.Value)
                .ThenBy(entry => entry.Key, StringComparer.Ordinal)
                .Take(options.MaximumSize)
                .Select(entry => entry.Key),
        ];
        return words.Length > 0
            ? new Vocabulary(words, options.Rules)
            : throw new InvalidOperationException($"No word occurs {options.MinimumCount} times in the {read:N0} captions ({counts.Count:N0} distinct words). Give more captions, or lower MinimumCount.");
    }

    /// <summary>The place of a word in the vector.</summary>
    /// <param name="word">A word as <see cref="CaptionRules.Words"/> yields it; compared ordinally.</param>
    /// <param name="index">0 to <see cref="Count"/> - 1; 0 when the word is unknown.</param>
    /// <returns>Whether the word is known.</returns>
    public bool TryGetIndex(ReadOnlySpan<char> word, out int index) => _indices.TryGetValue(word, out index);
}
