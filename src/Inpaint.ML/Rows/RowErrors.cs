
using Inpaint.Onnx.Inpainting;
using Inpaint.Onnx.Runtime;
using Inpaint.Photos;

namespace Inpaint.ML.Rows;

/// <summary>What ends a pass at a bad row: the row's position and, where it has one, its file.</summary>
internal static class RowErrors
{
    public static Exception Named(InpaintingRow row, long position, Exception error)
    {
        // Rows without a file are called by their position already.
        string found = error.Message.Contains(row.Name, StringComparison.Ordinal) ? error.Message : $"{row.Name}: {error.Message}";
        string message = row.Path is null ? found : $"Row {position}: {found}";
        return error is GraphException ? new GraphException(message, error) : new PhotoException(message, error);
    }
}
