namespace Inpaint.Fuzz;

/// <summary>A captions file: one JSON object per line.</summary>
internal static class CaptionFileTarget
{
    private static readonly Lazy<Scratch> Folder = new(() => new Scratch());

    public static FuzzTarget Target { get; } = new("captions.jsonl", Read, Seeds, BytesPerByte: 1000);

    private static void Read(byte[] lines)
    {
        string file = Folder.Value.Write("captions.jsonl", lines);
        Rows.Read(() => new FileListDataset(["a.jpg", "x/b.jpg", "y/b.jpg"], file), withPictures: false, idsAreSafe: true);
    }

    private static IEnumerable<(string, byte[])> Seeds()
    {
        yield return ("all", """
            {"file": "a.jpg", "captions": ["A dog.", "Ein Hund: \u00e4 \ud83d\ude00."], "licence": {"x": 1}, "box": [1, 2, 3.5, 4]}
            {"caption": "A cat.", "file": "./x/b.jpg", "box": null}

            {"file": "a.jpg", "caption": "Two.", "captions": null}
            """u8.ToArray());
        yield return ("wrong", "{\"file\": \"\", \"captions\": [3], \"box\": [1e9, -2, true]}\n[1]\n"u8.ToArray());
    }
}
