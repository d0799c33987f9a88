// Sorts an album: completes pictures whose centre is missing, extracts features and clusters them.
using System.Diagnostics;
using ExistingApp;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

if (AlbumCommand.Parse(args) is not { } command)
{
    return 2;
}

if (command.Help)
{
    Console.WriteLine(AlbumCommand.Usage);
    return 0;
}

if (command.Load is not null)
{
    SavedAlbum.Sort(command.Load, command.List!, command.Graph);
    return 0;
}

string folder = command.Out ?? Directory.CreateTempSubdirectory("album-").FullName;
string list = command.List ?? SampleAlbum.Write(Path.Combine(folder, "photos"), count: 12);
string modelFile = Path.Combine(folder, "album.zip");

#region fit
var ml = new MLContext(seed: 1);
IDataView album = ml.Data.LoadFromTextFile<Picture>(list, separatorChar: ',', hasHeader: true, allowQuoting: true);

var pipeline = ml.Transforms.Text.FeaturizeText("Words", "Caption")
    .Append(ml.Transforms.InpaintPhotos("Completed", "ImagePath", captionColumnName: "Caption")) // the one line
    .Append(ml.Transforms.ResizeImages("Small", 32, 32, "Completed"))
    .Append(ml.Transforms.ConvertToGrayscale("Grey", "Small"))
    .Append(ml.Transforms.ExtractPixels("Pixels", "Grey", ImagePixelExtractingEstimator.ColorBits.Red, scaleImage: 1 / 255f))
    .Append(ml.Transforms.ProjectToPrincipalComponents("Look", "Pixels", rank: 4))
    .Append(ml.Transforms.Concatenate("Features", "Look", "Words"))
    .Append(ml.Clustering.Trainers.KMeans(numberOfClusters: 3));

ITransformer model = pipeline.Fit(album);
ml.Model.Save(model, album.Schema, modelFile);
#endregion
Console.WriteLine($"Fitted on {list} and saved as {modelFile}.");

using (var engine = ml.Model.CreatePredictionEngine<Picture, CompletedPicture>(model))
{
    Picture first = ml.Data.CreateEnumerable<Picture>(album, reuseRowObject: false).First();
    using MLImage completed = engine.Predict(first).Completed!;
    string file = Path.Combine(folder, "first.png");
    completed.Save(file);
    Console.WriteLine($"Completed {first.ImagePath} ({completed.Width}x{completed.Height}) as {file}.");
}

int compared = Steps.CompareWithOneLine(ml, album);
Console.WriteLine($"Step by step, with ApplyOnnxModel in the middle: {compared} pictures, every pixel the same.");

string[] second = [list, "--load", modelFile, .. command.Graph is null ? Array.Empty<string>() : ["--graph", command.Graph]];
using Process again = Process.Start(Environment.ProcessPath!, second);
again.WaitForExit();
return again.ExitCode;
