namespace Inpaint.Photos;

/// <summary>A picture cannot be used: missing, truncated, too large, or not a picture. The message names the file.</summary>
public sealed class PhotoException(string message, Exception? innerException = null) : InpaintException(message, innerException);
