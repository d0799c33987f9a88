using Inpaint.Datasets;
using Inpaint.Photos;

namespace Inpaint.Jobs;

/// <summary>Gives the photos of a job's shards: files by their paths, others from the dataset, which is opened once.</summary>
internal sealed class ShardReader : IDisposable
{
    private readonly BatchFolder _folder;
    private readonly DatasetFormats _formats;
    private readonly string _dataset, _root;
    private readonly Lazy<IPhotoDataset> _photos;

    /// <param name="folder">The job.</param>
    /// <param name="formats">The dataset formats that are known.</param>
    /// <param name="dataset">The dataset's present location; null for the one that the job was planned with.</param>
    public ShardReader(BatchFolder folder, DatasetFormats formats, string? dataset)
    {
        (_folder, _formats) = (folder, formats);
        _dataset = dataset is null ? folder.Job.Dataset : Path.Exists(dataset) ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataset)) : dataset;
        _root = Directory.Exists(_dataset) ? _dataset : Path.GetDirectoryName(_dataset) ?? "";
        _photos = new Lazy<IPhotoDataset>(() => formats.Open(_dataset, use: DatasetUse.Shard));
    }

    /// <summary>Checks that the location contains a dataset of the job's format.</summary>
    /// <exception cref="DatasetException">It does not; the message names what was found.</exception>
    public void Require()
    {
        DatasetFormat planned = _formats.Named(_folder.Job.Kind);
        bool isPath = Path.IsPathRooted(_folder.Job.Dataset);
        if (isPath && !Path.Exists(_dataset))
        {
            throw new DatasetException($"The job's dataset is not at '{_dataset}': nothing is there; expected {planned.Expected}. Mount or copy it there, or give its location: --dataset PATH.");
        }

        if (!planned.Recognises(_dataset))
        {
            throw new DatasetException($"'{_dataset}' is {_formats.Find(_dataset)?.Expected ?? "not a dataset"}; expected {planned.Expected}, which the job was planned with. Mount or copy it there, or give its location: --dataset PATH.");
        }

        if (!isPath && _photos.Value.Name != _folder.Job.Dataset)
        {
            throw new DatasetException($"'{_dataset}' is another dataset than '{_folder.Job.Dataset}', which the job was planned with. Omit --dataset: this one needs no files.");
        }
    }

    /// <summary>A shard's photos, in order.</summary>
    /// <exception cref="DatasetException">The shard or the dataset is not what it was when the job was planned.</exception>
    public IEnumerable<PhotoRecord> Read(int shard)
    {
        IReadOnlyList<ShardRow> rows = _folder.ReadShard(shard);
        if (!rows.All(row => row.Path is not null))
        {
            return FromDataset(rows, shard);
        }

        RequireSome(rows, shard);
        return Files(rows);
    }

    /// <summary>Proves that photos which could not be read did not vanish all together.</summary>
    /// <exception cref="DatasetException">The dataset is no longer there.</exception>
    public void RequireStill(int shard)
    {
        Require();
        IReadOnlyList<ShardRow> rows = _folder.ReadShard(shard);
        if (rows.All(row => row.Path is not null))
        {
            RequireSome(rows, shard);
        }
    }

    public void Dispose()
    {
        if (_photos.IsValueCreated)
        {
            _photos.Value.Dispose();
        }
    }

    private string PathOf(ShardRow row) => Path.Combine(_root, row.Path!);

    // A folder that is not mounted is there, and empty.
    private void RequireSome(IReadOnlyList<ShardRow> rows, int shard)
    {
        if (!rows.Any(row => Path.Exists(PathOf(row))))
        {
            throw new DatasetException($"None of the {rows.Count} files of shard {shard} is there; the first would be '{PathOf(rows[0])}'. Mount or copy the dataset there, or say where it lies: --dataset PATH. If they were deleted, plan the job again.");
        }
    }

    private IEnumerable<PhotoRecord> Files(IReadOnlyList<ShardRow> rows) =>
        rows.Select(row => FileRecord.Of(PathOf(row), row.Id, row.Captions));

    private IEnumerable<PhotoRecord> FromDataset(IReadOnlyList<ShardRow> rows, int shard)
    {
        int i = 0;
        foreach (PhotoRecord record in _photos.Value.Read((long)shard * _folder.Job.ShardSize, rows.Count))
        {
            if (record.Id != rows[i].Id)
            {
                throw new DatasetException($"Row {(long)shard * _folder.Job.ShardSize + i} of '{_dataset}' is '{record.Id}', expected '{rows[i].Id}'. The dataset was changed since the job was planned; plan it again.");
            }

            yield return new PlannedRecord(record, rows[i].Captions ?? []);
            i++;
        }

        if (i < rows.Count)
        {
            throw new DatasetException($"'{_dataset}' ends before '{rows[i].Id}'. The dataset was changed since the job was planned; plan it again.");
        }
    }

    /// <summary>A photo with the captions of the plan, and errors that do not say where it lies.</summary>
    private sealed class PlannedRecord : PhotoRecord
    {
        private readonly PhotoRecord _record;

        [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
        public PlannedRecord(PhotoRecord record, IReadOnlyList<string> captions)
        {
            _record = record;
            (Id, Stamp, Box, Captions) = (record.Id, record.Stamp, record.Box, captions);
        }

        public override byte[] ReadBytes()
        {
            try
            {
                return _record.ReadBytes();
            }
            catch (PhotoException e) when (_record.Path is { } path)
            {
                throw new PhotoException(e.Message.Replace(path, Id, StringComparison.Ordinal), e);
            }
        }

        public override Photo Decode(PhotoDecodingOptions? options = null) => _record.Path is null ? _record.Decode(options) : base.Decode(options);
    }
}
