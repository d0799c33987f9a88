using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Inpaint.Datasets;
using Parquet;
using Parquet.Schema;

namespace Inpaint.Jobs;

/// <summary>
/// A file of results: Parquet without compression (pictures are compressed already), in row groups that are ended by the number and the size of
/// their rows alone, so that the same results are the same bytes. It holds no times and no paths. A part of a job also has in its metadata the
/// job's hash, the number of bad rows, and a SHA-256 of each row group.
/// </summary>
internal static class BatchPartFile
{
    private const int MostRows = 1000;
    private const long MostBytes = 4L << 20;
    private const string JobKey = "job", BadKey = "bad", HashesKey = "sha256";

    /// <summary>Writes results as they come.</summary>
    /// <param name="stream">A stream that can seek.</param>
    /// <param name="results">The results.</param>
    /// <param name="job">The hash of the job that it is a part of; null for a file that is none.</param>
    public static void Write(Stream stream, IEnumerable<BatchResult> results, string? job)
    {
        var columns = new Columns();
        ParquetWriter writer = Wait(ParquetWriter.CreateAsync(columns.Schema, stream, new ParquetOptions { CompressionMethod = CompressionMethod.None }));
        var rows = new List<BatchResult>();
        var hashes = new List<string>();
        long bytes = 0, bad = 0;
        void WriteRows()
        {
            WriteGroup(writer, columns, rows);
            if (job is not null)
            {
                hashes.Add(HashOf(rows));
            }

            rows.Clear();
            bytes = 0;
        }

        foreach (BatchResult result in results)
        {
            rows.Add(result);
            bytes += result.Image?.Length ?? 0;
            bad += result.Status == BatchResult.Ok ? 0 : 1;
            if (rows.Count == MostRows || bytes >= MostBytes)
            {
                WriteRows();
            }
        }

        if (rows.Count > 0)
        {
            WriteRows();
        }

        if (job is not null)
        {
            // Written with the file's end.
            writer.CustomMetadata = new Dictionary<string, string> { [JobKey] = job, [BadKey] = bad.ToString(CultureInfo.InvariantCulture), [HashesKey] = string.Join(' ', hashes) };
        }

        writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    /// <summary>Reads a part's results, a row group at a time, each proven to be what was written.</summary>
    /// <param name="file">The part.</param>
    /// <param name="job">The hash of the job whose part it must be.</param>
    /// <exception cref="DatasetException">The file cannot be read, is damaged, or is another job's.</exception>
    public static IEnumerable<BatchResult> Read(string file, string job)
    {
        using var part = new Opened(file, job);
        string[] hashes = part.Value(HashesKey).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (hashes.Length != part.Reader.RowGroupCount)
        {
            throw Damaged(file, $"It has {part.Reader.RowGroupCount} row groups, expected {hashes.Length}.");
        }

        var columns = new Columns();
        for (int i = 0; i < hashes.Length; i++)
        {
            BatchResult[] rows = ReadGroup(part.Reader, columns, i, file);
            string found = HashOf(rows);
            if (found != hashes[i])
            {
                throw Damaged(file, $"The SHA-256 of its row group {i} is {found}, expected {hashes[i]}.");
            }

            foreach (BatchResult result in rows)
            {
                yield return result;
            }
        }
    }

    /// <summary>How many of a part's photos could not be completed.</summary>
    /// <exception cref="DatasetException">The file cannot be read, or is another job's.</exception>
    public static long BadOf(string file, string job)
    {
        using var part = new Opened(file, job);
        return long.TryParse(part.Value(BadKey), NumberStyles.None, CultureInfo.InvariantCulture, out long bad) ? bad : throw Damaged(file, $"Its metadata '{BadKey}' is '{part.Value(BadKey)}', expected a whole number.");
    }

    /// <summary>SHA-256 of all that rows hold, each value with its length before it.</summary>
    private static string HashOf(IReadOnlyList<BatchResult> rows)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[sizeof(double)];
        foreach (BatchResult row in rows)
        {
            foreach (byte[]? value in (byte[]?[])[Encoding.UTF8.GetBytes(row.Id), Encoding.UTF8.GetBytes(row.Status), row.Error is null ? null : Encoding.UTF8.GetBytes(row.Error), row.Image])
            {
                BinaryPrimitives.WriteInt64LittleEndian(number, value?.Length ?? -1);
                hash.AppendData(number);
                hash.AppendData(value ?? []);
            }

            foreach (double? value in (double?[])[row.HoleMse, row.HolePsnr])
            {
                hash.AppendData(value is null ? [0] : [(byte)1]);
                BinaryPrimitives.WriteDoubleLittleEndian(number, value ?? 0);
                hash.AppendData(number);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void WriteGroup(ParquetWriter writer, Columns columns, List<BatchResult> rows)
    {
        using ParquetRowGroupWriter group = writer.CreateRowGroup();
        Wait(group.WriteAsync(columns.Id, rows.ConvertAll(r => r.Id).ToArray()));
        Wait(group.WriteAsync(columns.Status, rows.ConvertAll(r => r.Status).ToArray()));
        Wait(group.WriteAsync(columns.Error, rows.ConvertAll(r => r.Error).ToArray()!));
        Wait(group.WriteAsync(columns.Image, rows.ConvertAll(r => r.Image).ToArray()!));
        Wait(group.WriteAsync<double>(columns.HoleMse, rows.ConvertAll(r => r.HoleMse).ToArray()));
        Wait(group.WriteAsync<double>(columns.HolePsnr, rows.ConvertAll(r => r.HolePsnr).ToArray()));
    }

    private static BatchResult[] ReadGroup(ParquetReader reader, Columns columns, int number, string file)
    {
        try
        {
            using ParquetRowGroupReader group = reader.OpenRowGroupReader(number);
            int rows = checked((int)group.RowCount);
            string?[] ids = new string?[rows], statuses = new string?[rows], errors = new string?[rows];
            byte[]?[] pictures = new byte[]?[rows];
            double?[] mse = new double?[rows], psnr = new double?[rows];
            Wait(group.ReadAsync(columns.Id, new Memory<string?>(ids)));
            Wait(group.ReadAsync(columns.Status, new Memory<string?>(statuses)));
            Wait(group.ReadAsync(columns.Error, new Memory<string?>(errors)));
            Wait(group.ReadAsync(columns.Image, new Memory<byte[]?>(pictures)));
            Wait(group.ReadAsync<double>(columns.HoleMse, new Memory<double?>(mse)));
            Wait(group.ReadAsync<double>(columns.HolePsnr, new Memory<double?>(psnr)));
            return [.. Enumerable.Range(0, rows).Select(i => new BatchResult(ids[i]!, statuses[i]!, errors[i], pictures[i], mse[i], psnr[i]))];
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw Damaged(file, e.Message, e);
        }
    }

    private static DatasetException Damaged(string file, string how, Exception? e = null) =>
        new($"'{file}' cannot be read as results: {how} Delete it, and run its shard again.", e);

    private static void Wait(Task task) => task.GetAwaiter().GetResult();

    private static void Wait(ValueTask task) => task.AsTask().GetAwaiter().GetResult();

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    /// <summary>A part open for reading that is the job's.</summary>
    private sealed class Opened : IDisposable
    {
        private readonly string _file;
        private readonly FileStream _stream;

        public Opened(string file, string job)
        {
            _file = file;
            _stream = File.OpenRead(file);
            try
            {
                Reader = Wait(ParquetReader.CreateAsync(_stream, leaveStreamOpen: true));
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                _stream.Dispose();
                throw Damaged(file, e.Message, e);
            }

            string found;
            try
            {
                found = Value(JobKey);
            }
            catch (DatasetException)
            {
                Dispose();
                throw;
            }

            if (found != job)
            {
                Dispose();
                throw new DatasetException($"'{file}' is a part of another job: of the one with the hash {found}, expected {job}. Delete it, and run its shard again.");
            }
        }

        public ParquetReader Reader { get; }

        public string Value(string key) => Reader.CustomMetadata.TryGetValue(key, out string? value) ? value : throw Damaged(_file, $"It has no metadata '{key}'.");

        public void Dispose()
        {
            Reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
            _stream.Dispose();
        }
    }

    /// <summary>The columns; a schema of their own makes them usable, so each file gets its own.</summary>
    private sealed class Columns
    {
        public Columns() => Schema = new ParquetSchema(Id, Status, Error, Image, HoleMse, HolePsnr);

        public DataField<string> Id { get; } = new("id");

        public DataField<string> Status { get; } = new("status");

        public DataField<string> Error { get; } = new("error", nullable: true);

        public DataField<byte[]> Image { get; } = new("image", nullable: true);

        public DataField<double?> HoleMse { get; } = new("hole_mse");

        public DataField<double?> HolePsnr { get; } = new("hole_psnr");

        public ParquetSchema Schema { get; }
    }
}
