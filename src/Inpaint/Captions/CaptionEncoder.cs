namespace Inpaint.Captions;

/// <summary>Turns the captions of a photo into the vector that a graph takes. Immutable, safe on any number of threads.</summary>
public sealed class CaptionEncoder
{
    private readonly UnknownWords? _unknownWords;

    /// <summary>An encoder over a vocabulary.</summary>
    /// <param name="vocabulary">The words and the text rules.</param>
    /// <param name="encoding">0/1 or counts. Default 0/1.</param>
    /// <param name="combine">What becomes of several captions. Default union.</param>
    /// <param name="unknownWords">Where words without a place in the vector are counted; null for nowhere.</param>
    public CaptionEncoder(
        Vocabulary vocabulary,
        CaptionEncoding encoding = CaptionEncoding.Binary,
        CaptionCombination combine = CaptionCombination.Union,
        UnknownWords? unknownWords = null)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        Vocabulary = vocabulary;
        Encoding = encoding;
        Combine = combine;
        _unknownWords = unknownWords;
    }

    /// <summary>The encoder that a manifest describes. Whether captions are required is for the caller to hold to.</summary>
    /// <exception cref="ArgumentException">The vocabulary is empty, or has an empty word or one twice.</exception>
    public CaptionEncoder(CaptionContract contract, UnknownWords? unknownWords = null)
        : this(MakeVocabulary(contract), contract.Encoding, contract.Combine, unknownWords)
    {
    }

    /// <summary>The words and the text rules.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>0/1 or counts.</summary>
    public CaptionEncoding Encoding { get; }

    /// <summary>What becomes of several captions.</summary>
    public CaptionCombination Combine { get; }

    /// <summary>The length of a vector: the number of words in the vocabulary.</summary>
    public int Size => Vocabulary.Count;

    /// <summary>
    /// One vector for all captions of a photo: with <see cref="CaptionCombination.Union"/> the words of all of them (counts are added),
    /// with <see cref="CaptionCombination.First"/> those of the first caption alone. No caption gives zeros.
    /// </summary>
    /// <param name="captions">The photo's captions; may be empty.</param>
    /// <param name="vector">Overwritten; <see cref="Size"/> numbers.</param>
    /// <returns>How many words were known and unknown.</returns>
    /// <exception cref="ArgumentException">The vector has another length.</exception>
    /// <exception cref="InvalidOperationException">The combination is <see cref="CaptionCombination.Each"/>, which needs several vectors.</exception>
    public CaptionCoverage Encode(IReadOnlyList<string> captions, Span<float> vector)
    {
        ArgumentNullException.ThrowIfNull(captions);
        if (Combine == CaptionCombination.Each)
        {
            throw new InvalidOperationException("The captions are combined by 'each', which gives one vector a caption, and one for all was asked for. Call EncodeEach, or combine them by 'union' or 'first'.");
        }

        if (vector.Length != Size)
        {
            throw new ArgumentException($"The vector has {vector.Length} numbers; expected {Size}, one a word of the vocabulary.", nameof(vector));
        }

        vector.Clear();
        int used = Combine == CaptionCombination.First ? Math.Min(1, captions.Count) : captions.Count;
        var coverage = default(CaptionCoverage);
        for (int i = 0; i < used; i++)
        {
            coverage += AddWords(captions[i], vector);
        }

        return coverage;
    }

    /// <summary>One vector a caption, in order, whatever the combination. A photo without captions gives one vector of zeros.</summary>
    /// <param name="captions">The photo's captions; may be empty.</param>
    /// <param name="coverage">How many words of all captions together were known and unknown.</param>
    /// <returns>At least one vector of <see cref="Size"/> numbers.</returns>
    public IReadOnlyList<float[]> EncodeEach(IReadOnlyList<string> captions, out CaptionCoverage coverage)
    {
        ArgumentNullException.ThrowIfNull(captions);
        var vectors = new float[Math.Max(1, captions.Count)][];
        vectors[0] = new float[Size];
        coverage = default;
        for (int i = 0; i < captions.Count; i++)
        {
            vectors[i] = new float[Size];
            coverage += AddWords(captions[i], vectors[i]);
        }

        return vectors;
    }

    /// <summary>What a manifest says of this encoder.</summary>
    /// <param name="required">Whether a photo without a caption is an error.</param>
    public CaptionContract ToContract(bool required = false) => new()
    {
        Required = required,
        Encoding = Encoding,
        Combine = Combine,
        Rules = Vocabulary.Rules,
        Vocabulary = Vocabulary.Words,
    };

    private static Vocabulary MakeVocabulary(CaptionContract contract)
    {
        ArgumentNullException.ThrowIfNull(contract);
        return new Vocabulary(contract.Vocabulary, contract.Rules);
    }

    private CaptionCoverage AddWords(string caption, Span<float> vector)
    {
        ArgumentNullException.ThrowIfNull(caption);
        int known = 0, unknown = 0;
        using var reader = new CaptionReader(caption, Vocabulary.Rules);
        while (reader.Read())
        {
            if (Vocabulary.TryGetIndex(reader.Word, out int index))
            {
                known++;
                vector[index] = Encoding == CaptionEncoding.Count ? vector[index] + 1 : 1;
            }
            else
            {
                unknown++;
                _unknownWords?.Add(reader.Word);
            }
        }

        return new CaptionCoverage(known, unknown);
    }
}
