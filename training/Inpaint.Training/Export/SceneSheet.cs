
namespace Inpaint.Training.Export;

/// <summary>A picture of scenes that a graph completes: hole, completion, truth.</summary>
internal static class SceneSheet
{
    private const int Scenes = 12, Across = 3;
    private const ulong Seed = 2026;

    /// <summary>The sheet as PNG.</summary>
    public static byte[] Make(byte[] model, GraphManifest manifest)
    {
        EvaluationPicture seen = EvaluationPicture.Of(manifest);
        var picture = new PictureConfig { Size = seen.Width, Hole = seen.Hole!.Value.Width };
        var sheet = new ValidationSheet(picture, Scenes, Across);
        int index = 0;
        using var scenes = new SceneDataset(Scenes, picture.Size, Seed);
        var graph = new EvaluatedGraph(manifest.Name, GraphPackage.FromBytes(model, manifest.ToJson(), manifest.Name));
        Evaluator.Run(scenes, [graph], new EvaluationOptions
        {
            Observe = photo =>
                sheet.Add(index++, photo.Pictures[0].Truth, photo.Pictures[0].Fills.First(f => f.Key == manifest.Name).Value),
        });
        return sheet.Encode();
    }
}
