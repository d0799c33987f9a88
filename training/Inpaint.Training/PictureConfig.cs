namespace Inpaint.Training;

/// <summary>The picture that a network fills: a square with a square hole at its centre.</summary>
internal sealed record PictureConfig
{
    /// <summary>Side of the picture in pixels, a multiple of 16, for some networks of 32. Default 64.</summary>
    public int Size { get; init; } = 64;

    /// <summary>Side of the hole in pixels: half of the picture's. Default 32.</summary>
    public int Hole { get; init; } = 32;

    /// <summary>First hidden row and column.</summary>
    internal int Margin => (Size - Hole) / 2;

    internal PixelRect Rect => new(Margin, Margin, Hole, Hole);
}
