using Inpaint.TestSupport;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Parquet;
using Parquet.Schema;

namespace Inpaint.ML.Tests.Batches;

/// <summary>Sharded scoring of models that have nothing of ours in them.</summary>
public sealed class BatchScoringTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(seed: 1);
    private readonly ITransformer _model;
    private readonly IDataView _data;

    public BatchScoringTests()
    {
        _data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 25).Select(i => new House { Id = $"h{i}", Rooms = 1 + i % 5, Area = 20 * (1 + i % 7), Price = 10f * (1 + i % 5) + 3 * (1 + i % 7) }));
        _model = _ml.Transforms.Concatenate("Features", "Rooms", "Area")
            .Append(_ml.Transforms.NormalizeMinMax("Features"))
            .Append(_ml.Regression.Trainers.Sdca(new SdcaRegressionTrainer.Options { LabelColumnName = "Price", NumberOfThreads = 1, MaximumNumberOfIterations = 10 }))
            .Fit(_data);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_stock_model_is_scored_in_shards_with_the_values_of_one_pass()
    {
        (MLContext ml, ITransformer model, IDataView data, string folder) = (_ml, _model, _data, _folder.File("scores"));
        #region run
        var options = new BatchScoringOptions { ShardSize = 10, Columns = ["Id", "Score", "Features"] };
        BatchScoringSummary summary = BatchScoring.Run(ml, model, data, folder, options);
        #endregion
        Assert.Equal(new BatchScoringSummary(25, 25, 3, true), summary);

        IDataView whole = _model.Transform(_data);
        string[] ids = [.. whole.GetColumn<string>("Id")];
        float[] scores = [.. whole.GetColumn<float>("Score")];
        float[][] features = [.. whole.GetColumn<float[]>("Features")];
        var found = new List<(string Id, float Score, float First, float Second)>();
        foreach (string part in Directory.EnumerateFiles(_folder.File("scores"), "*.parquet").Order(StringComparer.Ordinal))
        {
            await using FileStream stream = File.OpenRead(part);
            await using ParquetReader reader = await ParquetReader.CreateAsync(stream, cancellationToken: TestContext.Current.CancellationToken);
            using ParquetRowGroupReader group = reader.OpenRowGroupReader(0);
            DataField[] fields = reader.Schema.GetDataFields();
            Assert.Equal(["Id", "Score", "element"], fields.Select(f => f.Name));
            int rows = (int)group.RowCount;
            string?[] id = new string?[rows];
            float[] score = new float[rows];
            await group.ReadAsync(fields[0], new Memory<string?>(id));
            await group.ReadAsync<float>(fields[1], score.AsMemory());
            using var raw = (Parquet.Data.RawColumnData<float>)await group.ReadRawColumnDataBaseAsync(fields[2]);
            float[] element = raw.Values.ToArray();
            Assert.Equal(Enumerable.Range(0, 2 * rows).Select(i => i % 2), raw.RepetitionLevels.ToArray());
            found.AddRange(Enumerable.Range(0, rows).Select(i => (id[i]!, score[i], element[2 * i], element[2 * i + 1])));
        }

        Assert.Equal(Enumerable.Range(0, 25).Select(i => (ids[i], scores[i], features[i][0], features[i][1])), found);
    }

    [Fact]
    public void A_run_that_is_stopped_goes_on_after_its_whole_shards()
    {
        using var stop = new CancellationTokenSource();
        var options = new BatchScoringOptions { ShardSize = 4, Progress = new Stopper(stop, after: 8) };
        BatchScoringSummary first = BatchScoring.Run(_ml, _model, _data, _folder.File("scores"), options, stop.Token);
        Assert.Equal(new BatchScoringSummary(8, 8, 2, false), first);
        byte[] kept = File.ReadAllBytes(_folder.File("scores/part-00001.parquet"));

        // Shard 3 is another process's already: it is passed over.
        BatchScoring.Run(_ml, _model, _data, _folder.File("other"), options with { Progress = null });
        File.Copy(_folder.File("other/part-00003.parquet"), _folder.File("scores/part-00003.parquet"));
        BatchScoringSummary second = BatchScoring.Run(_ml, _model, _data, _folder.File("scores"), options with { Progress = null });
        Assert.Equal(new BatchScoringSummary(25, 13, 7, true), second);
        Assert.Equal(new BatchScoringSummary(25, 0, 7, true), BatchScoring.Run(_ml, _model, _data, _folder.File("scores"), options with { Progress = null }));
        Assert.Equal(kept, File.ReadAllBytes(_folder.File("scores/part-00001.parquet")));
        foreach (string part in Directory.EnumerateFiles(_folder.File("other"), "*.parquet"))
        {
            Assert.Equal(File.ReadAllBytes(part), File.ReadAllBytes(_folder.File($"scores/{Path.GetFileName(part)}")));
        }
    }

    [Fact]
    public void Completed_photos_are_stored_as_pictures()
    {
        IDataView photos = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 3).Select(i => new Picture { Bytes = PhotoCodec.Encode(SceneGenerator.Draw(i, 64).Photo) }));
        ITransformer model = _ml.Transforms.InpaintPhotos("Completed", "Bytes").Fit(photos);
        BatchScoring.Run(_ml, model, photos, _folder.File("scores"), new BatchScoringOptions { Columns = ["Completed"] });
        Assert.True(File.Exists(_folder.File("scores/part-00000.parquet")));
    }

    [Fact]
    public void What_cannot_be_stored_or_was_begun_otherwise_is_an_error_that_says_so()
    {
        string Fails(BatchScoringOptions options) => Assert.Throws<ArgumentException>(() => BatchScoring.Run(_ml, _model, _data, _folder.File("scores"), options)).Message;
        Assert.Contains("no column 'Scores'; expected one of Id, Rooms", Fails(new BatchScoringOptions { Columns = ["Scores"] }), StringComparison.Ordinal);
        BatchScoring.Run(_ml, _model, _data, _folder.File("scores"));
        Assert.Contains("begun with shards of 1000 rows", Fails(new BatchScoringOptions { ShardSize = 7 }), StringComparison.Ordinal);
        Assert.Contains("Give another folder", Fails(new BatchScoringOptions { Columns = ["Id"] }), StringComparison.Ordinal);
    }

    private sealed class Stopper(CancellationTokenSource stop, long after) : IProgress<long>
    {
        public void Report(long value)
        {
            if (value >= after)
            {
                stop.Cancel();
            }
        }
    }

    private sealed class House
    {
        public string Id { get; set; } = "";

        public float Rooms { get; set; }

        public float Area { get; set; }

        public float Price { get; set; }
    }

    private sealed class Picture
    {
        public byte[] Bytes { get; set; } = [];
    }
}
