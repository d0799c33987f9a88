namespace Inpaint.Benchmarks;

/// <summary>
/// The files of a comparison of fills: a folder of photos whose hidden pixels are black, one of masks, one of original photos, and one for
/// each contender, with the same names.
/// </summary>
internal static class FillFiles
{
    public const string Photos = "photos";

    public static string Mask(string photo) => Sibling(photo, "masks");

    public static string Truth(string photo) => Sibling(photo, "truth");

    /// <summary>A contender's completed photo; its folder is created.</summary>
    public static string Completed(string photo, string contender)
    {
        string path = Sibling(photo, contender);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    public static Hole HoleOf(string photo) => Hole.FromMask(Inpaint.Holes.Mask.FromPhoto(PhotoCodec.Decode(Mask(photo))));

    private static string Sibling(string photo, string folder) =>
        Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(photo))!, folder, Path.GetFileName(photo));
}

/// <summary>A graph that completes photos one after the other, from file to file, on all cores.</summary>
internal sealed class GraphFill(string graphFolder) : IContender
{
    private readonly Inpainter _inpainter = new(
        GraphPackage.Load(graphFolder),
        new InpaintingOptions { Execution = new() { Device = "cpu", IntraOpThreads = Environment.ProcessorCount } });

    public int Run(IEnumerable<string> paths)
    {
        int rows = 0;
        foreach (string path in paths)
        {
            Photo completed = _inpainter.Complete(PhotoCodec.Decode(path), FillFiles.HoleOf(path));
            File.WriteAllBytes(FillFiles.Completed(path, Path.GetFileName(graphFolder)), PhotoCodec.Encode(completed));
            rows++;
        }

        return rows;
    }

    public void Dispose() => _inpainter.Dispose();
}
