namespace Inpaint;

/// <summary>Gives the photos of a job's shards: files by their paths, others from the dataset, which is opened once.</summary>
internal sealed class ShardReader : IDisposable
{
    private readonly BatchFolder _folder;
    private readonly string _dataset, _root;
    private readonly Lazy<IPhotoDataset> _photos;

    /// <param name="folder">The job.</param>
    /// <param name="dataset">Where the dataset lies now; null for where it lay when the job was planned.</param>
    public ShardReader(BatchFolder folder, string? dataset)
    {
        _folder = folder;
        _dataset = dataset is null ? folder.Job.Dataset : Path.Exists(dataset) ? Path.GetFullPath(dataset) : dataset;
        _root = Directory.Exists(_dataset) ? _dataset : Path.GetDirectoryName(_dataset) ?? "";
        _photos = new Lazy<IPhotoDataset>(() => PhotoDataset.Open(_dataset));
    }

    /// <summary>A shard's photos, in order.</summary>
    /// <exception cref="DatasetException">The shard or the dataset is not what it was when the job was planned.</exception>
    public IEnumerable<PhotoRecord> Read(int shard)
    {
        IReadOnlyList<ShardRow> rows = ShardRow.ReadAll(_folder.ShardFile(shard));
        if (rows.Count != _folder.RowsOf(shard))
        {
            throw new DatasetException($"'{_folder.ShardFile(shard)}' has {rows.Count} rows, expected {_folder.RowsOf(shard)}. It was changed since the job was planned; plan it again.");
        }

        return rows.All(row => row.Path is not null) ? Files(rows) : FromDataset(rows, shard);
    }

    public void Dispose()
    {
        if (_photos.IsValueCreated)
        {
            _photos.Value.Dispose();
        }
    }

    private IEnumerable<PhotoRecord> Files(IReadOnlyList<ShardRow> rows) =>
        rows.Select(row => FileRecord.Of(Path.Combine(_root, row.Path!), row.Id, row.Captions));

    private IEnumerable<PhotoRecord> FromDataset(IReadOnlyList<ShardRow> rows, int shard)
    {
        int i = 0;
        foreach (PhotoRecord record in _photos.Value.Read((long)shard * _folder.Job.ShardSize, rows.Count))
        {
            if (record.Id != rows[i].Id)
            {
                throw new DatasetException($"Row {(long)shard * _folder.Job.ShardSize + i} of '{_dataset}' is '{record.Id}', expected '{rows[i].Id}'. The dataset was changed since the job was planned; plan it again.");
            }

            // What is said of a photo is part of the job.
            yield return rows[i].Captions is { } captions ? new CaptionedRecord(record, captions) : record;
            i++;
        }

        if (i < rows.Count)
        {
            throw new DatasetException($"'{_dataset}' ends before '{rows[i].Id}'. The dataset was changed since the job was planned; plan it again.");
        }
    }

    private sealed class CaptionedRecord : PhotoRecord
    {
        private readonly PhotoRecord _record;

        [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
        public CaptionedRecord(PhotoRecord record, IReadOnlyList<string> captions)
        {
            _record = record;
            (Id, Stamp, Box, Captions) = (record.Id, record.Stamp, record.Box, captions);
        }

        public override byte[] ReadBytes() => _record.ReadBytes();

        public override Photo Decode(PhotoDecodingOptions? options = null) => _record.Decode(options);
    }
}
