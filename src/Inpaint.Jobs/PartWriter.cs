using System.Globalization;
using System.Security.Cryptography;
using Parquet;
using Parquet.Schema;

namespace Inpaint.Jobs;

/// <summary>
/// Writes rows as a Parquet file without compression (pictures are compressed already). Row groups are limited only by the
/// number and size of their rows, and the file contains neither times nor paths, so that the same rows give the same bytes. The metadata
/// of a part contains its job's hash, the number of bad rows, and a SHA-256 of the values of each row group.
/// </summary>
public sealed class PartWriter
{
    internal const string JobKey = "job", BadKey = "bad", HashesKey = "sha256";

    private const int MostRows = 1000;
    private const long MostBytes = 4L << 20;

    private readonly IReadOnlyList<PartColumn> _columns;
    private readonly string? _job;
    private readonly ParquetWriter _writer;
    private readonly List<string> _hashes = [];
    private int _groupRows;

    /// <param name="stream">A stream that can seek.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="job">The hash of the job whose part this is; null for a file that is not a part.</param>
    internal PartWriter(Stream stream, IReadOnlyList<PartColumn> columns, string? job)
    {
        (_columns, _job) = (columns, job);
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.None };
        _writer = ParquetWriter.CreateAsync(new ParquetSchema([.. columns.Select(column => column.Field)]), stream, options).GetAwaiter()
            .GetResult();
    }

    /// <summary>Rows written.</summary>
    public long Rows { get; private set; }

    /// <summary>How many of them are bad.</summary>
    public long Bad { get; private set; }

    /// <summary>Ends a row: one value was added to each column.</summary>
    /// <param name="isBad">Whether the row is an error. Default no.</param>
    public void EndRow(bool isBad = false)
    {
        Rows++;
        Bad += isBad ? 1 : 0;
        if (++_groupRows == MostRows || _columns.Sum(column => column.Size) >= MostBytes)
        {
            WriteGroup();
        }
    }

    /// <summary>Ends the file.</summary>
    internal void Finish()
    {
        if (_groupRows > 0)
        {
            WriteGroup();
        }

        if (_job is not null)
        {
            _writer.CustomMetadata = new Dictionary<string, string>
            {
                [JobKey] = _job,
                [BadKey] = Bad.ToString(CultureInfo.InvariantCulture),
                [HashesKey] = string.Join(' ', _hashes),
            };
        }

        _writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    /// <summary>SHA-256 of the values in columns.</summary>
    internal static string HashOf(IEnumerable<PartColumn> columns)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (PartColumn column in columns)
        {
            column.AddTo(hash);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private void WriteGroup()
    {
        if (_job is not null)
        {
            _hashes.Add(HashOf(_columns));
        }

        using (ParquetRowGroupWriter group = _writer.CreateRowGroup())
        {
            foreach (PartColumn column in _columns)
            {
                column.Write(group).GetAwaiter().GetResult();
                column.Clear();
            }
        }

        _groupRows = 0;
    }
}
