using System.Buffers.Binary;

namespace Inpaint.Datasets;

/// <summary>
/// Wraps a Parquet file so that Parquet.Net can read it safely: reading beyond the end is an error (Parquet.Net would loop forever), the
/// footer is checked on opening, and the header of each page before its first byte is returned (only headers are read byte by byte).
/// </summary>
internal sealed class ParquetStream : Stream
{
    private readonly FileStream _file;
    private long _checkedFrom, _checkedTo;

    /// <exception cref="InvalidDataException">The file is not a Parquet file, or is truncated.</exception>
    public ParquetStream(string path)
    {
        _file = File.OpenRead(path);
        try
        {
            Span<byte> tail = stackalloc byte[8];
            if (_file.Length < 12)
            {
                throw new InvalidDataException($"it has {_file.Length} bytes, too few for a Parquet file");
            }

            _file.Seek(-8, SeekOrigin.End);
            _file.ReadExactly(tail);
            long footer = _file.Length - 8 - BinaryPrimitives.ReadUInt32LittleEndian(tail);
            if (!tail[4..].SequenceEqual("PAR1"u8) || footer < 4)
            {
                throw new InvalidDataException("it does not end with a Parquet footer");
            }

            _file.Position = footer;
            new ParquetCheck(_file, _file.Length - 8).Check(ParquetStructs.Footer);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _file.Length;

    public override long Position { get => _file.Position; set => _file.Position = value; }

    public override int ReadByte()
    {
        long at = _file.Position;
        if (at < _checkedFrom || at >= _checkedTo)
        {
            new ParquetCheck(_file, Length).Check(ParquetStructs.PageHeader);
            (_checkedFrom, _checkedTo) = (at, _file.Position);
            _file.Position = at;
        }

        return _file.ReadByte();
    }

    public override int Read(Span<byte> buffer) => Some(_file.Read(buffer), buffer.Length);

    public override int Read(byte[] buffer, int offset, int count) => Some(_file.Read(buffer, offset, count), count);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Some(await _file.ReadAsync(buffer, cancellationToken).ConfigureAwait(false), buffer.Length);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => _file.Seek(offset, origin);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
        }

        base.Dispose(disposing);
    }

    private static int Some(int read, int wanted) =>
        read > 0 || wanted == 0 ? read : throw new InvalidDataException("it ends before its pages do");
}
