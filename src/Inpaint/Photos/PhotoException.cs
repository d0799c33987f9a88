namespace Inpaint.Photos;

/// <summary>
/// A photo or mask cannot be used: missing, truncated, too large, not a picture, or of the wrong size. The message names it.
/// </summary>
public sealed class PhotoException(string message, Exception? innerException = null) : InpaintException(message, innerException);
