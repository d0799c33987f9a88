namespace Inpaint.Scenes;

/// <summary>A generated picture with its caption and subject box.</summary>
/// <param name="Photo">The square picture.</param>
/// <param name="Caption">One sentence: the subject's kind, colour and position, the setting and the sky.</param>
/// <param name="Box">The subject's bounding box in pixels, mostly within the centre half of the picture.</param>
public sealed record Scene(Photo Photo, string Caption, PixelRect Box);
