using Inpaint.ML;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace ExistingApp;

/// <summary>
/// The second process: uses the saved file and ML.NET, and no type of another package except the extension method <c>WithGraph</c>.
/// </summary>
internal static class SavedAlbum
{
    public static void Sort(string modelFile, string list, string? graph)
    {
        #region load
        var ml = new MLContext();
        ITransformer model = ml.Model.Load(modelFile, out _);
        if (graph is not null)
        {
            model = model.WithGraph(graph); // another graph; nothing is fitted or compiled again
        }

        using var engine = ml.Model.CreatePredictionEngine<Picture, Sorted>(model);
        #endregion
        IDataView album = ml.Data.LoadFromTextFile<Picture>(list, separatorChar: ',', hasHeader: true, allowQuoting: true);
        Console.WriteLine($"Loaded {modelFile} in process {Environment.ProcessId}{(graph is null ? "" : $", with the graph {graph}")}.");
        foreach (Picture picture in ml.Data.CreateEnumerable<Picture>(album, reuseRowObject: false))
        {
            Console.WriteLine($"  group {engine.Predict(picture).Group}  {Path.GetFileName(picture.ImagePath)}  {picture.Caption}");
        }

        string folder = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(modelFile))!, "completed");
        Directory.CreateDirectory(folder);
        IDataView sorted = model.Transform(album);
        int count = 0;
        foreach ((string path, MLImage completed) in sorted.GetColumn<string>("ImagePath").Zip(sorted.GetColumn<MLImage>("Completed")))
        {
            using (completed)
            {
                completed.Save(Path.Combine(folder, Path.GetFileNameWithoutExtension(path) + ".png"));
                count++;
            }
        }

        Console.WriteLine($"Wrote {count} completed pictures to {folder}.");
    }
}
