using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Rows;

/// <summary>Reads pictures from a column of paths, file bytes or images; what it returns stays valid when the cursor moves.</summary>
internal sealed class PictureColumn
{
    private readonly ValueGetter<ReadOnlyMemory<char>>? _text;
    private readonly ValueGetter<VBuffer<byte>>? _bytes;
    private readonly ValueGetter<MLImage>? _image;
    private readonly (byte Red, byte Green, byte Blue) _background;
    private ReadOnlyMemory<char> _path;
    private VBuffer<byte> _buffer;
    private MLImage? _current;

    public PictureColumn(DataViewRow input, string name, PhotoDecodingOptions decoding)
    {
        DataViewSchema.Column column = input.Schema[name];
        _background = decoding.BackgroundColour();
        switch (column.Type)
        {
            case TextDataViewType:
                _text = input.GetGetter<ReadOnlyMemory<char>>(column);
                break;
            case VectorDataViewType:
                _bytes = input.GetGetter<VBuffer<byte>>(column);
                break;
            default:
                _image = input.GetGetter<MLImage>(column);
                break;
        }
    }

    /// <summary>Whether the column holds images.</summary>
    public bool IsImage => _image is not null;

    /// <summary>Reads the row's picture; an empty one is an error later, when it is decoded.</summary>
    public (string? Path, ReadOnlyMemory<byte> Bytes, Photo? Photo) Read()
    {
        if (_text is not null)
        {
            _text(ref _path);
            string path = _path.ToString();
            return (path.Length == 0 ? null : path, default, null);
        }

        if (_bytes is not null)
        {
            _bytes(ref _buffer);
            return (null, _buffer.Length == 0 ? default(ReadOnlyMemory<byte>) : _buffer.DenseValues().ToArray(), null);
        }

        _image!(ref _current!);
        return (null, default, _current is null ? null : MLImages.ToPhoto(_current, _background));
    }
}

/// <summary>Reads captions from a column of text or of vectors of text.</summary>
internal sealed class CaptionColumn
{
    private readonly ValueGetter<ReadOnlyMemory<char>>? _text;
    private readonly ValueGetter<VBuffer<ReadOnlyMemory<char>>>? _vector;
    private ReadOnlyMemory<char> _caption;
    private VBuffer<ReadOnlyMemory<char>> _values;

    public CaptionColumn(DataViewRow input, string name)
    {
        DataViewSchema.Column column = input.Schema[name];
        if (column.Type is VectorDataViewType)
        {
            _vector = input.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column);
        }
        else
        {
            _text = input.GetGetter<ReadOnlyMemory<char>>(column);
        }
    }

    public IReadOnlyList<string> Read()
    {
        if (_vector is null)
        {
            _text!(ref _caption);
            return _caption.IsEmpty ? [] : [_caption.ToString()];
        }

        _vector(ref _values);
        return [.. _values.DenseValues().Where(c => !c.IsEmpty).Select(c => c.ToString())];
    }
}
