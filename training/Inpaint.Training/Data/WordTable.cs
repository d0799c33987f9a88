namespace Inpaint.Training.Data;

/// <summary>The vocabulary's words in the captions of every photo.</summary>
internal sealed class WordTable
{
    private readonly int[][] _words;

    /// <summary>Encodes the union of each photo's captions, with the encoder that pipelines use.</summary>
    public WordTable(PhotoPool pool, CaptionEncoder encoder)
    {
        Size = encoder.Size;
        _words = new int[pool.Count][];
        float[] vector = new float[Size];
        for (int i = 0; i < pool.Count; i++)
        {
            if (pool.Captions(i).Count == 0)
            {
                _words[i] = [];
                continue;
            }

            encoder.Encode(pool.Captions(i), vector);
            _words[i] = [.. Enumerable.Range(0, Size).Where(w => vector[w] != 0)];
        }
    }

    /// <summary>The table of a pool; null without a vocabulary.</summary>
    public static WordTable? Of(PhotoPool pool, Vocabulary? vocabulary) =>
        vocabulary is null ? null : new WordTable(pool, new CaptionEncoder(vocabulary));

    /// <summary>Words of the vocabulary.</summary>
    public int Size { get; }

    /// <summary>Writes a photo's 0/1 vector.</summary>
    public void Write(int photo, Span<float> vector)
    {
        vector.Clear();
        foreach (int word in _words[photo])
        {
            vector[word] = 1;
        }
    }
}
