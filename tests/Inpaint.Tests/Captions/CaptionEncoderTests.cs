using Inpaint.Captions;
using Inpaint.Graphs;
using Inpaint.Json;

namespace Inpaint.Tests;

public sealed class CaptionEncoderTests
{
    private static readonly Vocabulary Words = new(["dog", "cat", "ball"]);
    private static readonly string[] Captions = ["A dog, a dog and a bird", "The cat's ball: a dog!"];

    [Theory]
    [InlineData(CaptionEncoding.Binary, CaptionCombination.Union, new float[] { 1, 1, 1 }, 5, 1)]
    [InlineData(CaptionEncoding.Count, CaptionCombination.Union, new float[] { 3, 1, 1 }, 5, 1)]
    [InlineData(CaptionEncoding.Binary, CaptionCombination.First, new float[] { 1, 0, 0 }, 2, 1)]
    [InlineData(CaptionEncoding.Count, CaptionCombination.First, new float[] { 2, 0, 0 }, 2, 1)]
    public void Captions_become_one_vector(CaptionEncoding encoding, CaptionCombination combine, float[] expected, int known, int unknown)
    {
        float[] vector = [7, 7, 7];
        Assert.Equal(new CaptionCoverage(known, unknown), new CaptionEncoder(Words, encoding, combine).Encode(Captions, vector));
        Assert.Equal(expected, vector);
    }

    [Theory]
    [InlineData(CaptionCombination.Union)]
    [InlineData(CaptionCombination.First)]
    public void No_caption_gives_zeros(CaptionCombination combine)
    {
        float[] vector = [7, 7, 7];
        Assert.Equal(new CaptionCoverage(0, 0), new CaptionEncoder(Words, combine: combine).Encode([], vector));
        Assert.Equal([0f, 0f, 0f], vector);
    }

    [Fact]
    public void Each_caption_gives_a_vector_of_its_own()
    {
        var encoder = new CaptionEncoder(Words, CaptionEncoding.Count, CaptionCombination.Each);
        IReadOnlyList<float[]> vectors = encoder.EncodeEach(Captions, out CaptionCoverage coverage);
        Assert.Equal([[2f, 0f, 0f], [1f, 1f, 1f]], vectors);
        Assert.Equal(new CaptionCoverage(5, 1), coverage);
        Assert.Equal([[0f, 0f, 0f]], encoder.EncodeEach([], out _));
    }

    [Fact]
    public void One_vector_for_each_caption_is_an_error_that_says_what_to_call()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new CaptionEncoder(Words, combine: CaptionCombination.Each).Encode(Captions, new float[3]));
        Assert.Contains("EncodeEach", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vector_of_another_length_is_an_error_that_gives_both()
    {
        var error = Assert.Throws<ArgumentException>(() => new CaptionEncoder(Words).Encode(Captions, new float[4]));
        Assert.Contains("has 4 numbers; expected 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_manifest_gives_the_encoder_back()
    {
        var vocabulary = new Vocabulary(["Dog", "<number>"], new CaptionRules { LowerCase = false, Numbers = NumberRule.Replace, DropStopWords = false });
        CaptionContract contract = new CaptionEncoder(vocabulary, CaptionEncoding.Count, CaptionCombination.First).ToContract(required: true);
        Assert.True(contract.Required);

        var encoder = new CaptionEncoder(StrictJson.Read<CaptionContract>(StrictJson.Write(contract), "the contract"));
        var vector = new float[encoder.Size];
        Assert.Equal(new CaptionCoverage(3, 2), encoder.Encode(["12 Dog 3 dog the", "Dog"], vector));
        Assert.Equal([1f, 2f], vector);
    }

    [Fact]
    public void Unknown_words_are_counted_from_many_threads()
    {
        var unknown = new UnknownWords();
        var encoder = new CaptionEncoder(Words, unknownWords: unknown);
        Parallel.For(0, 1000, i => encoder.Encode([i % 2 == 0 ? "zebra yak dog" : "zebra emu"], new float[3]));
        Assert.Equal(2000, unknown.Total);
        Assert.Equal([new WordCount("zebra", 1000), new WordCount("emu", 500), new WordCount("yak", 500)], unknown.MostFrequent());
        Assert.Equal([new WordCount("zebra", 1000)], unknown.MostFrequent(1));
    }

    [Fact]
    public void The_tally_of_unknown_words_holds_no_more_than_it_may()
    {
        var unknown = new UnknownWords(capacity: 2);
        foreach (string word in new[] { "a", "b", "c", "a", "c" })
        {
            unknown.Add(word);
        }

        Assert.Equal(5, unknown.Total);
        Assert.Equal([new WordCount("a", 2), new WordCount("b", 1)], unknown.MostFrequent());
    }
}
