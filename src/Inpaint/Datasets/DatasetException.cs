using Inpaint.Photos;

namespace Inpaint.Datasets;

/// <summary>
/// A dataset cannot be opened or read. The message names the file and, if applicable, the line. A single bad photo is a
/// <see cref="PhotoException"/>.
/// </summary>
public sealed class DatasetException(string message, Exception? innerException = null) : InpaintException(message, innerException);
