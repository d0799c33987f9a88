using System.Buffers;
using System.Runtime.InteropServices;
using Inpaint.Photos;

namespace Inpaint.Holes;

/// <summary>A picture scaled to a window of a photo, computed row by row on demand.</summary>
internal readonly ref struct ScaledPicture : IDisposable
{
    private readonly Photo _picture;
    private readonly PixelRect _window, _region;
    private readonly bool _isUnscaled;
    private readonly AxisFilter _rows, _columns;
    private readonly float[] _rented;
    private readonly Span<float> _sums;

    /// <param name="picture">The picture.</param>
    /// <param name="window">The window that it is scaled to, in the photo's pixels.</param>
    /// <param name="region">The part of the window to compute; not empty.</param>
    public ScaledPicture(Photo picture, PixelRect window, PixelRect region)
    {
        (_picture, _window, _region) = (picture, window, region);
        _isUnscaled = picture.Width == window.Width && picture.Height == window.Height;
        _rented = [];
        if (!_isUnscaled)
        {
            const UpscalingKernel kernel = UpscalingKernel.Lanczos3;
            _rows = new AxisFilter(0, picture.Height, picture.Height, window.Height, region.Y - window.Y, region.Height, kernel);
            _columns = new AxisFilter(0, picture.Width, picture.Width, window.Width, region.X - window.X, region.Width, kernel);
            int length = 4 * (_columns.End - _columns.First);
            _rented = ArrayPool<float>.Shared.Rent(length);
            _sums = _rented.AsSpan(0, length);
        }
    }

    /// <summary>Prepares row <paramref name="y"/> of the photo for <see cref="Write"/>.</summary>
    public void MoveTo(int y)
    {
        if (_isUnscaled)
        {
            return;
        }

        _sums.Clear();
        int first = _rows.FirstOf(y - _region.Y);
        ReadOnlySpan<float> weights = _rows.Weights(y - _region.Y);
        for (int i = 0; i < weights.Length; i++)
        {
            PixelSums.AddRow(_picture.Pixels.Slice(4 * (((first + i) * _picture.Width) + _columns.First), _sums.Length), weights[i], _sums);
        }
    }

    /// <summary>Writes pixels of the prepared row <paramref name="y"/>, starting at column <paramref name="x"/>.</summary>
    public void Write(int x, int y, Span<uint> pixels)
    {
        if (_isUnscaled)
        {
            ReadOnlySpan<uint> source = MemoryMarshal.Cast<byte, uint>((ReadOnlySpan<byte>)_picture.Pixels);
            source.Slice(((y - _window.Y) * _picture.Width) + x - _window.X, pixels.Length).CopyTo(pixels);
            return;
        }

        for (int i = 0; i < pixels.Length; i++)
        {
            int column = x + i - _region.X;
            pixels[i] = PixelSums.ToPixel(PixelSums.Sum(_sums, _columns.FirstOf(column) - _columns.First, _columns.Weights(column)));
        }
    }

    public void Dispose()
    {
        if (!_isUnscaled)
        {
            _rows.Dispose();
            _columns.Dispose();
            ArrayPool<float>.Shared.Return(_rented);
        }
    }
}
