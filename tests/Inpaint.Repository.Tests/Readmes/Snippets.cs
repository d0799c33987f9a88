using Inpaint.Evaluation.Baselines;
using Inpaint.Evaluation.Metrics;
using Inpaint.ML;
using Inpaint.Onnx;
using Inpaint.Onnx.TorchSharp;
using Inpaint.Scenes;
using Inpaint.TestSupport;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Inpaint.Repository.Tests.Readmes;

/// <summary>The code in the READMEs of the packages, run in a folder with photo.jpg.</summary>
[CollectionDefinition(nameof(Snippets), DisableParallelization = true)]
[Collection(nameof(Snippets))]
public sealed class Snippets : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _before = Environment.CurrentDirectory;
    private readonly Photo _photo = SceneGenerator.Draw(3, size: 160).Photo;

    public Snippets()
    {
        Environment.CurrentDirectory = _folder.Path;
        File.WriteAllBytes("photo.jpg", PhotoCodec.Encode(_photo, PhotoFormat.Jpeg));
    }

    [Fact]
    public void Inpaint_reads_photos_holes_and_datasets()
    {
        #region Inpaint
        Photo photo = PhotoCodec.Decode("photo.jpg");
        Hole hole = Hole.Default(photo.Width, photo.Height); // the centre half
        Photo hidden = photo.Crop(hole.Bounds);
        File.WriteAllBytes("hidden.png", PhotoCodec.Encode(hidden));

        using IPhotoDataset photos = DatasetFormats.Files.Open("."); // a folder, a zip, Parquet files or MSCOCO
        foreach (PhotoRecord record in photos.Read())
        {
            Photo decoded = record.Decode();
            Console.WriteLine($"{record.Id}: {decoded.Width}x{decoded.Height}, {string.Join(" / ", record.Captions)}");
        }
        #endregion
        Photo expected = PhotoCodec.Decode("photo.jpg");
        Photo written = PhotoCodec.Decode("hidden.png");
        Assert.Equal((80, 80), (written.Width, written.Height));
        Assert.Equal(expected.Pixels.Slice(4 * ((40 * 160) + 40), 4).ToArray(), written.Pixels[..4].ToArray());
    }

    [Fact]
    public void Inpaint_Evaluation_scores_a_fill()
    {
        for (int i = 0; i < 20; i++)
        {
            Directory.CreateDirectory("photos");
            File.WriteAllBytes($"photos/{i}.png", PhotoCodec.Encode(SceneGenerator.Draw(i).Photo));
        }

        #region Inpaint.Evaluation
        using IPhotoDataset photos = DatasetFormats.Files.Open("photos");
        var scorer = new FillScorer();
        foreach (PhotoRecord record in photos.Read())
        {
            Photo truth = record.Decode(), filled = truth.Clone();
            Hole hole = Hole.Default(truth.Width, truth.Height);
            MembraneFill.Apply(filled, hole); // or any other fill
            scorer.Add(truth, filled, hole);
        }

        FillScores scores = scorer.Result(); // scores["hole_psnr"], scores["sharpness"] and more
        #endregion
        Assert.Equal(20, scores.Photos);
        Assert.InRange(scores["hole_mse"]!.Value, 1e-5, 0.5);
    }

    [Fact]
    public void Inpaint_Onnx_completes_a_photo()
    {
        #region Inpaint.Onnx
        using var inpainter = new Inpainter(GraphPackage.Load("onnx/membrane"));
        Photo completed = inpainter.Complete(PhotoCodec.Decode("photo.jpg"));
        File.WriteAllBytes("completed.png", PhotoCodec.Encode(completed));
        #endregion
        CheckCompleted();
    }

    [Fact]
    public void Inpaint_Onnx_builds_and_runs_a_graph()
    {
        #region graph
        var builder = new GraphBuilder("double");
        string x = builder.Input("x", DataType.Float, "N", 3);
        builder.Output("y", builder.Node("Mul", [x, builder.Constant("two", [2f])]), DataType.Float, "N", 3);
        builder.Build().Write("double.onnx");

        using GraphSession session = GraphSession.Open(File.ReadAllBytes("double.onnx"));
        using GraphRunner runner = session.CreateRunner();
        using TensorBuffer input = new(TensorElementType.Float), output = new(TensorElementType.Float);
        input.Reshape([1, 3]);
        output.Reshape([1, 3]);
        input.AsSpan<float>()[2] = 21;
        runner.Run(["x"], [input], ["y"], [output]);
        #endregion
        Assert.Equal([0f, 0f, 42f], output.AsSpan<float>().ToArray());
    }

    [Fact]
    public void Inpaint_Onnx_joins_a_network_to_its_preprocessing()
    {
        var doubling = new GraphBuilder("double");
        string input = doubling.Input("x", DataType.Float, "N", 3);
        doubling.Output("y", doubling.Node("Mul", [input, doubling.Constant("two", [2f])]), DataType.Float, "N", 3);
        doubling.Build().Write("network.onnx");

        #region join
        OnnxModel network = OnnxModel.Read("network.onnx");
        var builder = new GraphBuilder("joined", opset: 17); // that of the network
        string bytes = builder.Input("bytes", DataType.Uint8, "N", 3);
        string scaled = builder.Node("Div", [
            builder.Node("Cast", [bytes], ("to", (int)DataType.Float)), builder.Constant("largest", [255f])]);
        string result = builder.Append(network, new Dictionary<string, string> { ["x"] = scaled })["y"];
        builder.Output("clipped", builder.Node("Min", [result, builder.Constant("one", [1f])]), DataType.Float, "N", 3);
        builder.Build().Write("joined.onnx");
        #endregion
        using GraphSession session = GraphSession.Open(File.ReadAllBytes("joined.onnx"));
        using GraphRunner runner = session.CreateRunner();
        using TensorBuffer picture = new(TensorElementType.UInt8), output = new(TensorElementType.Float);
        picture.Reshape([1, 3]);
        output.Reshape([1, 3]);
        new byte[] { 0, 51, 204 }.CopyTo(picture.AsSpan<byte>());
        runner.Run(["bytes"], [picture], ["clipped"], [output]);
        Assert.Equal([0f, 0.4f, 1f], output.AsSpan<float>().ToArray(), (x, y) => Math.Abs(x - y) < 1e-6);
    }

    [Fact]
    public void Inpaint_ML_completes_a_photo_and_takes_another_graph()
    {
        #region Inpaint.ML
        var ml = new MLContext();
        IDataView photos = ml.Data.LoadFromEnumerable([new { ImagePath = "photo.jpg" }]);
        ITransformer model = ml.Transforms.InpaintPhotos("Completed", "ImagePath").Fit(photos);
        using MLImage completed = model.Transform(photos).GetColumn<MLImage>("Completed").First();
        completed.Save("completed.png");
        #endregion
        CheckCompleted();

        #region swap
        ITransformer other = model.WithGraph("onnx/pushpull");
        #endregion
        using MLImage again = other.Transform(photos).GetColumn<MLImage>("Completed").First();
        Assert.Equal((160, 160), (again.Width, again.Height));
        Assert.False(again.Pixels.SequenceEqual(completed.Pixels));
    }

    [Fact]
    public void Inpaint_ML_embeds_sentences_of_different_lengths()
    {
        WriteSentenceEncoder("encoder.onnx");
        #region sentences
        var ml = new MLContext();
        IDataView sentences = ml.Data.LoadFromEnumerable([ // token ids from your tokenizer, of any length
            new { input_ids = new long[] { 5, 2, 7 }, attention_mask = new long[] { 1, 1, 1 } },
            new { input_ids = new long[] { 4, 8, 1, 3, 6 }, attention_mask = new long[] { 1, 1, 1, 1, 1 } },
        ]);
        var options = new OnnxScoringOptions { Padding = new Dictionary<string, double> { ["input_ids"] = 0, ["attention_mask"] = 0 } };
        ITransformer encoder = ml.Transforms.ScoreOnnx(["embedding"], ["input_ids", "attention_mask"], "encoder.onnx", options)
            .Fit(sentences);
        float[][] embeddings = [.. encoder.Transform(sentences).GetColumn<float[]>("embedding")];
        #endregion
        Assert.Equal([(5 + 2 + 7) / 3f, (25 + 4 + 49) / 3f], embeddings[0]);
        Assert.Equal([(4 + 8 + 1 + 3 + 6) / 5f, (16 + 64 + 1 + 9 + 36) / 5f], embeddings[1]);
    }

    /// <summary>The mean over a sentence of (number, number squared).</summary>
    private static void WriteSentenceEncoder(string path)
    {
        var builder = new GraphBuilder("encoder");
        string ids = builder.Input("input_ids", DataType.Int64, "batch", "sequence"),
            mask = builder.Input("attention_mask", DataType.Int64, "batch", "sequence");
        string table = builder.Constant("table",
            TensorData.Make([.. Enumerable.Range(0, 10).SelectMany(i => new float[] { i, i * i })], 10, 2));
        string weights = builder.Node("Unsqueeze",
            [builder.Node("Cast", [mask], ("to", (int)DataType.Float)), builder.Constant("last", [2L])]),
            axis = builder.Constant("axis", [1L]);
        string sum = builder.Node("ReduceSum", [builder.Node("Mul", [builder.Node("Gather", [table, ids]), weights]), axis],
            ("keepdims", 0));
        builder.Output("embedding", builder.Node("Div", [sum, builder.Node("ReduceSum", [weights, axis], ("keepdims", 0))]), DataType.Float,
            "batch", 2);
        builder.Build().Write(path);
    }

    public void Dispose()
    {
        Environment.CurrentDirectory = _before;
        _folder.Dispose();
    }

    /// <summary>Checks that the known pixels are unchanged and the object in the centre is gone.</summary>
    private void CheckCompleted()
    {
        Photo before = PhotoCodec.Decode("photo.jpg"), after = PhotoCodec.Decode("completed.png");
        Assert.Equal(before.Crop(new PixelRect(0, 0, 160, 40)).Array, after.Crop(new PixelRect(0, 0, 160, 40)).Array);
        Assert.Equal(before.Crop(new PixelRect(120, 0, 40, 160)).Array, after.Crop(new PixelRect(120, 0, 40, 160)).Array);
        Assert.NotEqual(before.Array, after.Array);
    }
}
