using System.Globalization;
using Parquet;

namespace Inpaint.Jobs;

/// <summary>A part that is open for reading.</summary>
public sealed class PartReader : IDisposable
{
    private readonly string _file;
    private readonly FileStream _stream;
    private readonly ParquetReader? _reader;

    /// <summary>Opens a part.</summary>
    /// <param name="file">The part.</param>
    /// <param name="job">The hash of the job whose part it must be.</param>
    /// <exception cref="DatasetException">The file cannot be read, is damaged, or is a part of another job.</exception>
    public PartReader(string file, string job)
    {
        _file = file;
        _stream = File.OpenRead(file);
        try
        {
            _reader = ParquetReader.CreateAsync(_stream, leaveStreamOpen: true).GetAwaiter().GetResult();
            if (Value(PartWriter.JobKey) is var found && found != job)
            {
                throw new DatasetException($"'{file}' is a part of another job: of the one with the hash {found}, expected {job}. Delete "
                    + $"it, and run its shard again.");
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Dispose();
            throw e as DatasetException ?? Damaged(e.Message, e);
        }
    }

    /// <summary>How many rows there are.</summary>
    public long Rows => _reader!.RowGroups.Sum(group => group.RowCount);

    /// <summary>How many of them are bad.</summary>
    public long Bad => long.TryParse(Value(PartWriter.BadKey), NumberStyles.None, CultureInfo.InvariantCulture, out long bad)
        ? bad
        : throw Damaged($"Its metadata '{PartWriter.BadKey}' is '{Value(PartWriter.BadKey)}', expected an integer.");

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _stream.Dispose();
    }

    /// <summary>Reads the row groups, and checks the values of each against its hash.</summary>
    /// <param name="read">Reads the rows of a group.</param>
    /// <param name="hash">The hash of rows.</param>
    internal IEnumerable<TRow> Read<TRow>(Func<ParquetRowGroupReader, TRow[]> read, Func<TRow[], string> hash)
    {
        string[] hashes = Value(PartWriter.HashesKey).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (hashes.Length != _reader!.RowGroupCount)
        {
            throw Damaged($"It has {_reader.RowGroupCount} row groups, expected {hashes.Length}.");
        }

        for (int i = 0; i < hashes.Length; i++)
        {
            TRow[] rows;
            try
            {
                using ParquetRowGroupReader group = _reader.OpenRowGroupReader(i);
                rows = read(group);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                throw Damaged(e.Message, e);
            }

            if (hash(rows) is var found && found != hashes[i])
            {
                throw Damaged($"The SHA-256 of its row group {i} is {found}, expected {hashes[i]}.");
            }

            foreach (TRow row in rows)
            {
                yield return row;
            }
        }
    }

    private string Value(string key) => _reader!.CustomMetadata.TryGetValue(key, out string? value) ? value
        : throw Damaged($"It has no metadata '{key}'.");

    private DatasetException Damaged(string how, Exception? e = null) =>
        new($"'{_file}' cannot be read as a part: {how} Delete it, and run its shard again.", e);
}
