namespace Inpaint.Fuzz;

/// <summary>MSCOCO's annotations.</summary>
internal static class CocoTarget
{
    private static readonly Lazy<Scratch> Folder = new(Make);

    public static FuzzTarget Target { get; } = new("coco", Read, Seeds, BytesPerByte: 1000);

    private static void Read(byte[] json)
    {
        Folder.Value.Write("annotations/captions_val.json", json);
        Rows.Read(() => DatasetFormats.Files.Open(Folder.Value.Folder), withPictures: true, idsAreSafe: true);
    }

    private static Scratch Make()
    {
        var folder = new Scratch();
        folder.Write("val/a.jpg", [1]);
        return folder;
    }

    private static IEnumerable<(string, byte[])> Seeds()
    {
        yield return ("all", """
            {"info": {"images": [{"id": 5, "file_name": "no.jpg"}], "id": 1}, "licenses": [{"id": 1}],
             "images": [{"file_name": "a.jpg", "id": 2, "extra": {"id": 8, "file_name": "no.jpg"}},
                        {"id": 1, "file_name": "b/\u00e4\ud83d\ude00.jpg", "tags": [1, [2]]}],
             "annotations": [{"image_id": 2, "id": 9, "caption": "Two, nine."}, {"id": 1, "caption": "One, one.", "image_id": 1},
                             {"image_id": 2, "id": 3, "caption": "Two, three."}]}
            """u8.ToArray());
        yield return ("small", "{\"annotations\":[],\"images\":[{\"id\":1,\"file_name\":\"a.jpg\"}]}"u8.ToArray());
    }
}
