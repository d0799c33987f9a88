using Inpaint.Scenes;

namespace Inpaint.Web.Tests;

/// <summary>Photos for requests, and assertions about responses.</summary>
internal static class Photos
{
    public static Photo Scene(int index = 1, int size = 64) => SceneGenerator.Draw(index, size).Photo;

    public static byte[] Png(int index = 1, int size = 64) => PhotoCodec.Encode(Scene(index, size));

    /// <summary>Asserts that the hole has one color, and everything else equals the photo.</summary>
    public static void AssertFilled(Photo photo, Photo answer, Func<int, int, bool> hidden, (byte R, byte G, byte B) color)
    {
        Assert.Equal((photo.Width, photo.Height), (answer.Width, answer.Height));
        for (int y = 0; y < photo.Height; y++)
        {
            for (int x = 0; x < photo.Width; x++)
            {
                int at = 4 * ((y * photo.Width) + x);
                (byte, byte, byte) found = (answer.Pixels[at], answer.Pixels[at + 1], answer.Pixels[at + 2]);
                (byte, byte, byte) expected = hidden(x, y) ? color : (photo.Pixels[at], photo.Pixels[at + 1], photo.Pixels[at + 2]);
                if (found != expected)
                {
                    Assert.Fail($"Pixel {x},{y} is {found}; expected {expected}.");
                }
            }
        }
    }

    public static bool InCenter(int x, int y) => x is >= 16 and < 48 && y is >= 16 and < 48;

    public static async Task<Photo> Picture(HttpResponseMessage response)
    {
        byte[] body = await response.Content.ReadAsByteArrayAsync();
        Assert.True(response.IsSuccessStatusCode, System.Text.Encoding.UTF8.GetString(body));
        Assert.Equal("image/png", response.Content.Headers.ContentType?.MediaType);
        return PhotoCodec.Decode(body);
    }
}
