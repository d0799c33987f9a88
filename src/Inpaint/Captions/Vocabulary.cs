using System.Collections.Frozen;
using System.Collections.ObjectModel;
using System.Runtime.InteropServices;

namespace Inpaint.Captions;

/// <summary>The words of a caption vector, in vector order. Immutable and thread-safe.</summary>
public sealed class Vocabulary
{
    private readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _indices;

    /// <summary>Creates a vocabulary from a list of words, as in a manifest.</summary>
    /// <param name="words">The words, in vector order: at least one, distinct and not empty. Copied.</param>
    /// <param name="rules">The tokenization rules; <see cref="CaptionRules.Default"/> if null.</param>
    /// <exception cref="ArgumentException">
    /// The list is empty, or a word is empty or a duplicate; the message contains its index.
    /// </exception>
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
                throw new ArgumentException(
                    $"Word {i} of the vocabulary is empty; expected a word. Remove it, or insert the word for this vector element.",
                        nameof(words));
            }

            if (!indices.TryAdd(copy[i], i))
            {
                throw new ArgumentException(
                    $"The vocabulary contains '{copy[i]}' twice, at {indices[copy[i]]} and {i}; expected distinct words.", nameof(words));
            }
        }

        _indices = indices.ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        Words = new ReadOnlyCollection<string>(copy);
        Rules = rules ?? CaptionRules.Default;
    }

    /// <summary>The words, in vector order.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>The number of words, and the length of a caption vector.</summary>
    public int Count => Words.Count;

    /// <summary>The tokenization rules.</summary>
    public CaptionRules Rules { get; }

    /// <summary>
    /// Creates the vocabulary of a corpus: the most frequent words, ordered by descending count, then ordinally. It does not depend on the
    /// order of the captions. The corpus is read once and not kept in memory; its distinct words are.
    /// </summary>
    /// <param name="captions">The corpus; captions may be empty.</param>
    /// <param name="options">The words to include; <see cref="VocabularyOptions.Default"/> if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is less than 1.</exception>
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
            : throw new InvalidOperationException($"No word occurs {options.MinimumCount} times in the {read:N0} captions "
                + $"({counts.Count:N0} distinct words). Use more captions, or lower MinimumCount.");
    }

    /// <summary>Looks up the index of a word in the vector.</summary>
    /// <param name="word">A word from <see cref="CaptionRules.Tokenize"/>; compared ordinally.</param>
    /// <param name="index">0 to <see cref="Count"/> - 1; 0 if the word is unknown.</param>
    /// <returns>Whether the word is known.</returns>
    public bool TryGetIndex(ReadOnlySpan<char> word, out int index) => _indices.TryGetValue(word, out index);
}
