namespace Inpaint.Captions;

/// <summary>Encodes the captions of a photo as the vector that a graph takes. Immutable and thread-safe.</summary>
public sealed class CaptionEncoder
{
    /// <summary>Creates an encoder for a vocabulary.</summary>
    /// <param name="vocabulary">The words and the tokenization rules.</param>
    /// <param name="encoding">Binary or counts. Default binary.</param>
    /// <param name="combine">How several captions are combined. Default union.</param>
    public CaptionEncoder(
        Vocabulary vocabulary,
        CaptionEncoding encoding = CaptionEncoding.Binary,
        CaptionCombination combine = CaptionCombination.Union)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        Vocabulary = vocabulary;
        Encoding = encoding;
        Combine = combine;
    }

    /// <summary>Creates the encoder that a manifest describes. The caller must check whether captions are required.</summary>
    /// <exception cref="ArgumentException">The vocabulary is empty, or contains an empty word or a duplicate.</exception>
    public CaptionEncoder(CaptionContract contract)
        : this(MakeVocabulary(contract), contract.Encoding, contract.Combine)
    {
    }

    /// <summary>The words and the tokenization rules.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>Binary or counts.</summary>
    public CaptionEncoding Encoding { get; }

    /// <summary>How several captions are combined.</summary>
    public CaptionCombination Combine { get; }

    /// <summary>The length of a vector: the number of words in the vocabulary.</summary>
    public int Size => Vocabulary.Count;

    /// <summary>
    /// Encodes all captions of a photo as one vector: the words of all captions (<see cref="CaptionCombination.Union"/>; counts are added)
    /// or of the first (<see cref="CaptionCombination.First"/>). Without captions, the vector is all zeros.
    /// </summary>
    /// <param name="captions">The photo's captions; may be empty.</param>
    /// <param name="vector">Receives <see cref="Size"/> values.</param>
    /// <returns>The number of known and unknown words.</returns>
    /// <exception cref="ArgumentException">The vector's length is not <see cref="Size"/>.</exception>
    /// <exception cref="InvalidOperationException">
    /// The combination is <see cref="CaptionCombination.Each"/>, which yields several vectors.
    /// </exception>
    public CaptionCoverage Encode(IReadOnlyList<string> captions, Span<float> vector)
    {
        ArgumentNullException.ThrowIfNull(captions);
        if (Combine == CaptionCombination.Each)
        {
            throw new InvalidOperationException(
                "The combination 'each' yields one vector per caption; expected 'union' or 'first'. Encode each caption separately.");
        }

        if (vector.Length != Size)
        {
            throw new ArgumentException(
                $"The vector has {vector.Length} values; expected {Size}, one per word of the vocabulary.", nameof(vector));
        }

        vector.Clear();
        int used = Combine == CaptionCombination.First ? Math.Min(1, captions.Count) : captions.Count;
        int known = 0, unknown = 0;
        for (int i = 0; i < used; i++)
        {
            using var reader = new CaptionReader(captions[i], Vocabulary.Rules);
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
                }
            }
        }

        return new CaptionCoverage(known, unknown);
    }

    /// <summary>The description of this encoder in a manifest.</summary>
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
}
