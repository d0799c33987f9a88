using Inpaint.Graphs;
using Inpaint.Holes;
using Inpaint.Onnx.Inpainting;
using Inpaint.Photos;
using Microsoft.ML;

namespace Inpaint.ML.Rows;

/// <summary>Reads a row's photo and hole, for transformers that work row by row.</summary>
internal sealed class PhotoRowReader
{
    private readonly DataViewRow _input;
    private readonly PictureColumn _photo;
    private readonly PictureColumn? _mask;
    private readonly InpaintingOptions _options;
    private readonly PhotoDecodingOptions _decoding;
    private readonly PhotoDecodingOptions _reducedDecoding;
    private readonly InpaintingRow _row = new();

    public PhotoRowReader(DataViewRow input, string photo, string? mask, InpaintingOptions options, GraphManifest manifest, string verb)
    {
        _input = input;
        _options = options;
        _decoding = options.Decoding;
        _reducedDecoding = options.Output.Region == OutputRegion.Window ? Inpainter.Reduce(_decoding, manifest.Size) : _decoding;
        _photo = new PictureColumn(input, photo, _decoding, verb);
        _mask = mask is null ? null : new PictureColumn(input, mask, _decoding, verb);
    }

    public void Capture()
    {
        _row.Clear();
        _row.Name = $"row {_input.Position}";
        _photo.ReadPhoto(_row);
        _mask?.ReadMask(_row);
    }

    /// <summary>The photo and its hole; null for a row without a photo, or with a bad one where rows may fail.</summary>
    public (Photo Photo, Hole Hole)? Read()
    {
        bool missing = _row.Photo is null && _row.Path is null && _row.Bytes.IsEmpty;
        if (missing && _photo.IsImage)
        {
            // An earlier transform has already said why.
            return null;
        }

        try
        {
            Photo photo = _row.DecodePhoto(_row.HasHole ? _decoding : _reducedDecoding);
            Hole hole = _row.DecodeHole(photo, _options.Fill.MaskPolarity, _decoding);
            hole.CheckFits(photo);
            return (photo, hole);
        }
        catch (Exception e) when (e is PhotoException or InpaintingRowException)
        {
            return _options.OnError == OnError.Row ? null : throw RowErrors.Named(_row, _input.Position, e);
        }
    }
}
