using System.Runtime.InteropServices;

namespace Inpaint.Captions;

/// <summary>A word and how often it occurred.</summary>
/// <param name="Word">The word, as the caption rules yield it.</param>
/// <param name="Count">How often.</param>
public readonly record struct WordCount(string Word, long Count);

/// <summary>
/// Counts the words that a vocabulary does not know, for a report. Safe on several threads. Memory is bounded:
/// once <c>capacity</c> different words are held, words not yet seen are counted in <see cref="Total"/> alone.
/// </summary>
public sealed class UnknownWords
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly int _capacity;
    private long _total;

    /// <summary>An empty tally.</summary>
    /// <param name="capacity">The most different words to hold, at least 1. Default 100,000.</param>
    public UnknownWords(int capacity = 100_000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _capacity = capacity;
    }

    /// <summary>How many unknown words there were, repetitions counted.</summary>
    public long Total
    {
        get
        {
            lock (_lock)
            {
                return _total;
            }
        }
    }

    /// <summary>Counts one occurrence of <paramref name="word"/>.</summary>
    public void Add(ReadOnlySpan<char> word)
    {
        lock (_lock)
        {
            _total++;
            var bySpan = _counts.GetAlternateLookup<ReadOnlySpan<char>>();
            if (_counts.Count < _capacity || bySpan.ContainsKey(word))
            {
                CollectionsMarshal.GetValueRefOrAddDefault(bySpan, word, out _)++;
            }
        }
    }

    /// <summary>The most frequent unknown words, by descending count, words of equal count in ordinal order.</summary>
    /// <param name="count">The most words to return, at least 1. Default 20.</param>
    public IReadOnlyList<WordCount> MostFrequent(int count = 20)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        lock (_lock)
        {
            return
            [
                .. _counts.OrderByDescending(entry => entry.Value)
                    .ThenBy(entry => entry.Key, StringComparer.Ordinal)
                    .Take(count)
                    .Select(entry => new WordCount(entry.Key, entry.Value)),
            ];
        }
    }
}
