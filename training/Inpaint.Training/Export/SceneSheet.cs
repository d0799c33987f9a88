using Inpaint.Onnx;

namespace Inpaint.Training;

/// <summary>A sheet of scenes that a graph completed: hole, fill, truth, several across.</summary>
internal static class SceneSheet
{
    private const int Scenes = 12, Across = 3;
    private const ulong Seed = 2026;

    /// <summary>The sheet as PNG.</summary>
    public static byte[] Make(byte[] model, GraphManifest manifest)
    {
        var picture = new PictureConfig { Size = manifest.Size.Width!.Value, Hole = manifest.Hole.Width!.Value };
        var sheet = new ValidationSheet(picture, Scenes, Across);
        int index = 0;
        using var scenes = new SceneDataset(Scenes, picture.Size, Seed);
        Evaluator.Run(scenes, [new EvaluatedGraph(manifest.Name, GraphPackage.FromBytes(model, manifest.ToJson(), manifest.Name))], new EvaluationOptions
        {
            Observe = photo => sheet.Add(index++, photo.Pictures[0].Truth, photo.Pictures[0].Fills.First(f => f.Key == manifest.Name).Value),
        });
        return sheet.Encode();
    }
}
