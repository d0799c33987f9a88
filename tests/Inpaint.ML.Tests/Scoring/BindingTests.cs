using Inpaint.Onnx.Proto;
using Inpaint.TestSupport;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Tests.Scoring;

/// <summary>Columns get the outputs that they name, or an error; graphs come from files, bytes and streams.</summary>
public sealed class BindingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new();

    private sealed class Row
    {
        public int Id { get; set; }

        [VectorType(3)]
        public float[] x { get; set; } = [];
    }

    private sealed class Category
    {
        public string Cat { get; set; } = "";
    }

    private sealed class Named
    {
        public string Kind { get; set; } = "";
    }

    private IDataView Data =>
        _ml.Data.LoadFromEnumerable<Row>([new() { Id = 0, x = [1, 2, 3] }, new() { Id = 1, x = [4, 5, 6] }]);

    [Theory]
    [InlineData("score", "Did you mean 'scores'?")]
    [InlineData("classes", "boxes: Float")]
    public void A_column_that_names_no_output_is_an_error_that_lists_them(string column, string expected)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => _ml.Transforms.ScoreOnnx([column], ["x"], Detector()).Fit(Data));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("boxes: Float [-1, 3]; scores: Float [-1, 3]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Inputs_of_one_type_are_not_bound_by_place()
    {
        var builder = new GraphBuilder("sub");
        string left = builder.Input("left", DataType.Float, "N", 3), right = builder.Input("right", DataType.Float, "N", 3);
        builder.Output("y", builder.Node("Sub", [left, right]), DataType.Float, "N", 3);
        byte[] graph = builder.Build().ToBytes();
        IDataView data = _ml.Transforms.CopyColumns("Right_", "x").Append(_ml.Transforms.NormalizeMinMax("Left_", "x")).Fit(Data)
            .Transform(Data);
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => _ml.Transforms.ScoreOnnx(["y"], ["Right_", "Left_"], graph).Fit(data));
        Assert.Contains("no input 'Right_'", error.Message, StringComparison.Ordinal);

        IDataView output = _ml.Transforms.ScoreOnnx(
            [new InputOutputColumnPair("Difference", "y")], [new InputOutputColumnPair("right", "Right_"), new("left", "Left_")], graph)
            .Fit(data).Transform(data);
        Assert.Equal(
            data.GetColumn<float[]>("Left_").Zip(data.GetColumn<float[]>("Right_"), (l, r) => l.Zip(r, (a, b) => a - b).ToArray()),
            output.GetColumn<float[]>("Difference"));
    }

    [Fact]
    public void An_exported_ML_NET_model_is_bound_by_the_names_in_ML_NET()
    {
        IDataView data = _ml.Data.LoadFromEnumerable<Category>([new() { Cat = "a" }, new() { Cat = "b" }, new() { Cat = "a" }]);
        ITransformer model = _ml.Transforms.Categorical.OneHotEncoding("Hot", "Cat").Fit(data);
        string file = _folder.File("hot.onnx");
        using (FileStream stream = File.Create(file))
        {
            _ml.Model.ConvertToOnnx(model, data, stream);
        }

        float[][] expected = [.. model.Transform(data).GetColumn<float[]>("Hot")];
        foreach (string name in (string[])["Hot", "Hot.output"])
        {
            IDataView output = _ml.Transforms.ScoreOnnx([name], ["Cat"], file).Fit(data).Transform(data);
            Assert.Equal(expected, output.GetColumn<float[]>(name));
            Assert.Equal(["a", "b"], SlotNames(output, name));
            Assert.Equal(SlotNames(_ml.Transforms.ApplyOnnxModel(["Hot.output"], ["Cat"], file).Fit(data).Transform(data), "Hot"),
                SlotNames(output, name));
        }
    }

    [Fact]
    public void All_outputs_get_the_graphs_names_if_no_columns_are_named()
    {
        IDataView output = _ml.Transforms.ScoreOnnx(Detector()).Fit(Data).Transform(Data);
        Assert.Equal(["Id", "x", "boxes", "scores"], output.Schema.Select(c => c.Name));
        Assert.Equal([[10f, 20, 30], [40, 50, 60]], output.GetColumn<float[]>("boxes"));
        Assert.Equal([[1f, 2, 3], [4, 5, 6]], output.GetColumn<float[]>("scores"));
    }

    [Fact]
    public void Graphs_from_bytes_streams_and_files_are_equal_also_when_saved()
    {
        byte[] graph = Detector();
        File.WriteAllBytes(_folder.File("graph.onnx"), graph);
        using var stream = new MemoryStream(graph);
        GraphSource[] sources = [graph, GraphSource.FromStream(stream), _folder.File("graph.onnx")];
        foreach (GraphSource source in sources)
        {
            ITransformer model = _ml.Transforms.ScoreOnnx(["boxes"], ["x"], source).Fit(Data);
            _ml.Model.Save(model, Data.Schema, _folder.File("model.zip"));
            foreach (ITransformer each in (ITransformer[])[model, new MLContext().Model.Load(_folder.File("model.zip"), out _)])
            {
                Assert.Equal([[10f, 20, 30], [40, 50, 60]], each.Transform(Data).GetColumn<float[]>("boxes"));
            }
        }

        ArgumentException reference = Assert.Throws<ArgumentException>(
            () => _ml.Transforms.ScoreOnnx("y", "x", graph, new OnnxScoringOptions { Storage = GraphStorage.Reference }));
        Assert.Contains("cannot be stored as a reference", reference.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Photos_are_completed_by_a_graph_from_memory()
    {
        string photo = _folder.File("photo.png");
        using (MLImage image = MLImage.CreateFromPixels(64, 64, MLPixelFormat.Rgba32, [.. Enumerable.Repeat((byte)200, 64 * 64 * 4)]))
        {
            image.Save(photo);
        }

        GraphPackage named = GraphPackage.Load("membrane"),
            read = GraphPackage.FromBytes([.. named.Model], [.. named.ManifestJson], "a stream");
        IDataView data = _ml.Data.LoadFromEnumerable<Category>([new() { Cat = photo }]);
        byte[] Completed(GraphSource graph)
        {
            ITransformer model = _ml.Transforms.InpaintPhotos("Completed", "Cat", graph: graph).Fit(data);
            _ml.Model.Save(model, data.Schema, _folder.File("model.zip"));
            ITransformer loaded = new MLContext().Model.Load(_folder.File("model.zip"), out _);
            return loaded.Transform(data).GetColumn<MLImage>("Completed").Single().Pixels.ToArray();
        }

        Assert.Equal(Completed("membrane"), Completed(read));
        GraphException error = Assert.Throws<GraphException>(() => Completed(named.Model));
        Assert.Contains("expected one with a manifest", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_names_of_columns_are_refused_before_the_graph_is_opened()
    {
        foreach (string?[] names in (string?[][])[[], [null], [""], ["y", "y"]])
        {
            Assert.Throws<ArgumentException>(() => _ml.Transforms.ScoreOnnx(names!, ["x"], "none.onnx"));
            Assert.Throws<ArgumentException>(() => _ml.Transforms.ScoreOnnx(["y"], names!, "none.onnx"));
        }

        IEstimator<ITransformer> later = _ml.Transforms.ScoreOnnx(["y"], ["x"], "none.onnx");
        Assert.Contains("none.onnx", Assert.Throws<GraphException>(() => later.Fit(Data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_is_an_input_of_its_integers()
    {
        var builder = new GraphBuilder("key");
        string k = builder.Input("k", DataType.Uint32, "N", 1);
        builder.Output("y", builder.Node("Cast", [k], ("to", (long)DataType.Float)), DataType.Float, "N", 1);
        string file = _folder.File("key.onnx");
        builder.Build().Write(file);
        IDataView texts = _ml.Data.LoadFromEnumerable<Named>([new() { Kind = "a" }, new() { Kind = "b" }, new() { Kind = "a" }]);
        IDataView data = _ml.Transforms.Conversion.MapValueToKey("k", "Kind").Fit(texts).Transform(texts);
        IDataView stock = _ml.Transforms.ApplyOnnxModel("y", "k", file).Fit(data).Transform(data);
        IDataView ours = _ml.Transforms.ScoreOnnx("y", "k", file).Fit(data).Transform(data);
        Assert.Equal(stock.GetColumn<float[]>("y"), ours.GetColumn<float[]>("y"));
    }

    [Fact]
    public void A_sequence_that_nobody_asks_for_does_not_matter()
    {
        byte[] graph = Classifier();
        IDataView output = _ml.Transforms.ScoreOnnx(["label"], ["x"], graph).Fit(Data).Transform(Data);
        Assert.Equal([2L, 2], output.GetColumn<long>("label"));
        Assert.Equal(["Id", "x", "label"], _ml.Transforms.ScoreOnnx(graph).Fit(Data).Transform(Data).Schema.Select(c => c.Name));
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => _ml.Transforms.ScoreOnnx(["probabilities"], ["x"], graph).Fit(Data));
        Assert.Contains("probabilities", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Large_rows_are_scored_alone_and_small_ones_together()
    {
        foreach ((int length, long expected) in (ReadOnlySpan<(int, long)>)[(8, 8), (300_000, 3), (2_000_000, 1)])
        {
            // The number of rows of a run, for each row.
            var builder = new GraphBuilder("rows");
            string x = builder.Input("x", DataType.Float, "N", length);
            string rows = builder.Node("Gather", [builder.Node("Shape", [x]), builder.Constant("first", [0L])]);
            string zeros = builder.Node(
            "Mul", [builder.Node("ReduceMax", [x], ("axes", new long[] { 1 })), builder.Constant("zero", [0f])]);
            builder.Output(
            "y", builder.Node("Add", [builder.Node("Cast", [zeros], ("to", (long)DataType.Int64)), rows]), DataType.Int64, "N", 1);
            var definition = SchemaDefinition.Create(typeof(Row));
            definition["x"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, length);
            float[] zero = new float[length];
            IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 9).Select(_ => new Row { x = zero }), definition);
            var options = new OnnxScoringOptions { BatchAxis = OnnxBatchAxis.First, Execution = new() { Workers = 1 } };
            IDataView output = _ml.Transforms.ScoreOnnx("y", "x", builder.Build().ToBytes(), options).Fit(data).Transform(data);
            Assert.Equal(expected, output.GetColumn<long[]>("y").Max(y => y[0]));
        }
    }

    [Fact]
    public void A_pipeline_with_a_step_of_ours_is_not_exported_without_it()
    {
        IDataView data = Data;
        ITransformer Fit(IEstimator<ITransformer> scoring) => scoring.Append(_ml.Transforms.NormalizeMinMax("z", "boxes")).Fit(data);
        string file = _folder.File("detector.onnx");
        File.WriteAllBytes(file, Detector());
        Exception Export(ITransformer model) =>
            Assert.ThrowsAny<Exception>(() => _ml.Model.ConvertToOnnx(model, data, new MemoryStream()));
        Exception stock = Export(Fit(_ml.Transforms.ApplyOnnxModel("boxes", "x", file)));
        Exception ours = Export(Fit(_ml.Transforms.ScoreOnnx(["boxes"], ["x"], file)));
        Assert.Equal(stock.GetType(), ours.GetType());
        Assert.Equal(stock.Message, ours.Message);
    }

    public void Dispose() => _folder.Dispose();

    private static string[] SlotNames(IDataView view, string column)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        view.Schema[column].GetSlotNames(ref names);
        return [.. names.DenseValues().Select(n => n.ToString())];
    }

    private static byte[] Detector()
    {
        var builder = new GraphBuilder("detector");
        string x = builder.Input("x", DataType.Float, "N", 3);
        builder.Output("boxes", builder.Node("Mul", [x, builder.Constant("ten", [10f])]), DataType.Float, "N", 3);
        builder.Output("scores", builder.Node("Mul", [x, builder.Constant("one", [1f])]), DataType.Float, "N", 3);
        return builder.Build().ToBytes();
    }

    // As scikit-learn's classifiers are exported.
    private static byte[] Classifier()
    {
        var builder = new GraphBuilder("classifier");
        string x = builder.Input("x", DataType.Float, "N", 3);
        builder.Output("label", builder.Node("ArgMax", [x], ("axis", 1L), ("keepdims", 0L)), DataType.Int64, "N");
        builder.Output("p", builder.Node("Softmax", [x], ("axis", 1L)), DataType.Float, "N", 3);
        OnnxModel model = builder.Build();
        ModelProto proto = model.Proto;
        proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "ai.onnx.ml", Version = 1 });
        var labels = new AttributeProto { Name = "classlabels_int64s", Type = AttributeProto.Types.AttributeType.Ints };
        labels.Ints.AddRange([0L, 1, 2]);
        proto.Graph.Node.Add(new NodeProto
        {
            OpType = "ZipMap", Domain = "ai.onnx.ml", Name = "zip", Input = { "p" }, Output = { "probabilities" }, Attribute = { labels },
        });
        var map = new TypeProto.Types.Map
        {
            KeyType = (int)DataType.Int64,
            ValueType = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)DataType.Float } },
        };
        proto.Graph.Output[1] = new ValueInfoProto
        {
            Name = "probabilities",
            Type = new TypeProto { SequenceType = new TypeProto.Types.Sequence { ElemType = new TypeProto { MapType = map } } },
        };
        return model.ToBytes();
    }
}
