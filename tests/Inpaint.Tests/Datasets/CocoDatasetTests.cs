using System.Text;
using Inpaint.TestSupport;

namespace Inpaint.Tests.Datasets;

public sealed class CocoDatasetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_mini_set_has_190_photos_and_950_captions()
    {
        using IPhotoDataset dataset = DatasetFormats.Files.Open(Places.SharedData("coco-mini"));
        PhotoRecord[] rows = [.. dataset.Read()];
        Assert.Equal(190, dataset.Count);
        Assert.Equal(190, rows.Length);
        Assert.Equal(950, rows.Sum(row => row.Captions.Count));
        Assert.Equal("val2017/000000005802.jpg", rows[0].Id);
        Assert.Equal("Two men wearing aprons working in a commercial-style kitchen.", rows[0].Captions[0]);
        Photo photo = rows[0].Decode();
        Assert.Equal((640, 479), (photo.Width, photo.Height));
    }

    [Fact]
    public void Captions_keep_the_order_of_the_file_whichever_section_is_first()
    {
        Annotate("val2017", """
            {"annotations": [{"image_id": 2, "id": 9, "caption": "Two, nine."}, {"id": 1, "caption": "One, one.", "image_id": 1},
                             {"image_id": 2, "id": 3, "caption": "Two, three."}, {"image_id": 77, "id": 4, "caption": "Of no photo."}],
             "info": {"images": [{"id": 5, "file_name": "no.jpg"}], "id": 1}, "licenses": [{"id": 1, "name": "x"}],
             "images": [{"file_name": "b.jpg", "id": 2, "extra": {"id": 8, "file_name": "no.jpg"}},
                        {"id": 1, "file_name": "a.jpg", "tags": [1, [2]]}, {"id": 3, "file_name": "c.jpg"}]}
            """);
        using IPhotoDataset dataset = DatasetFormats.Files.Open(_folder.Path);
        Assert.Equal(
            ["val2017/b.jpg: Two, nine.|Two, three.", "val2017/a.jpg: One, one.", "val2017/c.jpg: "],
            dataset.Read().Select(row => $"{row.Id}: {string.Join('|', row.Captions)}"));
    }

    [Fact]
    public void Each_annotation_file_is_used_for_its_folder()
    {
        Annotate("val2014", """{"images": [{"id": 1, "file_name": "v.jpg"}], "annotations": [{"image_id": 1, "caption": "V."}]}""");
        Annotate("train2014", """{"images": [{"id": 1, "file_name": "t.jpg"}], "annotations": [{"image_id": 1, "caption": "T."}]}""");
        using IPhotoDataset dataset = DatasetFormats.Files.Open(_folder.Path);
        Assert.Equal(2, dataset.Count);
        Assert.Equal(["train2014/t.jpg T.", "val2014/v.jpg V."], dataset.Read().Select(row => $"{row.Id} {row.Captions[0]}"));
    }

    [Fact]
    public void A_file_larger_than_the_buffer_is_read_completely()
    {
        const int Photos = 5000;
        var json = new StringBuilder("{\"images\": [");
        json.AppendJoin(',', Enumerable.Range(0, Photos).Select(i => $"{{\"id\": {i}, \"file_name\": \"{i}.jpg\"}}"));
        json.Append("], \"annotations\": [");
        json.AppendJoin(
            ',', Enumerable.Range(0, 2 * Photos)
                .Select(i => $"{{\"image_id\": {i % Photos}, \"id\": {i}, \"caption\": \"{i}: {new string('ä', i % 97)}\"}}"));
        json.Append(", {\"image_id\": 0, \"caption\": \"").Append('x', 200_000).Append("\"}]}");
        Annotate("val2017", json.ToString());
        using IPhotoDataset dataset = DatasetFormats.Files.Open(_folder.Path);
        PhotoRecord[] rows = [.. dataset.Read()];
        Assert.Equal(Photos, rows.Length);
        Assert.Equal(200_000, rows[0].Captions[2].Length);
        Assert.Equal([$"4321: {new string('ä', 4321 % 97)}", $"9321: {new string('ä', 9321 % 97)}"], rows[4321].Captions);
    }

    [Fact]
    public void A_missing_picture_folder_is_named_in_the_error_in_the_error()
    {
        Annotate("val2017", """{"images": [{"id": 1, "file_name": "a.jpg"}], "annotations": []}""");
        Directory.Delete(_folder.File("val2017"));
        var error = Assert.Throws<DatasetException>(() => DatasetFormats.Files.Open(_folder.Path));
        Assert.Contains(_folder.File("val2017"), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"images": [{"id": 1, "file_name": "a.jpg"}""", "not valid JSON")]
    [InlineData("""{"images": [{"id": 1}]}""", "without 'file_name'")]
    [InlineData("""{"images": [{"id": "x", "file_name": "a.jpg"}]}""", "'id' in 'images' that is not an integer")]
    [InlineData("""{"images": [{"id": 1, "file_name": "../a.jpg"}]}""", "'../a.jpg'")]
    [InlineData("""{"images": [{"id": 1, "file_name": "a.jpg"}, {"id": 2, "file_name": "a.jpg"}]}""", "'a.jpg' more than once")]
    [InlineData("""{"images": [], "annotations": []}""", "lists no photos")]
    [InlineData(
        """{"images": [{"id": 1, "file_name": "a.jpg"}], "annotations": [{"image_id": 1, "bbox": [1, 2, 3, 4]}]}""", "without 'caption'")]
    public void Invalid_annotations_are_errors_with_file_and_reason(string json, string reason)
    {
        Annotate("val2017", json);
        var error = Assert.Throws<DatasetException>(() => DatasetFormats.Files.Open(_folder.Path));
        Assert.Contains("captions_val2017.json", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Invalid_utf8_and_lone_surrogates_are_errors_that_name_the_file()
    {
        foreach (byte[] name in (byte[][])[[0xFF], [0xC3], [.. "\\ud800"u8], [.. "\\udc00"u8]])
        {
            Annotate("val2017", "");
            File.WriteAllBytes(
                _folder.File("annotations/captions_val2017.json"),
                [.. "{\"images\": [{\"id\": 1, \"file_name\": \""u8, .. name, .. "\"}]}"u8]);
            var error = Assert.Throws<DatasetException>(() => DatasetFormats.Files.Open(_folder.Path));
            Assert.Contains("captions_val2017.json' is not valid JSON", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_invalid_file_name_is_a_row_that_cannot_be_read()
    {
        Annotate("val2017", """{"images": [{"id": 1, "file_name": "a\u0000.jpg"}]}""");
        using IPhotoDataset dataset = DatasetFormats.Files.Open(_folder.Path);
        PhotoRecord row = dataset.Read().Single();
        Assert.Equal("unreadable", row.Stamp);
        Assert.Contains("cannot be read", Assert.Throws<PhotoException>(row.ReadBytes).Message, StringComparison.Ordinal);
    }

    private void Annotate(string split, string json)
    {
        Directory.CreateDirectory(_folder.File("annotations"));
        Directory.CreateDirectory(_folder.File(split));
        File.WriteAllText(_folder.File($"annotations/captions_{split}.json"), json);
    }
}
