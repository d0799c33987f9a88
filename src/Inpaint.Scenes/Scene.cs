using Inpaint.Photos;

namespace Inpaint.Scenes;

/// <summary>A drawn picture and what is known of it.</summary>
/// <param name="Photo">The square picture.</param>
/// <param name="Caption">One sentence: the thing's kind, colour and place, the setting, the sky.</param>
/// <param name="Box">The thing's bounding box in pixels, mostly within the picture's centre half.</param>
public sealed record Scene(Photo Photo, string Caption, PixelRect Box);
