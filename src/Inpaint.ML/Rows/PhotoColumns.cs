using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Inpaint.ML.Rows;

/// <summary>Reads the photo and the mask of the current row into an <see cref="InpaintingRow"/>.</summary>
internal sealed class PhotoColumns(DataViewRow input, string photo, string? mask, PhotoDecodingOptions decoding)
{
    private readonly PictureColumn _photo = new(input, photo, decoding);
    private readonly PictureColumn? _mask = mask is null ? null : new PictureColumn(input, mask, decoding);

    /// <summary>The type of a column of photos: images, or files' bytes if there is a format.</summary>
    public static DataViewType TypeOf(PhotoFormat? format) =>
        format is null ? new ImageDataViewType() : new VectorDataViewType(NumberDataViewType.Byte);

    /// <summary>Replaces the row. A row without a file is named after its position.</summary>
    public void Read(InpaintingRow row)
    {
        row.Clear();
        (row.Path, row.Bytes, row.Photo) = _photo.Read();
        row.Name = row.Path ?? $"row {input.Position}";
        if (_mask is not null)
        {
            (row.MaskPath, row.MaskBytes, row.MaskPhoto) = _mask.Read();
        }
    }

    /// <summary>Reads and decodes the row's photo and hole.</summary>
    /// <returns>
    /// Null for a photo that cannot be decoded, if rows may fail, and for a missing image, which an earlier transform has reported.
    /// </returns>
    public (Photo Photo, Hole Hole)? Decode(InpaintingRow row, PhotoProcessor processor)
    {
        Read(row);
        if (row.Photo is null && _photo.IsImage)
        {
            return null;
        }

        (Photo, Hole)? decoded = processor.Decode(row);
        return row.Exception is { } error && processor.Options.OnError == OnError.Fail
            ? throw ErrorOf(row, input.Position, error)
            : decoded;
    }

    /// <summary>The error of a transform of ML.NET that reads the image of a bad row.</summary>
    public static Exception NoImage(InpaintingRow row, long position, Exception? error)
    {
        string advice = "The row has no image, which ML.NET's image transforms require: set BlankBadRows, or remove such rows with "
            + "ml.Data.FilterFailedRows.";
        return error is null
            ? new PhotoException($"Row {position}: {row.Name} has no image, as an earlier step has reported. {advice}")
            : new PhotoException($"{ErrorOf(row, position, error).Message} {advice}", error);
    }

    /// <summary>The error that ends a pass at a bad row, with the row's position and file.</summary>
    public static Exception ErrorOf(InpaintingRow row, long position, Exception error)
    {
        string found = error.Message.Contains(row.Name, StringComparison.Ordinal) ? error.Message : $"{row.Name}: {error.Message}";
        string message = row.Path is null ? found : $"Row {position}: {found}";
        return error is GraphException ? new GraphException(message, error) : new PhotoException(message, error);
    }
}
