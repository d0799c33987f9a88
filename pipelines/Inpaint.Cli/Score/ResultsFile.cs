using System.Runtime.InteropServices;
using System.Text.Json;
using Inpaint.CommandLine;

namespace Inpaint.Cli.Score;

/// <summary>
/// <c>results.jsonl</c>: rows are appended as photos are finished, each in one write. A killed run leaves complete rows
/// and at most one truncated row at the end, which the next run removes. At the end of a run the file is sorted: one row per photo.
/// </summary>
internal sealed class ResultsFile : IDisposable
{
    public const string FileName = "results.jsonl";

    private readonly Dictionary<UInt128, Entry> _entries = [];
    private readonly string _folder, _path;
    private FileStream _file;
    private int _entered;

    private ResultsFile(string folder)
    {
        _folder = folder;
        _path = Path.Combine(folder, FileName);
        _file = OpenFile();
    }

    /// <summary>Opens or creates a folder's rows.</summary>
    /// <exception cref="FailedException">The file contains something else.</exception>
    public static ResultsFile Open(string folder)
    {
        var results = new ResultsFile(folder);
        try
        {
            results.ReadRows();
            return results;
        }
        catch (Exception)
        {
            results.Dispose();
            throw;
        }
    }

    /// <summary>Adds a photo to this run.</summary>
    /// <returns>The result of an earlier run; null if it was never completed.</returns>
    /// <exception cref="FailedException">The photo is in this run already.</exception>
    public (UInt128 Version, long Bytes)? Enter(string photo)
    {
        ref Entry entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_entries, Fingerprint.Of(photo), out _);
        if (entry.Order > 0)
        {
            throw new FailedException(
                $"Two photos of this run would be written to '{photo}'. Score one of the inputs into a separate folder.");
        }

        entry.Order = ++_entered;
        return entry.Bytes > 0 ? (entry.Version, entry.Bytes) : null;
    }

    /// <summary>Whether a photo's latest row has a picture.</summary>
    public bool HasPicture(string photo) => _entries.TryGetValue(Fingerprint.Of(photo), out Entry entry) && entry.Bytes > 0;

    /// <summary>Appends a photo's row and hands it to the operating system.</summary>
    public void Append(ResultRow row)
    {
        byte[] line = row.ToLine();
        long offset = _file.Seek(0, SeekOrigin.End);
        _file.Write(line);
        Take(row, offset, line.Length);
    }

    /// <summary>
    /// Keeps one row per photo: those of this run in input order, then earlier ones whose pictures still exist.
    /// The file is replaced atomically.
    /// </summary>
    /// <param name="complete">Whether the run reached all its photos; if not, photos that it did not reach keep their rows.</param>
    public void PutInOrder(bool complete)
    {
        List<Entry> rows = [.. _entries.Values.Where(e => e.Length > 0).OrderBy(
            e => e.Order == 0 ? int.MaxValue : e.Order).ThenBy(e => e.Offset)];
        if (complete)
        {
            rows.RemoveAll(e => e.Order == 0 && !IsPictureThere(e));
        }

        long end = 0;
        if (rows.TrueForAll(e => e.Offset == end && (end += e.Length) > 0) && end == _file.Length)
        {
            return;
        }

        AtomicFile.Write(_path, ordered => rows.ForEach(row => ordered.Write(ReadLine(row))));
        _file.Dispose();
        _file = OpenFile();
    }

    public void Dispose() => _file.Dispose();

    private FileStream OpenFile() => new(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);

    private void ReadRows()
    {
        byte[] buffer = new byte[1 << 16];
        int held = 0;
        long start = 0;
        for (int read; (read = _file.Read(buffer, held, buffer.Length - held)) > 0;)
        {
            held += read;
            int used = 0;
            for (int length; (length = buffer.AsSpan(used, held - used).IndexOf((byte)'\n') + 1) > 0; used += length)
            {
                TakeLine(buffer.AsSpan(used, length), start + used);
            }

            buffer.AsSpan(used, held - used).CopyTo(buffer);
            held -= used;
            start += used;
            if (held == buffer.Length)
            {
                Array.Resize(ref buffer, 2 * buffer.Length);
            }
        }

        if (held > 0)
        {
            // The row that a killed run was writing; its photo is completed again.
            _file.SetLength(start);
        }
    }

    private void TakeLine(ReadOnlySpan<byte> line, long offset)
    {
        try
        {
            Take(ResultRow.Parse(line), offset, line.Length);
        }
        catch (JsonException e)
        {
            throw new FailedException(
                $"'{_path}' contains something other than this program's rows (at byte {offset}: {e.Message.Split(" Path:")[0]}). "
                + $"Choose another --out, or remove that line.", e);
        }
    }

    private void Take(ResultRow row, long offset, int length)
    {
        ref Entry entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_entries, Fingerprint.Of(row.Photo), out _);
        entry = entry with { Version = row.Version, Bytes = row.Output is null ? 0 : row.Bytes, Offset = offset, Length = length };
    }

    private byte[] ReadLine(Entry entry)
    {
        var line = new byte[entry.Length];
        _file.Position = entry.Offset;
        _file.ReadExactly(line);
        return line;
    }

    private bool IsPictureThere(Entry entry) =>
        entry.Bytes > 0 && ResultRow.Parse(ReadLine(entry)).Output is { } output && File.Exists(Path.Combine(_folder, output));

    /// <param name="Version">See <see cref="ResultRow.Version"/>.</param>
    /// <param name="Bytes">Length of the completed picture; 0 if none.</param>
    /// <param name="Offset">Offset of its latest row.</param>
    /// <param name="Length">Length of that row in bytes; 0 if none yet.</param>
    /// <param name="Order">Its position in this run, from 1; 0 if it is not part of it.</param>
    private record struct Entry(UInt128 Version, long Bytes, long Offset, int Length, int Order);
}
