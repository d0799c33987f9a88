using System.Globalization;
using Inpaint.Photos;
using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace Inpaint.Datasets;

/// <summary>
/// The rows of a Parquet file, or of all <c>.parquet</c> files of a folder in the order of their names: pictures as bytes or paths, and
/// captions. One row group at a time is kept in memory.
/// </summary>
internal sealed class ParquetDataset : IPhotoDataset
{
    private const string Extension = ".parquet";

    public static DatasetFormat Format { get; } =
        new("parquet", "a .parquet file or a folder of them", Recognises, (path, _, use) => Open(path, use)) { TakesCaptionFile = false };

    private readonly string[] _files;
    private readonly DatasetUse _use;

    private ParquetDataset(string path, string[] files, long count, DatasetUse use)
    {
        (_files, _use) = (files, use);
        Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        Count = count;
    }

    public string Name { get; }

    public long? Count { get; }

    /// <summary>
    /// Whether a path is a Parquet file, or a folder of them; files whose names start with a dot or end in .md or .json are ignored.
    /// </summary>
    private static bool Recognises(string path) => File.Exists(path)
        ? IsParquet(path)
        : Directory.Exists(path) && FilesOf(path) is { Length: > 0 };

    private static ParquetDataset Open(string path, DatasetUse use)
    {
        string[] files = File.Exists(path) ? [path] : FilesOf(path);
        long count = 0;
        foreach (string file in files)
        {
            using Opened opened = OpenFile(file);
            count += opened.Reader.RowGroups.Sum(g => g.RowCount);
        }

        return count > 0
            ? new ParquetDataset(path, files, count, use)
            : throw new DatasetException($"'{path}' has no rows; expected at least one photo.");
    }

    public IEnumerable<PhotoRecord> Read() => ReadFrom(0);

    public IEnumerable<PhotoRecord> Read(long first, int count) => ReadFrom(first).Take(count);

    // Row groups before the first row are skipped.
    private IEnumerable<PhotoRecord> ReadFrom(long first)
    {
        long before = 0;
        foreach (string file in _files)
        {
            using Opened opened = OpenFile(file);
            var info = new FileInfo(file);
            string stamp = string.Create(CultureInfo.InvariantCulture, $"{info.Length} {info.LastWriteTimeUtc.Ticks}");
            long row = 0;
            for (int group = 0; group < opened.Reader.RowGroupCount; group++)
            {
                long rows = opened.Reader.RowGroups[group].RowCount;
                if (before + rows > first)
                {
                    foreach (PhotoRecord record in ReadGroup(opened, group, file, stamp, row).Skip((int)Math.Max(0, first - before)))
                    {
                        yield return record;
                    }
                }

                row += rows;
                before += rows;
            }
        }
    }

    public void Dispose()
    {
    }

    private static bool IsParquet(string path) => Path.GetExtension(path).Equals(Extension, StringComparison.OrdinalIgnoreCase);

    private static string[] FilesOf(string folder)
    {
        string[] all = [
            .. Directory.EnumerateFiles(folder)
                .Where(f => Path.GetFileName(f)[0] != '.' && Path.GetExtension(f) is not (".md" or ".json"))];
        return all.All(IsParquet) ? [.. all.Order(StringComparer.Ordinal)] : [];
    }

    private static Opened OpenFile(string file)
    {
        ParquetStream? stream = null;
        try
        {
            stream = new ParquetStream(file);
            ParquetReader reader = ParquetReader.CreateAsync(stream, leaveStreamOpen: true).GetAwaiter().GetResult();
            return new Opened(stream, reader, ParquetColumns.Of(reader.Schema, file));
        }
        catch (DatasetException)
        {
            stream?.Dispose();
            throw;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            stream?.Dispose();
            throw new DatasetException($"'{file}' cannot be read as Parquet: {e.Message} Check that it is complete.", e);
        }
    }

    private IEnumerable<PhotoRecord> ReadGroup(Opened opened, int number, string file, string stamp, long firstRow)
    {
        (byte[]?[]? bytes, string?[]? paths, IReadOnlyList<string>[]? captions, string?[]? ids) = ReadColumns(opened, number, file);
        int rows = checked((int)opened.Reader.RowGroups[number].RowCount);
        string prefix = _files.Length > 1 ? Path.GetFileNameWithoutExtension(file) + "/" : "";
        for (int i = 0; i < rows; i++)
        {
            string id = prefix
                + (ids?[i] is { Length: > 0 } named
                    ? named : paths?[i] is { Length: > 0 } at
                    ? at.Replace('\\', '/') : string.Create(CultureInfo.InvariantCulture, $"row-{firstRow + i:D8}"));
            string place = string.Create(CultureInfo.InvariantCulture, $"row {firstRow + i}")
                + (_use == DatasetUse.Shard ? "" : $" of '{file}'");
            yield return paths is null
                ? OfBytes(id, bytes?[i], place, captions?[i], string.Create(CultureInfo.InvariantCulture, $"{stamp} {firstRow + i}"))
                : paths[i] is { Length: > 0 } path
                    ? PhotoRecord.OfFile(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, path), id, captions?[i])
                    : OfBytes(id, null, place, captions?[i], stamp);
        }
    }

    private PhotoRecord OfBytes(string id, byte[]? bytes, string place, IReadOnlyList<string>? captions, string stamp) => new()
    {
        Id = id,
        Captions = captions ?? [],
        Stamp = stamp,
        Read = () => bytes is { Length: > 0 } ? bytes : throw (_use == DatasetUse.List
            ? new InvalidOperationException($"{id} ({place}): the dataset was opened without its pictures.")
            : new PhotoException($"{id} ({place}) has no picture: found null, expected bytes or a path.")),
    };

    private (byte[]?[]? Bytes, string?[]? Paths, IReadOnlyList<string>[]? Captions, string?[]? Ids) ReadColumns(
        Opened opened, int number, string file)
    {
        ParquetColumns columns = opened.Columns;
        try
        {
            using ParquetRowGroupReader group = opened.Reader.OpenRowGroupReader(number);
            int rows = checked((int)group.RowCount);
            byte[]?[]? bytes = _use != DatasetUse.List && columns.Bytes is { } b ? ReadFlat<byte[]>(group, b, rows) : null;
            string?[]? paths = columns.Path is { } p ? ReadFlat<string>(group, p, rows) : null;
            string?[]? ids = columns.Id is { } d ? ReadFlat<string>(group, d, rows) : null;
            return (bytes, paths, columns.Caption is { } c ? ReadCaptions(group, c, rows) : null, ids);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or DatasetException))
        {
            throw new DatasetException(
                $"'{file}' cannot be read as Parquet: row group {number}: {e.Message} Check that it is complete.", e);
        }
    }

    private static T?[] ReadFlat<T>(ParquetRowGroupReader group, DataField field, int rows) where T : class
    {
        var values = new T?[rows];
        ValueTask done = values switch
        {
            byte[]?[] pictures => group.ReadAsync(field, new Memory<byte[]?>(pictures)),
            string?[] texts => group.ReadAsync(field, new Memory<string?>(texts)),
            _ => throw new NotSupportedException(typeof(T).Name),
        };
        done.AsTask().GetAwaiter().GetResult();
        return values;
    }

    private static IReadOnlyList<string>[] ReadCaptions(ParquetRowGroupReader group, DataField field, int rows)
    {
        if (field.MaxRepetitionLevel == 0)
        {
            return [.. ReadFlat<string>(group, field, rows).Select(c => string.IsNullOrEmpty(c) ? Array.Empty<string>() : new[] { c })];
        }

        // Parquet lists: a row starts at repetition level 0, and a value exists if the definition level is maximal.
        using RawColumnData raw = group.ReadRawColumnDataBaseAsync(field).AsTask().GetAwaiter().GetResult();
        Span<ReadOnlyMemory<char>> texts = ((RawColumnData<ReadOnlyMemory<char>>)raw).Values;
        var captions = new List<string>[rows];
        int row = -1, text = 0;
        for (int i = 0; i < raw.RepetitionLevels.Length; i++)
        {
            if (raw.RepetitionLevels[i] == 0)
            {
                captions[++row] = [];
            }

            if (raw.DefinitionLevels[i] == field.MaxDefinitionLevel && texts[text++] is { Length: > 0 } caption)
            {
                captions[row].Add(caption.ToString());
            }
        }

        return captions;
    }

    private sealed record Opened(ParquetStream Stream, ParquetReader Reader, ParquetColumns Columns) : IDisposable
    {
        public void Dispose()
        {
            Reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
            Stream.Dispose();
        }
    }
}
