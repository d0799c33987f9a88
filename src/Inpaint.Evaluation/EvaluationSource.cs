namespace Inpaint.Evaluation;

/// <summary>
/// The photos of a dataset, each with another photo's captions when captions are shuffled. Two readers of the dataset run side by side, the
/// second ahead, so only two rows are in memory.
/// </summary>
internal sealed class EvaluationSource : IDisposable
{
    private readonly IPhotoDataset _dataset;
    private readonly int? _limit;
    private readonly IEnumerator<PhotoRecord> _records;
    private IEnumerator<PhotoRecord>? _ahead;

    public EvaluationSource(IPhotoDataset dataset, EvaluationOptions options, bool shuffle)
    {
        _dataset = dataset;
        _limit = options.Limit;
        if (shuffle)
        {
            long captioned = Captioned().LongCount();
            if (captioned < 2)
            {
                string among = _limit is null ? "" : $" among the first {_limit}";
                throw new DatasetException($"{dataset.Name} has {captioned} photos with captions{among}; "
                    + "the caption test exchanges captions and needs at least 2. Omit the caption test, or use a dataset with captions.");
            }

            Shift = 1 + (long)(new SplitMix64(options.Seed).Next() % (ulong)(captioned - 1));
            _ahead = Captioned().GetEnumerator();
            for (long i = 0; i < Shift; i++)
            {
                _ahead.MoveNext();
            }
        }

        _records = Records().GetEnumerator();
    }

    /// <summary>Positions between a photo and the one whose captions it is given; 0 when captions are not shuffled.</summary>
    public long Shift { get; }

    /// <summary>The next photo, with another photo's captions when it has captions and they are shuffled; null at the end.</summary>
    public (PhotoRecord Record, IReadOnlyList<string>? Shuffled)? Next()
    {
        if (!_records.MoveNext())
        {
            return null;
        }

        PhotoRecord record = _records.Current;
        return (record, _ahead is not null && HasCaption(record) ? NextCaptions() : null);
    }

    public void Dispose()
    {
        _records.Dispose();
        _ahead?.Dispose();
    }

    private static bool HasCaption(PhotoRecord record) => record.Captions.Any(c => !string.IsNullOrWhiteSpace(c));

    private IReadOnlyList<string> NextCaptions()
    {
        if (!_ahead!.MoveNext())
        {
            _ahead.Dispose();
            _ahead = Captioned().GetEnumerator();
            _ahead.MoveNext();
        }

        return _ahead.Current.Captions;
    }

    private IEnumerable<PhotoRecord> Records() => _limit is { } limit ? _dataset.Read().Take(limit) : _dataset.Read();

    private IEnumerable<PhotoRecord> Captioned() => Records().Where(HasCaption);
}
