using Inpaint.Scenes;
using Inpaint.TestSupport;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Tests;

public sealed class FirstLineTests
{
    private sealed class Input
    {
        public string ImagePath { get; set; } = "";
    }

    private sealed class Output
    {
        [PhotoColumn]
        public MLImage? Completed { get; set; }

        [PhotoColumn]
        public MLImage? Steps { get; set; }
    }

    [Fact]
    public void InpaintPhotos_and_the_chain_give_the_same_pixels_before_and_after_saving()
    {
        using var folder = new TemporaryFolder();
        var inputs = new List<Input>();
        foreach (PhotoRecord scene in new SceneDataset(20, 96).Read())
        {
            string path = folder.File(scene.Id);
            File.WriteAllBytes(path, scene.ReadBytes());
            inputs.Add(new Input { ImagePath = path });
        }

        var ml = new MLContext();
        IDataView data = ml.Data.LoadFromEnumerable(inputs);
        var estimator = ml.Transforms.InpaintPhotos("Completed", "ImagePath", graph: "onnx/membrane")
            .Append(ml.Transforms.LoadPhotos("Photo", "ImagePath"))
            .Append(ml.Transforms.MaskPhotos("Image", "Mask", "Window", "Photo", graph: "onnx/membrane"))
            .Append(ml.Transforms.ScoreOnnx(["Fill"], ["Image"], "onnx/membrane/model.onnx"))
            .Append(ml.Transforms.PasteFills("Steps", "Photo", "Fill", "Window", graph: "onnx/membrane"));
        ITransformer model = estimator.Fit(data);
        ml.Model.Save(model, data.Schema, folder.File("model.zip"));
        ITransformer again = ml.Model.Load(folder.File("model.zip"), out _);
        var rows = ml.Data.CreateEnumerable<Output>(model.Transform(data), reuseRowObject: false).ToList();
        var rowsAgain = ml.Data.CreateEnumerable<Output>(again.Transform(data), reuseRowObject: false).ToList();
        Assert.Equal(20, rows.Count);
        for (int i = 0; i < rows.Count; i++)
        {
            Assert.Equal(96, rows[i].Completed!.Width);
            Assert.Equal(rows[i].Completed!.Pixels.ToArray(), rows[i].Steps!.Pixels.ToArray());
            Assert.Equal(rows[i].Completed!.Pixels.ToArray(), rowsAgain[i].Steps!.Pixels.ToArray());
            Assert.Equal(rows[i].Completed!.Pixels.ToArray(), rowsAgain[i].Completed!.Pixels.ToArray());
        }

        using PredictionEngine<Input, Output> engine = ml.Model.CreatePredictionEngine<Input, Output>(again);
        Assert.Equal(rows[3].Completed!.Pixels.ToArray(), engine.Predict(inputs[3]).Completed!.Pixels.ToArray());
        Assert.Equal(rows[4].Steps!.Pixels.ToArray(), engine.Predict(inputs[4]).Steps!.Pixels.ToArray());
    }
}
