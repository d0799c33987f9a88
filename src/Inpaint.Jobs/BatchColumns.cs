using Parquet;
using Parquet.Schema;

namespace Inpaint.Jobs;

/// <summary>The columns of the results of a batch job; a file needs its own.</summary>
internal sealed class BatchColumns
{
    private readonly StringColumn _id = new("id"), _status = new("status"), _error = new("error", nullable: true);
    private readonly BytesColumn _image = new("image", nullable: true);
    private readonly OptionalColumn<double> _holeMse = new("hole_mse"), _holePsnr = new("hole_psnr");

    public BatchColumns() => All = [_id, _status, _error, _image, _holeMse, _holePsnr];

    public IReadOnlyList<PartColumn> All { get; }

    public void Write(PartWriter part, BatchResult result)
    {
        Add(result);
        part.EndRow(result.Status != BatchResult.Ok);
    }

    /// <summary>Reads a part's results, each checked against what was written.</summary>
    /// <exception cref="DatasetException">The file cannot be read, is damaged, or is a part of another job.</exception>
    public static IEnumerable<BatchResult> Read(string file, string job)
    {
        var columns = new BatchColumns();
        _ = new ParquetSchema([.. columns.All.Select(column => column.Field)]);
        using var part = new PartReader(file, job);
        foreach (BatchResult result in part.Read(columns.Read, columns.HashOf))
        {
            yield return result;
        }
    }

    private void Add(BatchResult result)
    {
        _id.Add(result.Id);
        _status.Add(result.Status);
        _error.Add(result.Error);
        _image.Add(result.Image);
        _holeMse.Add(result.HoleMse);
        _holePsnr.Add(result.HolePsnr);
    }

    private string HashOf(BatchResult[] results)
    {
        Array.ForEach(results, Add);
        string hash = PartWriter.HashOf(All);
        foreach (PartColumn column in All)
        {
            column.Clear();
        }

        return hash;
    }

    private BatchResult[] Read(ParquetRowGroupReader group)
    {
        int rows = checked((int)group.RowCount);
        string?[] ids = new string?[rows], statuses = new string?[rows], errors = new string?[rows];
        byte[]?[] images = new byte[]?[rows];
        double?[] mse = new double?[rows], psnr = new double?[rows];
        Wait(group.ReadAsync((DataField)_id.Field, new Memory<string?>(ids)));
        Wait(group.ReadAsync((DataField)_status.Field, new Memory<string?>(statuses)));
        Wait(group.ReadAsync((DataField)_error.Field, new Memory<string?>(errors)));
        Wait(group.ReadAsync((DataField)_image.Field, new Memory<byte[]?>(images)));
        Wait(group.ReadAsync<double>((DataField)_holeMse.Field, new Memory<double?>(mse)));
        Wait(group.ReadAsync<double>((DataField)_holePsnr.Field, new Memory<double?>(psnr)));
        return [.. Enumerable.Range(0, rows).Select(i => new BatchResult(ids[i]!, statuses[i]!, errors[i], images[i], mse[i], psnr[i]))];
    }

    private static void Wait(ValueTask task) => task.AsTask().GetAwaiter().GetResult();
}
