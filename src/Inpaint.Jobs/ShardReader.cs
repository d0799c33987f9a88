namespace Inpaint.Jobs;

/// <summary>Reads the photos of a job's shards: files by their paths, others from the dataset, which is opened once.</summary>
internal sealed class ShardReader : IDisposable
{
    private readonly BatchFolder _folder;
    private readonly DatasetFormats _formats;
    private readonly string _dataset, _root;
    private readonly Lazy<IPhotoDataset> _photos;
    private bool _checked;

    /// <param name="folder">The job.</param>
    /// <param name="formats">The known dataset formats.</param>
    /// <param name="dataset">The dataset's present location; null for the one that the job was planned with.</param>
    public ShardReader(BatchFolder folder, DatasetFormats formats, string? dataset)
    {
        (_folder, _formats) = (folder, formats);
        _dataset = dataset is null ? folder.Job.Dataset : Path.Exists(dataset)
            ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataset)) : dataset;
        _root = Directory.Exists(_dataset) ? _dataset : Path.GetDirectoryName(_dataset) ?? "";
        _photos = new Lazy<IPhotoDataset>(() => formats.Open(_dataset, use: DatasetUse.Shard));
    }

    /// <summary>Checks that the location contains a dataset of the job's format.</summary>
    /// <exception cref="DatasetException">It does not; the message names what was found.</exception>
    private void Require()
    {
        DatasetFormat planned = _formats.Named(_folder.Job.Kind);
        bool isPath = Path.IsPathRooted(_folder.Job.Dataset);
        if (isPath && !Path.Exists(_dataset))
        {
            throw new DatasetException($"The job's dataset does not exist at '{_dataset}'; expected {planned.Expected}. Mount "
                + $"or copy it there, or give its location: --dataset PATH.");
        }

        if (!planned.Recognises(_dataset))
        {
            throw new DatasetException($"'{_dataset}' is {_formats.Find(_dataset)?.Expected ?? "not a dataset"}; expected "
                + $"{planned.Expected}, which the job was planned with. Mount or copy it there, or give its location: --dataset PATH.");
        }

        if (!isPath && _photos.Value.Name != _folder.Job.Dataset)
        {
            throw new DatasetException($"'{_dataset}' is another dataset than '{_folder.Job.Dataset}', which the job was planned with. "
                + $"Omit --dataset: this one needs no files.");
        }
    }

    /// <summary>A shard's photos, in order.</summary>
    /// <exception cref="DatasetException">The shard or the dataset is not what it was when the job was planned.</exception>
    public IEnumerable<PhotoRecord> Read(int shard)
    {
        if (!_checked)
        {
            Require();
            _checked = true;
        }

        IReadOnlyList<ShardRow> rows = _folder.ReadShard(shard);
        RequireSome(rows, shard);
        return AreFiles(rows) ? rows.Select(row => PhotoRecord.OfFile(PathOf(row), row.Id, row.Captions)) : FromDataset(rows, shard);
    }

    /// <summary>Checks, after photos could not be read, that the dataset has not vanished as a whole.</summary>
    /// <exception cref="DatasetException">It has.</exception>
    public void RequireStill(int shard)
    {
        Require();
        RequireSome(_folder.ReadShard(shard), shard);
    }

    public void Dispose()
    {
        if (_photos.IsValueCreated)
        {
            _photos.Value.Dispose();
        }
    }

    private static bool AreFiles(IReadOnlyList<ShardRow> rows) => rows.All(row => row.Path is not null);

    private string PathOf(ShardRow row) => Path.Combine(_root, row.Path!);

    // The mount point of a folder that is not mounted exists, and is empty.
    private void RequireSome(IReadOnlyList<ShardRow> rows, int shard)
    {
        if (AreFiles(rows) && !rows.Any(row => Path.Exists(PathOf(row))))
        {
            throw new DatasetException($"None of the {rows.Count} files of shard {shard} exists; the first would be '{PathOf(rows[0])}'. "
                + $"Mount or copy the dataset there, or give its location: --dataset PATH. If they were deleted, plan the job again.");
        }
    }

    private IEnumerable<PhotoRecord> FromDataset(IReadOnlyList<ShardRow> rows, int shard)
    {
        long first = (long)shard * _folder.Job.ShardSize;
        int i = 0;
        foreach (PhotoRecord record in _photos.Value.Read(first, rows.Count))
        {
            if (record.Id != rows[i].Id)
            {
                throw new DatasetException($"Row {first + i} of '{_dataset}' is '{record.Id}', expected '{rows[i].Id}'. The dataset was "
                    + $"changed since the job was planned; plan it again.");
            }

            // The captions are those of the plan, regardless of caption files next to the dataset now.
            yield return record with { Captions = rows[i].Captions ?? [], Read = () => ReadWithoutPath(record) };
            i++;
        }

        if (i < rows.Count)
        {
            throw new DatasetException($"'{_dataset}' ends before '{rows[i].Id}'. The dataset was changed since the job was planned; "
                + $"plan it again.");
        }
    }

    /// <summary>Reads a photo; errors name it by its id, as the dataset's location is not part of the results.</summary>
    private static byte[] ReadWithoutPath(PhotoRecord record)
    {
        try
        {
            return record.ReadBytes();
        }
        catch (PhotoException e) when (record.Path is { } path)
        {
            throw new PhotoException(e.Message.Replace(path, record.Id, StringComparison.Ordinal), e);
        }
    }
}
