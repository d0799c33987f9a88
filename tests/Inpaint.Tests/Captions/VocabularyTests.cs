namespace Inpaint.Tests;

public sealed class VocabularyTests
{
    private static readonly string[] Corpus =
    [
        "A dog and a dog", "The cat sees the dog", "cat, bird, ball", "Ball!", "bird", "zebra",
    ];

    [Fact]
    public void Words_are_ordered_by_descending_count_then_ordinally()
    {
        // dog 3; ball, bird, cat 2; sees, zebra 1.
        var vocabulary = Vocabulary.Fit(Corpus, new VocabularyOptions { MinimumCount = 2 });
        Assert.Equal(["dog", "ball", "bird", "cat"], vocabulary.Words);
        Assert.Equal(4, vocabulary.Count);
        Assert.True(vocabulary.TryGetIndex("cat", out int index));
        Assert.Equal(3, index);
        Assert.False(vocabulary.TryGetIndex("sees", out _));
    }

    [Fact]
    public void The_maximum_size_keeps_the_most_frequent_words() =>
        Assert.Equal(["dog", "ball"], Vocabulary.Fit(Corpus, new VocabularyOptions { MinimumCount = 1, MaximumSize = 2 }).Words);

    [Fact]
    public void The_order_of_the_corpus_does_not_matter()
    {
        var options = new VocabularyOptions { MinimumCount = 1 };
        string[] expected = [.. Vocabulary.Fit(Corpus, options).Words];
        for (int seed = 0; seed < 20; seed++)
        {
            string[] shuffled = [.. Corpus];
            new Random(seed).Shuffle(shuffled);
            Assert.Equal(expected, Vocabulary.Fit(shuffled, options).Words);
        }
    }

    [Fact]
    public void The_corpus_is_read_once_and_not_kept()
    {
        int starts = 0;
        IEnumerable<string> Stream()
        {
            starts++;
            for (int i = 0; i < 100_000; i++)
            {
                yield return "one dog";
            }
        }

        Assert.Equal(["dog", "one"], Vocabulary.Fit(Stream()).Words);
        Assert.Equal(1, starts);
    }

    [Fact]
    public void A_corpus_without_frequent_words_is_an_error()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Vocabulary.Fit(Corpus));
        Assert.Contains("No word occurs 5 times in the 6 captions (6 distinct words)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_duplicate_word_is_an_error_that_names_it()
    {
        var error = Assert.Throws<ArgumentException>(() => new Vocabulary(["dog", "cat", "dog"]));
        Assert.Contains("'dog' twice, at 0 and 2", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void An_empty_word_is_an_error_with_its_index(string empty)
    {
        var error = Assert.Throws<ArgumentException>(() => new Vocabulary(["dog", empty]));
        Assert.Contains("Word 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vocabulary_without_words_is_an_error() => Assert.Throws<ArgumentException>(() => new Vocabulary([]));

    [Fact]
    public void A_vocabulary_copies_its_words()
    {
        string[] words = ["dog", "cat"];
        var vocabulary = new Vocabulary(words);
        words[0] = "cow";
        Assert.Equal(["dog", "cat"], vocabulary.Words);
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(1, 0)]
    public void Options_less_than_1_are_errors(int minimumCount, int maximumSize) =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            Vocabulary.Fit(Corpus, new VocabularyOptions { MinimumCount = minimumCount, MaximumSize = maximumSize }));
}
