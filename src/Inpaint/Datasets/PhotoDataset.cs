using Inpaint.Scenes;

namespace Inpaint.Datasets;

/// <summary>Opens photos with captions from wherever they are.</summary>
public static class PhotoDataset
{
    internal const string Folder = "folder", Zip = "zip", Parquet = "parquet", Scenes = "scenes";

    private static readonly string[] PictureExtensions = [".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif"];

    /// <summary>
    /// Opens, in this order of recognition: <c>scenes:COUNT[:SIZE[:SEED]]</c> (pictures drawn on demand; 64 pixels and seed 1 when left out);
    /// a <c>.zip</c> of pictures; a <c>.parquet</c> file, or a folder of them (a column of encoded pictures <c>image</c>, <c>image.bytes</c> or
    /// <c>bytes</c>, or of paths <c>path</c> relative to the file; optional <c>caption</c>, or <c>captions</c> as a list, and <c>id</c>);
    /// a folder in MSCOCO's own layout (<c>annotations/captions_val2017.json</c> and <c>val2017/</c>);
    /// a folder of pictures, searched to any depth.
    /// </summary>
    /// <param name="spec">What to open.</param>
    /// <param name="captionFile">
    /// A file with one JSON object a line (<c>file</c>; <c>captions</c> or <c>caption</c>; optional <c>box</c>) to use instead of the dataset's own captions.
    /// Null takes what is there: <c>NAME.jsonl</c> or <c>captions.jsonl</c> beside or inside a zip, <c>captions.jsonl</c> in a folder, or MSCOCO's annotations.
    /// </param>
    /// <exception cref="DatasetException">None of these, or damaged; the message says what was found, what was expected and what to do.</exception>
    public static IPhotoDataset Open(string spec, string? captionFile = null) => OpenAny(spec, captionFile, withPictures: true);

    /// <summary>The same, for what it lists: of Parquet files the pictures are not read, and reading a photo is an error.</summary>
    internal static IPhotoDataset OpenList(string spec, string? captionFile) => OpenAny(spec, captionFile, withPictures: false);

    /// <summary>The same, for a job: captions that lie in files of their own are not looked for, and errors of photos do not say where the dataset lies.</summary>
    internal static IPhotoDataset OpenForJob(string spec) => KindOf(spec) switch
    {
        Zip => ZipDataset.OpenForJob(spec),
        Parquet => ParquetDataset.Open(spec, withPlaces: false),
        _ => Open(spec),
    };

    /// <summary>What <see cref="Open"/> takes a path for: a folder (MSCOCO's layout as well), a zip, Parquet files or scenes; null for none of them.</summary>
    internal static string? KindOf(string spec) =>
        SceneDataset.Recognises(spec) ? Scenes
        : ParquetDataset.Recognises(spec) ? Parquet
        : Directory.Exists(spec) ? Folder
        : File.Exists(spec) && IsZip(spec) ? Zip : null;

    private static bool IsZip(string path) => System.IO.Path.GetExtension(path).Equals(".zip", StringComparison.OrdinalIgnoreCase);

    private static IPhotoDataset OpenAny(string spec, string? captionFile, bool withPictures)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(spec);
        if (SceneDataset.Recognises(spec))
        {
            return captionFile is null
                ? SceneDataset.Parse(spec)
                : throw new DatasetException($"'{spec}' brings its own captions; leave the caption file '{captionFile}' out, or open a folder or zip with it.");
        }

        if (ParquetDataset.Recognises(spec))
        {
            return captionFile is null
                ? ParquetDataset.Open(spec, withPictures)
                : throw new DatasetException($"'{spec}' brings its own captions; leave the caption file '{captionFile}' out.");
        }

        if (Directory.Exists(spec))
        {
            return captionFile is null && CocoDataset.Recognises(spec) ? CocoDataset.Open(spec) : FolderDataset.Open(spec, captionFile);
        }

        if (!File.Exists(spec))
        {
            throw new DatasetException($"'{spec}' does not exist; expected {Expected}. Check the spelling.");
        }

        return IsZip(spec)
            ? ZipDataset.Open(spec, captionFile)
            : throw new DatasetException($"'{spec}' is a file that is neither a .zip nor a .parquet; expected {Expected}. Give the folder it lies in.");
    }

    /// <summary>
    /// Picture files named one by one, whatever their names end in. Their ids are their file names; where two files share a name,
    /// the paths of all of them relative to the folder that holds them all.
    /// </summary>
    /// <param name="paths">The files, at least one; a file that is named twice counts once. One that is missing is an error where it is read.</param>
    /// <param name="captionFile">A captions file, as <see cref="Open"/> takes it. Null: no captions.</param>
    /// <exception cref="DatasetException">The captions file cannot be read.</exception>
    public static IPhotoDataset OpenFiles(IReadOnlyList<string> paths, string? captionFile = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentOutOfRangeException.ThrowIfZero(paths.Count, nameof(paths));
        return new FileListDataset(paths, captionFile);
    }

    /// <summary>Whether a name or path ends as pictures do: .jpg, .jpeg, .png, .webp, .bmp or .gif in any case. Datasets take every such file, also one that turns out to be no picture.</summary>
    public static bool IsPictureName(ReadOnlySpan<char> name)
    {
        foreach (string extension in PictureExtensions)
        {
            if (name.Length > extension.Length && name.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether <see cref="Open"/> takes a path as Parquet: a file of that ending, or a folder that holds such files.</summary>
    public static bool IsParquet(string path) => ParquetDataset.Recognises(path);

    internal static string Expected => "scenes:COUNT[:SIZE[:SEED]], a .zip of pictures, a .parquet file, an MSCOCO folder (annotations/captions_*.json) or a folder of pictures";

    internal static string PictureKinds => string.Join(", ", PictureExtensions);
}
