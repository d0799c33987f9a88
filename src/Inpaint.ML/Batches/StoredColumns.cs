using Microsoft.ML;
using Parquet;
using Parquet.Schema;

namespace Inpaint.ML.Batches;

/// <summary>The chosen columns of rows under a cursor, kept until they are written as one Parquet file.</summary>
internal sealed class StoredColumns
{
    private readonly StoredColumn[] _columns;

    /// <param name="schema">The rows' schema.</param>
    /// <param name="names">The columns.</param>
    /// <param name="cursor">The cursor, with these columns active.</param>
    public StoredColumns(DataViewSchema schema, IReadOnlyList<string> names, DataViewRowCursor cursor) =>
        _columns = [.. names.Select(name => StoredColumn.Of(schema[name], cursor))];

    /// <summary>Rows taken.</summary>
    public int Rows { get; private set; }

    /// <summary>The columns to store.</summary>
    /// <exception cref="ArgumentException">One that is named is not there, or cannot be stored.</exception>
    public static IReadOnlyList<string> Choose(DataViewSchema schema, IReadOnlyList<string>? named)
    {
        if (named is null)
        {
            string[] all = [.. schema.Where(c => !c.IsHidden && StoredColumn.CanStore(c.Type)).Select(c => c.Name)];
            return all.Length > 0 ? all : throw new ArgumentException($"None of the columns {string.Join(", ", schema.Select(c => $"{c.Name} ({c.Type})"))} can be stored.", nameof(schema));
        }

        if (named.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Skip(1).Any()) is { } twice)
        {
            throw new ArgumentException($"Columns names '{twice.Key}' twice; expected each column once.", nameof(named));
        }

        foreach (string name in named)
        {
            DataViewSchema.Column column = schema.GetColumnOrNull(name)
                ?? throw new ArgumentException($"There is no column '{name}'; expected one of {string.Join(", ", schema.Where(c => !c.IsHidden).Select(c => c.Name))}.", nameof(named));
            if (!StoredColumn.CanStore(column.Type))
            {
                throw new ArgumentException($"The column '{name}' is of {column.Type}, which cannot be stored; expected text, numbers, truth values, dates, vectors of numbers, bytes or images. Convert it in the pipeline, or leave it out of Columns.", nameof(named));
            }
        }

        return named.Count > 0 ? named : throw new ArgumentException("Columns is empty; expected at least one, or null for all.", nameof(named));
    }

    /// <summary>Takes the cursor's row.</summary>
    public void Take()
    {
        foreach (StoredColumn column in _columns)
        {
            column.Take();
        }

        Rows++;
    }

    /// <summary>Writes all rows as one row group.</summary>
    public void Write(Stream stream)
    {
        ParquetWriter writer = ParquetWriter.CreateAsync(new ParquetSchema([.. _columns.Select(c => c.Field)]), stream, new ParquetOptions { CompressionMethod = CompressionMethod.Snappy }).GetAwaiter().GetResult();
        using (ParquetRowGroupWriter group = writer.CreateRowGroup())
        {
            foreach (StoredColumn column in _columns)
            {
                column.Write(group).GetAwaiter().GetResult();
            }
        }

        writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
