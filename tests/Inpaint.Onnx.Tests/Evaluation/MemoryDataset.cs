namespace Inpaint.Onnx.Tests;

/// <summary>Photos made in the test.</summary>
internal sealed class MemoryDataset(params MemoryDataset.Item[] items) : IPhotoDataset
{
    public string Name => "memory";

    public long? Count => items.Length;

    public IEnumerable<PhotoRecord> Read() => items.Select((item, i) => new PhotoRecord
    {
        Id = $"{i}.png",
        Stamp = "",
        Captions = item.Captions,
        Box = item.Box,
        Read = () => item.Photo is null ? [1, 2, 3] : PhotoCodec.Encode(item.Photo),
    });

    public void Dispose()
    {
    }

    /// <summary>A photo of one colour, with another in its box.</summary>
    public static Item Plain(byte red, byte green, byte blue, string? caption = null, PixelRect? box = null,
        (byte Red, byte Green, byte Blue)? boxColour = null, int width = 64, int height = 64)
    {
        var photo = new Photo(width, height);
        for (int i = 0; i < width * height; i++)
        {
            bool inBox = boxColour is not null && box!.Value.Contains(i % width, i / width);
            (photo.Pixels[4 * i], photo.Pixels[(4 * i) + 1], photo.Pixels[(4 * i) + 2]) = inBox ? boxColour!.Value : (red, green, blue);
        }

        return new Item(photo, caption is null ? [] : [caption], box);
    }

    /// <summary>A photo that cannot be decoded.</summary>
    public static Item Broken(string? caption = null) => new(null, caption is null ? [] : [caption], null);

    internal sealed record Item(Photo? Photo, IReadOnlyList<string> Captions, PixelRect? Box);
}
