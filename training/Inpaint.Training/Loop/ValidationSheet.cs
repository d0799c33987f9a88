namespace Inpaint.Training.Loop;

/// <summary>A picture of the first photos of a dataset, each as input, completion and truth.</summary>
internal sealed class ValidationSheet(PictureConfig picture, int photos = 16, int across = 4)
{
    private const int Columns = 3, Gap = 2;

    private readonly Photo _sheet = White(
        across * Columns * (picture.Size + Gap) + (across - 1) * Gap * 3,
        (photos + across - 1) / across * (picture.Size + Gap));

    /// <summary>Adds a photo with the centre hidden, if it is one of the first.</summary>
    public void Add(int index, Photo truth, Photo completed) =>
        Add(index, truth, completed, Mask.Rectangle(truth.Width, truth.Height, picture.Rect));

    /// <summary>Adds a photo with any mask, if it is one of the first.</summary>
    public void Add(int index, Photo truth, Photo completed, Mask hole)
    {
        if (index >= photos)
        {
            return;
        }

        int left = index % across * (Columns * (picture.Size + Gap) + Gap * 3);
        int top = index / across * (picture.Size + Gap);
        Photo hidden = truth.Clone();
        for (int p = 0; p < hole.Pixels.Length; p++)
        {
            if (hole.Pixels[p] != 0)
            {
                hidden.Pixels.Slice(p * 4, 3).Fill(128);
            }
        }

        Put(hidden, left, top);
        Put(completed, left + picture.Size + Gap, top);
        Put(truth, left + 2 * (picture.Size + Gap), top);
    }

    public byte[] Encode() => PhotoCodec.Encode(_sheet);

    private void Put(Photo photo, int left, int top)
    {
        for (int y = 0; y < photo.Height; y++)
        {
            photo.Pixels.Slice(y * photo.Width * 4, photo.Width * 4).CopyTo(_sheet.Pixels[(((top + y) * _sheet.Width + left) * 4)..]);
        }
    }

    private static Photo White(int width, int height)
    {
        var photo = new Photo(width, height);
        photo.Pixels.Fill(255);
        return photo;
    }
}
