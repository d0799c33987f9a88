using Inpaint.Files;
using Inpaint.Scenes;

namespace Inpaint.Benchmarks;

/// <summary>Photos with a mask beside each.</summary>
internal static class MaskedPhotos
{
    private const int SceneSide = 512;

    /// <summary>The mask of a photo.</summary>
    public static string MaskOf(string photo) => Path.ChangeExtension(photo, ".mask.png");

    /// <summary>Writes enlarged scenes with some noise as JPEG, and masks with a square hole.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="sizes">Columns, rows and the side of the hole.</param>
    public static PhotoFiles Draw(string folder, params IReadOnlyList<(int Width, int Height, int Hole)> sizes)
    {
        var paths = new List<string>();
        foreach ((int width, int height, int side) in sizes)
        {
            Photo photo = WindowSampler.Resize(SceneGenerator.Draw(paths.Count, SceneSide).Photo, width, height);
            var random = new Random(paths.Count);
            for (int i = 0; i < photo.Pixels.Length; i += 4)
            {
                photo.Pixels[i] = (byte)Math.Clamp(photo.Pixels[i] + random.Next(-8, 9), 0, 255);
            }

            string path = Path.Combine(folder, paths.Count.ToString("D3", CultureInfo.InvariantCulture) + ".jpg");
            var mask = new Photo(width, height);
            for (int y = height / 3; y < (height / 3) + side; y++)
            {
                mask.Pixels.Slice(4 * ((y * width) + (width / 3)), 4 * side).Fill(255);
            }

            AtomicFile.Write(path, PhotoCodec.Encode(photo, PhotoFormat.Jpeg));
            AtomicFile.Write(MaskOf(path), PhotoCodec.Encode(mask));
            paths.Add(path);
        }

        return new("JPEG with a mask", paths);
    }
}

/// <summary>Completes masked photos one by one, from files to PNG, like <c>inpaint score</c>; the first pass loads the graph.</summary>
internal sealed class MaskedScoring(string graphFolder) : IContender
{
    private readonly Lazy<(Inpainter Inpainter, InpaintingWorker Worker)> _scoring = new(() =>
    {
        var inpainter = new Inpainter(GraphPackage.Load(graphFolder), new InpaintingOptions
        {
            Execution = new() { Device = "cpu" },
            Output = new() { Format = PhotoFormat.Png },
        });
        return (inpainter, inpainter.CreateWorker());
    });

    public int Run(IEnumerable<string> paths)
    {
        int rows = 0;
        var row = new InpaintingRow { RecyclesCompleted = true };
        foreach (string path in paths)
        {
            row.Clear();
            (row.Name, row.Path, row.MaskPath) = (path, path, MaskedPhotos.MaskOf(path));
            _scoring.Value.Worker.Run([row]);
            row.ThrowIfFailed();
            rows++;
        }

        return rows;
    }

    public void Dispose()
    {
        if (_scoring.IsValueCreated)
        {
            _scoring.Value.Worker.Dispose();
            _scoring.Value.Inpainter.Dispose();
        }
    }
}
