using Parquet;
using Parquet.Schema;

namespace Inpaint;

/// <summary>
/// A file of results: Parquet without compression (pictures are compressed already), in row groups that are ended by the number and the size of
/// their rows alone, so that the same results are the same bytes. It holds no times and no paths.
/// </summary>
internal static class BatchPartFile
{
    private const int MostRows = 1000;
    private const long MostBytes = 4L << 20;

    /// <summary>Writes results as they come.</summary>
    /// <param name="stream">A stream that can seek.</param>
    /// <param name="results">The results.</param>
    public static void Write(Stream stream, IEnumerable<BatchResult> results)
    {
        var columns = new Columns();
        ParquetWriter writer = Wait(ParquetWriter.CreateAsync(columns.Schema, stream, new ParquetOptions { CompressionMethod = CompressionMethod.None }));
        var rows = new List<BatchResult>();
        long bytes = 0;
        foreach (BatchResult result in results)
        {
            rows.Add(result);
            bytes += result.Image?.Length ?? 0;
            if (rows.Count == MostRows || bytes >= MostBytes)
            {
                WriteGroup(writer, columns, rows);
                rows.Clear();
                bytes = 0;
            }
        }

        if (rows.Count > 0)
        {
            WriteGroup(writer, columns, rows);
        }

        writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    /// <summary>Reads results, a row group at a time.</summary>
    /// <exception cref="DatasetException">The file cannot be read.</exception>
    public static IEnumerable<BatchResult> Read(string file, bool images = true)
    {
        using FileStream stream = File.OpenRead(file);
        ParquetReader reader;
        try
        {
            reader = Wait(ParquetReader.CreateAsync(stream, leaveStreamOpen: true));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw Damaged(file, e);
        }

        var columns = new Columns();
        try
        {
            for (int i = 0; i < reader.RowGroupCount; i++)
            {
                foreach (BatchResult result in ReadGroup(reader, columns, i, images, file))
                {
                    yield return result;
                }
            }
        }
        finally
        {
            reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
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

    private static BatchResult[] ReadGroup(ParquetReader reader, Columns columns, int number, bool images, string file)
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
            if (images)
            {
                Wait(group.ReadAsync(columns.Image, new Memory<byte[]?>(pictures)));
            }

            Wait(group.ReadAsync<double>(columns.HoleMse, new Memory<double?>(mse)));
            Wait(group.ReadAsync<double>(columns.HolePsnr, new Memory<double?>(psnr)));
            return [.. Enumerable.Range(0, rows).Select(i => new BatchResult(ids[i]!, statuses[i]!, errors[i], pictures[i], mse[i], psnr[i]))];
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw Damaged(file, e);
        }
    }

    private static DatasetException Damaged(string file, Exception e) =>
        new($"'{file}' cannot be read as results: {e.Message} Delete it, and run its shard again.", e);

    private static void Wait(Task task) => task.GetAwaiter().GetResult();

    private static void Wait(ValueTask task) => task.AsTask().GetAwaiter().GetResult();

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

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
