using Inpaint.ML.Tests.Support;
using Inpaint.TestSupport;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Tests.Pipelines;

public sealed class WithGraphTests(Samples samples) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new();

    public static TheoryData<MembraneContract> Contracts => [.. Enum.GetValues<MembraneContract>()];

    [Fact]
    public void The_graph_of_a_fitted_or_loaded_pipeline_can_be_replaced_and_restored()
    {
        IDataView data = samples.View(_ml);
        var options = new InpaintingOptions { Execution = new() { BatchSize = 3, Workers = 2 }, Fill = new() { Feather = 1 } };
        ITransformer Fit(string graph) => _ml.Transforms.InpaintPhotos("Completed", "Path", graph: graph, options: options).Fit(data);
        ITransformer membrane = Fit("membrane");
        _ml.Model.Save(membrane, data.Schema, _folder.File("model.zip"));
        ITransformer loaded = _ml.Model.Load(_folder.File("model.zip"), out _);
        List<string> expected = TestRows.Read(Fit("pushpull").Transform(data)), before = TestRows.Read(membrane.Transform(data));
        Assert.NotEqual(before, expected);
        foreach (ITransformer model in new[] { membrane, loaded })
        {
            ITransformer other = model.WithGraph("onnx/pushpull");
            Assert.Equal(expected, TestRows.Read(other.Transform(data)));
            Assert.Equal(before, TestRows.Read(model.Transform(data)));
            Assert.Equal(before, TestRows.Read(other.WithGraph("membrane").Transform(data)));
            Assert.Equal(options, Assert.IsType<PhotoInpaintingTransformer>(other).Options);

            _ml.Model.Save(other, data.Schema, _folder.File("other.zip"));
            Assert.Equal(expected, TestRows.Read(_ml.Model.Load(_folder.File("other.zip"), out _).Transform(data)));
        }
    }

    [Fact]
    public void Stock_transforms_in_the_pipeline_are_kept()
    {
        IDataView data = samples.View(_ml);
        TransformerChain<ITransformer> Fit(string graph) => new([.. _ml.Transforms.NormalizeMinMax("Scaled", "Number")
            .Append(_ml.Transforms.InpaintPhotos("Completed", "Path", graph: graph))
            .Append(_ml.Transforms.ScoreOnnx("Y", "Vector", samples.VectorGraph))
            .Append(_ml.Transforms.Concatenate("All", "Scaled", "Y")).Fit(data)]);
        TransformerChain<ITransformer> model = Fit("membrane");
        ITransformer[] other = [.. Assert.IsType<IEnumerable<ITransformer>>(model.WithGraph("pushpull"), exactMatch: false)];
        ITransformer[] before = [.. model];
        Assert.Same(before[0], other[0]);
        Assert.NotSame(before[1], other[1]);
        Assert.Same(before[2], other[2]);
        Assert.Same(before[3], other[3]);
        Assert.Equal(TestRows.Read(Fit("pushpull").Transform(data)), TestRows.Read(model.WithGraph("pushpull").Transform(data)));
    }

    [Fact]
    public void Scopes_and_types_of_chains_are_kept()
    {
        IDataView data = samples.View(_ml);
        PhotoInpaintingTransformer photos = _ml.Transforms.InpaintPhotos("Completed", "Path", graph: "membrane").Fit(data);
        ITransformer label = _ml.Transforms.CopyColumns("Copy", "Label").Fit(data);
        var inner = new TransformerChain<PhotoInpaintingTransformer>([label, photos], [TransformerScope.Training,
            TransformerScope.TrainTest]);
        ITransformer untouched = new TransformerChain<ITransformer>([label], [TransformerScope.Testing]);
        var chain = new TransformerChain<ITransformer>(
            [label, inner, untouched, label],
            [TransformerScope.Training, TransformerScope.Everything, TransformerScope.Testing, TransformerScope.Scoring]);

        TransformerChain<ITransformer> other = chain.WithGraph("pushpull");
        TransformerChain<PhotoInpaintingTransformer> otherInner = inner.WithGraph("pushpull");
        PhotoInpaintingTransformer otherPhotos = photos.WithGraph("pushpull");
        Assert.Equal("pushpull", otherInner.LastTransformer.Manifest.Name);
        Assert.Equal("pushpull", otherPhotos.Manifest.Name);
        _ml.Model.Save(chain, data.Schema, _folder.File("chain.zip"));
        var loaded = (TransformerChain<ITransformer>)_ml.Model.Load(_folder.File("chain.zip"), out _).WithGraph("pushpull");
        TransformerScope[] all =
            [TransformerScope.Training, TransformerScope.Testing, TransformerScope.Scoring, TransformerScope.TrainTest];
        foreach (TransformerScope scope in all)
        {
            Assert.Equal(Steps(chain, scope), Steps(other, scope));
            Assert.Equal(Steps(chain, scope), Steps(loaded, scope));
            Assert.Equal(Steps(inner, scope), Steps(otherInner, scope));
        }

        Assert.Equal("(PhotoInpaintingTransformer) (ColumnCopyingTransformer)", Steps(other, TransformerScope.Testing));
        Assert.Same(untouched, other.ElementAt(2));
        Assert.IsType<TransformerChain<PhotoInpaintingTransformer>>(other.ElementAt(1));
    }

    [Fact]
    public void The_chain_accepts_a_graph_with_another_value_range()
    {
        string bgr = TinyGraphs.WriteMembrane(_folder.File("bgr"), MembraneContract.BgrToRgb);
        string normalised = TinyGraphs.WriteMembrane(_folder.File("normalised"), MembraneContract.Normalised);
        IDataView data = samples.View(_ml);
        TransformerChain<FillPastingTransformer> model = Chain("membrane").Fit(data);
        float[] image = model.Transform(data).GetColumn<float[]>("Picture").First();
        foreach (string graph in new[] { bgr, normalised })
        {
            ITransformer other = model.WithGraph(graph);
            Assert.NotEqual(image, other.Transform(data).GetColumn<float[]>("Picture").First());
            Assert.Equal(TestRows.Read(Chain(graph).Fit(data).Transform(data)), TestRows.Read(other.Transform(data)));
            byte[] expected = model.Transform(data).GetColumn<MLImage>("Completed").First().Pixels.ToArray();
            byte[] found = other.Transform(data).GetColumn<MLImage>("Completed").First().Pixels.ToArray();
            Assert.InRange(expected.Zip(found, (a, b) => Math.Abs(a - b)).Max(), 0, 1);
        }
    }

    [Theory]
    [MemberData(nameof(Contracts))]
    public void Every_common_contract_gives_the_picture_of_the_membrane(MembraneContract contract)
    {
        // At the graphs' own size: graphs with a mask input fill only the centre, and a scaled hole may be a pixel larger.
        SampleRow[] rows = [.. samples.Rows.Where(r => r.Image!.Width == 64)];
        IDataView data = _ml.Data.LoadFromEnumerable(rows.Concat(rows).Concat(rows).Take(11));
        ITransformer membrane =
            _ml.Transforms.InpaintPhotos(
                "Completed", "Path", graph: "membrane", options: new InpaintingOptions { Execution = new() { BatchSize = 4 } }).Fit(data);
        ITransformer other = membrane.WithGraph(TinyGraphs.WriteMembrane(_folder.File("contract"), contract));
        MLImage[] expected = [.. membrane.Transform(data).GetColumn<MLImage>("Completed")],
            found = [.. other.Transform(data).GetColumn<MLImage>("Completed")];
        Assert.Equal(11, found.Length);
        int tolerance = contract == MembraneContract.Float16 ? 2 : 1;
        for (int i = 0; i < found.Length; i++)
        {
            Assert.InRange(expected[i].Pixels.ToArray().Zip(found[i].Pixels.ToArray(), (a, b) => Math.Abs(a - b)).Max(), 0, tolerance);
        }
    }

    [Fact]
    public void Captions_use_the_new_graphs_vocabulary_and_keep_their_combination()
    {
        string other = TinyGraphs.WriteCaptionGraph(_folder.File("other"), required: false, step: 0.02f, "sky", "a", "red");
        IDataView data = samples.View(_ml);
        TransformerChain<FillPastingTransformer> Fit(string graph) =>
            _ml.Transforms.MaskPhotos("Picture", "Hidden", "Window", "Path", graph: graph)
            .Append(_ml.Transforms.FeaturizeCaptions("Words", "Captions", graph, CaptionCombination.First))
            .Append(_ml.Transforms.ScoreOnnx(
                [new InputOutputColumnPair("Fill", "fill")],
                [new InputOutputColumnPair("image", "Picture"), new("caption", "Words")], graph))
            .Append(_ml.Transforms.PasteFills("Completed", "Path", "Fill", "Window", graph: graph)).Fit(data);
        Assert.Equal(TestRows.Read(Fit(other).Transform(data)), TestRows.Read(Fit(samples.CaptionGraph).WithGraph(other).Transform(data)));
        Assert.Contains(
            "takes no caption", Assert.Throws<GraphException>(() => Fit(other).WithGraph("membrane")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vocabulary_is_embedded_in_the_saved_pipeline_or_read_from_its_graph()
    {
        IDataView data = samples.View(_ml);
        string graph = TinyGraphs.WriteCaptionGraph(_folder.File("words"), required: false);
        foreach (GraphStorage storage in new[] { GraphStorage.Embed, GraphStorage.Reference })
        {
            CaptionFeaturizingTransformer model = _ml.Transforms.FeaturizeCaptions("Words", "Caption", graph, storage: storage).Fit(data);
            _ml.Model.Save(model, data.Schema, _folder.File($"{storage}.zip"));
        }

        _ = TinyGraphs.WriteCaptionGraph(graph, required: false, step: 0.1f, "car", "sky");
        string[] Vocabulary(GraphStorage storage) =>
            [.. Assert.IsType<CaptionFeaturizingTransformer>(_ml.Model.Load(_folder.File($"{storage}.zip"), out _)).Contract.Vocabulary];
        Assert.Equal(TinyGraphs.Words, Vocabulary(GraphStorage.Embed));
        Assert.Equal(["car", "sky"], Vocabulary(GraphStorage.Reference));
    }

    [Fact]
    public void A_graph_whose_contract_does_not_fit_the_pipeline_is_rejected()
    {
        IDataView data = samples.View(_ml);
        GraphException error = Assert.Throws<GraphException>(() => Chain("membrane").Fit(data).WithGraph("pushpull"));
        Assert.Contains("PictureSide", error.Message, StringComparison.Ordinal);
        var sized = new PhotoMaskingOptions { PictureSide = 64 };
        ArgumentException inputs = Assert.Throws<ArgumentException>(() => Chain("membrane", sized).Fit(data).WithGraph("pushpull"));
        Assert.Contains("mask: Float", inputs.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipeline_without_a_graph_and_a_missing_graph_are_errors()
    {
        IDataView data = samples.View(_ml);
        ITransformer model = _ml.Transforms.LoadPhotos("Photo", "Path").Append(_ml.Transforms.FeaturizeCaptions("Words", "Caption"))
            .Fit(data);
        Assert.Contains(
            "has no transformer with a graph", Assert.Throws<ArgumentException>(() => model.WithGraph("membrane")).Message,
            StringComparison.Ordinal);
        GraphException error = Assert.Throws<GraphException>(
            () => _ml.Transforms.InpaintPhotos("Completed", "Path", graph: "unet").Fit(data).WithGraph("membran"));
        Assert.Contains("Did you mean 'membrane'?", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static string Steps(TransformerChain<PhotoInpaintingTransformer> chain, TransformerScope scope) =>
        Steps(chain.GetModelFor(scope), scope);

    private static string Steps(TransformerChain<ITransformer> chain, TransformerScope scope) =>
        string.Join(' ', chain.GetModelFor(scope).Select(t => t switch
        {
            TransformerChain<ITransformer> nested => $"({Steps(nested, scope)})",
            TransformerChain<PhotoInpaintingTransformer> nested => $"({Steps(nested, scope)})",
            _ => t.GetType().Name,
        }));

    private EstimatorChain<FillPastingTransformer> Chain(string graph, PhotoMaskingOptions? options = null) =>
        _ml.Transforms.MaskPhotos("Picture", "Hidden", "Window", "Path", graph: graph, options: options)
            .Append(_ml.Transforms.ScoreOnnx("Fill", "Picture", graph))
            .Append(_ml.Transforms.PasteFills(
                "Completed", "Path", "Fill", "Window", graph: graph,
                    options: new FillPastingOptions { Masking = options ?? PhotoMaskingOptions.Default }));
}
