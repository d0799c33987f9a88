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
    public void Captions_are_encoded_as_one_vector(
        CaptionEncoding encoding, CaptionCombination combine, float[] expected, int known, int unknown)
    {
        float[] vector = [7, 7, 7];
        Assert.Equal(new CaptionCoverage(known, unknown), new CaptionEncoder(Words, encoding, combine).Encode(Captions, vector));
        Assert.Equal(expected, vector);
    }

    [Theory]
    [InlineData(CaptionCombination.Union)]
    [InlineData(CaptionCombination.First)]
    public void No_captions_are_encoded_as_zeros(CaptionCombination combine)
    {
        float[] vector = [7, 7, 7];
        Assert.Equal(new CaptionCoverage(0, 0), new CaptionEncoder(Words, combine: combine).Encode([], vector));
        Assert.Equal([0f, 0f, 0f], vector);
    }

    [Fact]
    public void Encoding_each_caption_as_one_vector_is_an_error()
    {
        var encoder = new CaptionEncoder(Words, combine: CaptionCombination.Each);
        var error = Assert.Throws<InvalidOperationException>(() => encoder.Encode(Captions, new float[3]));
        Assert.Contains("expected 'union' or 'first'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vector_of_another_length_is_an_error_with_both_lengths()
    {
        var error = Assert.Throws<ArgumentException>(() => new CaptionEncoder(Words).Encode(Captions, new float[4]));
        Assert.Contains("has 4 values; expected 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_encoder_survives_a_round_trip_through_its_contract()
    {
        var rules = new CaptionRules { LowerCase = false, Numbers = NumberRule.Replace, DropStopWords = false };
        var original = new CaptionEncoder(new Vocabulary(["Dog", "<number>"], rules), CaptionEncoding.Count, CaptionCombination.First);
        CaptionContract contract = original.ToContract(required: true);
        Assert.True(contract.Required);

        var encoder = new CaptionEncoder(StrictJson.Read<CaptionContract>(StrictJson.Write(contract), "the contract"));
        var vector = new float[encoder.Size];
        Assert.Equal(new CaptionCoverage(3, 2), encoder.Encode(["12 Dog 3 dog the", "Dog"], vector));
        Assert.Equal([1f, 2f], vector);
    }
}
