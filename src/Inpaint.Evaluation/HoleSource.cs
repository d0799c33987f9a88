namespace Inpaint.Evaluation;

/// <summary>Chooses the hidden pixels of each photo.</summary>
/// <param name="Name">What the results call it.</param>
/// <param name="Create">
/// The hole of a photo, given as it is evaluated: any shape, at least one pixel hidden and one known. Called from several threads; a
/// <see cref="PhotoException"/> excludes the photo.
/// </param>
public sealed record HoleSource(string Name, Func<PhotoRecord, Photo, Hole> Create)
{
    /// <summary>
    /// Random masks of <see cref="RandomMasks"/>; a photo's mask depends on kind, seed, the photo's id and its size only. The name is the
    /// kind, with the seed such as <c>blobs:1</c> where it matters.
    /// </summary>
    public static HoleSource Random(MaskKind kind, ulong seed = 1) => kind == MaskKind.Centre
        ? new HoleSource("centre", (_, photo) => Hole.Default(photo.Width, photo.Height))
        : new HoleSource($"{kind.ToString().ToLowerInvariant()}:{seed}", (record, photo) => Random(kind, seed, record, photo));

    private static Hole Random(MaskKind kind, ulong seed, PhotoRecord record, Photo photo) =>
        Math.Min(photo.Width, photo.Height) < RandomMasks.SmallestSide
            ? throw new PhotoException($"The photo is evaluated at {photo.Width}x{photo.Height} pixels; random masks need at least "
                + $"{RandomMasks.SmallestSide}x{RandomMasks.SmallestSide}.")
            : Hole.FromMask(RandomMasks.Create(kind, photo.Width, photo.Height, seed, record.Id));
}
