using Inpaint.Scenes;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Inpaint.ML.Rows;
using Inpaint.ML.Tests.Support;
using Inpaint.TestSupport;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Tests.Pipelines;

/// <summary>Measures the whole process, so it runs alone.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public sealed class Alone;

[Collection(nameof(MemoryTests))]
public sealed class MemoryTests(Samples samples)
{
    private readonly MLContext _ml = new();

    private sealed class BytesRow
    {
        public byte[] Bytes { get; set; } = [];
    }

    [Fact]
    public void A_graph_is_loaded_once_and_freed_with_its_transformers()
    {
        using var folder = new TemporaryFolder();
        string graph = folder.File("own.onnx");
        File.WriteAllBytes(graph, TinyGraphs.Affine(6, factor: 123.5f));
        string captioned = TinyGraphs.WriteCaptionGraph(folder.File("own"), required: false, step: 0.0123f);
        Collect();
        int before = LoadedGraphs.Count;
        Use(graph, captioned, before);
        Assert.Equal(before, LoadedGraphs.Count);
    }

    [Fact]
    public void A_transformer_that_is_not_disposed_frees_its_graph_when_collected()
    {
        using var folder = new TemporaryFolder();
        string graph = folder.File("lost.onnx");
        File.WriteAllBytes(graph, TinyGraphs.Affine(6, factor: 321.5f));
        Collect();
        int before = LoadedGraphs.Count;
        Lose(graph);
        for (int i = 0; i < 10 && LoadedGraphs.Count > before; i++)
        {
            Collect();
        }

        Assert.Equal(before, LoadedGraphs.Count);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void A_long_pass_over_undisposed_images_needs_the_memory_of_a_few()
    {
        const int Count = 20_000;
        byte[][] photos = [.. new SceneDataset(32, 96).Read().Select(r => r.ReadBytes())];
        IDataView data = _ml.Data.LoadFromEnumerable(
            Enumerable.Range(0, Count).Select(i => new BytesRow { Bytes = photos[i % photos.Length] }));
        using PhotoInpaintingTransformer model = _ml.Transforms.InpaintPhotos("Completed", "Bytes", graph: "unet").Fit(data);
        using var process = Process.GetCurrentProcess();
        long warm = 0, peak = 0;
        int row = 0;
        foreach (MLImage image in model.Transform(data).GetColumn<MLImage>("Completed"))
        {
            Assert.Equal(96, image.Width);
            if (++row % 500 == 0)
            {
                process.Refresh();
                peak = Math.Max(peak, process.WorkingSet64);
                warm = row <= 4000 ? peak : warm;
            }
        }

        // All of them together are 16,000 * 96 * 96 * 4 bytes = 590 MB.
        Assert.Equal(Count, row);
        Assert.InRange(peak - warm, 0, 150_000_000);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Use(string graph, string captioned, int before)
    {
        IDataView data = samples.View(_ml);
        OnnxGraphScoringEstimator scoring = _ml.Transforms.ScoreOnnx("Y", "Vector", graph);
        PhotoInpaintingEstimator inpainting = _ml.Transforms.InpaintPhotos("Completed", "Path", "Caption", graph: captioned);
        OnnxGraphScoringTransformer one = scoring.Fit(data), two = scoring.Fit(data);
        PhotoInpaintingTransformer three = inpainting.Fit(data), four = inpainting.Fit(data);
        foreach (RowTransformer transformer in new RowTransformer[] { one, two, three, four })
        {
            _ = TestRows.Read(transformer.Transform(data));
        }

        Assert.Equal(before + 2, LoadedGraphs.Count);
        using (DataViewRowCursor cursor = one.Transform(data).GetRowCursor(one.Transform(data).Schema))
        {
            Assert.True(cursor.MoveNext());
            one.Dispose();
            two.Dispose();
            three.Dispose();
            four.Dispose();
            four.Dispose();

            // The cursor is still open.
            Assert.Equal(before + 1, LoadedGraphs.Count);
            int rows = 1;
            while (cursor.MoveNext())
            {
                rows++;
            }

            Assert.Equal(samples.Rows.Count, rows);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Lose(string graph)
    {
        IDataView data = samples.View(_ml);
        OnnxGraphScoringTransformer transformer = _ml.Transforms.ScoreOnnx("Y", "Vector", graph).Fit(data);
        IDataView output = transformer.Transform(data);
        DataViewRowCursor cursor = output.GetRowCursor(output.Schema);
        Assert.True(cursor.MoveNext());
        _ = _ml.Model.CreatePredictionEngine<SampleRow, Everything>(transformer, ignoreMissingColumns: true).Predict(samples.Rows[0]);
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
}
