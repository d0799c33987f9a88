using Inpaint.ML.Batches;
using Inpaint.ML.Tests.Support;
using Inpaint.Scenes;
using Inpaint.TestSupport;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Parquet;
using Parquet.Schema;

namespace Inpaint.ML.Tests.Batches;

/// <summary>Sharded scoring of stock models.</summary>
public sealed class BatchScoringTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(seed: 1);
    private readonly ITransformer _model;
    private readonly IDataView _data;

    public BatchScoringTests()
    {
        _data = _ml.Data.LoadFromEnumerable(Houses().Take(25).ToList());
        _model = _ml.Transforms.Concatenate("Features", "Rooms", "Area")
            .Append(_ml.Transforms.NormalizeMinMax("Features"))
            .Append(_ml.Regression.Trainers.Sdca(
                new SdcaRegressionTrainer.Options { LabelColumnName = "Price", NumberOfThreads = 1, MaximumNumberOfIterations = 10 }))
            .Fit(_data);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Scoring_a_stock_model_in_shards_equals_one_pass()
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
        foreach (string part in Directory.EnumerateFiles(_folder.File("scores/out"), "*.parquet").Order(StringComparer.Ordinal))
        {
            await using FileStream stream = File.OpenRead(part);
            await using ParquetReader reader = await ParquetReader.CreateAsync(stream,
                cancellationToken: TestContext.Current.CancellationToken);
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
    public void A_stopped_run_continues_after_its_complete_shards()
    {
        using var stop = new CancellationTokenSource();
        // If the length of the data is unknown, all runs start at the first shard.
        IDataView data = _ml.Data.LoadFromEnumerable(Stream(25));
        var options = new BatchScoringOptions { ShardSize = 4, Progress = new Stopper(stop, after: 8) };
        BatchScoringSummary first = BatchScoring.Run(_ml, _model, data, _folder.File("scores"), options, stop.Token);
        Assert.Equal(new BatchScoringSummary(8, 8, 2, false), first);
        string own = Directory.EnumerateFiles(_folder.File("scores/out"), "*.parquet").Order(StringComparer.Ordinal).First();
        byte[] kept = File.ReadAllBytes(own);

        // Another process is already scoring a shard: it is skipped, and progress is reported once per completed shard.
        BatchScoring.Run(_ml, _model, data, _folder.File("other"), options with { Progress = null });
        string others = Directory.EnumerateFiles(_folder.File("other/out"), "part-*.parquet").Order(StringComparer.Ordinal)
            .Select(Path.GetFileName).First(name => name != "part-00006.parquet" && !File.Exists(_folder.File($"scores/out/{name}")))!;
        File.Copy(_folder.File($"other/out/{others}"), _folder.File($"scores/out/{others}"));
        var reported = new List<long>();
        BatchScoringSummary second = BatchScoring.Run(_ml, _model, data, _folder.File("scores"),
            options with { Progress = new Recorder(reported) });
        Assert.Equal(new BatchScoringSummary(25, 13, 7, true), second);
        Assert.Equal(25, reported[^1]);
        Assert.Equal(reported.Order().Distinct(), reported);
        Assert.Equal(new BatchScoringSummary(25, 0, 7, true),
            BatchScoring.Run(_ml, _model, data, _folder.File("scores"), options with { Progress = null }));
        Assert.Equal(kept, File.ReadAllBytes(own));
        foreach (string part in Directory.EnumerateFiles(_folder.File("other/out"), "*.parquet"))
        {
            Assert.Equal(File.ReadAllBytes(part), File.ReadAllBytes(_folder.File($"scores/out/{Path.GetFileName(part)}")));
        }
    }

    [Fact]
    public void A_model_that_drops_rows_is_rejected()
    {
        ITransformer model = _model.Append(new Dropping(_ml));
        Assert.Contains("a row for each row",
            Assert.Throws<ArgumentException>(() => BatchScoring.Run(_ml, model, _data, _folder.File("scores"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Another_model_is_rejected_and_the_same_model_reloaded_is_not()
    {
        var options = new BatchScoringOptions { ShardSize = 10, Columns = ["Id", "Score"] };
        BatchScoring.Run(_ml, _model, _data, _folder.File("scores"), options);
        _ml.Model.Save(_model, _data.Schema, _folder.File("model.zip"));
        BatchScoring.Run(_ml, _ml.Model.Load(_folder.File("model.zip"), out _), _data, _folder.File("scores"), options);
        ITransformer other = _ml.Transforms.Concatenate("Features", "Rooms", "Area")
            .Append(_ml.Regression.Trainers.Sdca(
            new SdcaRegressionTrainer.Options { LabelColumnName = "Price", NumberOfThreads = 1, MaximumNumberOfIterations = 2 }))
            .Fit(_data);
        Assert.Contains("started with another model",
            Assert.Throws<ArgumentException>(() => BatchScoring.Run(_ml, other, _data, _folder.File("scores"), options)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Data_of_another_length_is_rejected(bool counted)
    {
        IDataView Data(int rows) => counted ? _ml.Data.LoadFromEnumerable(Houses().Take(rows).ToList())
            : _ml.Data.LoadFromEnumerable(Stream(rows));
        Assert.Equal(counted, Data(5).GetRowCount() is not null);
        var options = new BatchScoringOptions { ShardSize = 10, Columns = ["Id"] };
        BatchScoringSummary Run(string folder, int rows) => BatchScoring.Run(_ml, _model, Data(rows), _folder.File(folder), options);
        Assert.Equal(new BatchScoringSummary(25, 25, 3, true), Run("scores", 25));
        Assert.Equal(new BatchScoringSummary(25, 0, 3, true), Run("scores", 25));
        foreach (int rows in (int[])[30, 24, 20, 15, 5])
        {
            Assert.Contains("The data was changed", Assert.Throws<DatasetException>(() => Run("scores", rows)).Message,
                StringComparison.Ordinal);
        }

        // Without a short shard at its end, and with gaps.
        Assert.Equal(new BatchScoringSummary(20, 20, 2, true), Run("full", 20));
        Assert.Contains("The data was changed", Assert.Throws<DatasetException>(() => Run("full", 15)).Message, StringComparison.Ordinal);
        File.Delete(_folder.File("full/out/part-00000.parquet"));
        Assert.Contains("The data was changed", Assert.Throws<DatasetException>(() => Run("full", 5)).Message, StringComparison.Ordinal);
        Assert.Equal(new BatchScoringSummary(20, 10, 2, true), Run("full", 20));

        // Shards that another process has started are scored last.
        File.Delete(_folder.File("full/out/part-00000.parquet"));
        Directory.CreateDirectory(_folder.File("full/attempts"));
        File.WriteAllText(_folder.File("full/attempts/00000.log"), "x");
        File.WriteAllText(_folder.File("full/attempts/00001.log"), "x");
        File.Delete(_folder.File("full/out/part-00001.parquet"));
        Assert.Equal(new BatchScoringSummary(15, 15, 2, true), Run("full", 15));
        Assert.Contains(" finished ", File.ReadAllText(_folder.File("full/attempts/00001.log")), StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_files_are_errors_that_name_them()
    {
        var options = new BatchScoringOptions { ShardSize = 10, Columns = ["Id"] };
        string Fails() => Assert.Throws<DatasetException>(() => BatchScoring.Run(_ml, _model, _data, _folder.File("scores"), options))
            .Message;
        BatchScoring.Run(_ml, _model, _data, _folder.File("scores"), options);
        byte[] middle = File.ReadAllBytes(_folder.File("scores/out/part-00001.parquet"));
        File.WriteAllText(_folder.File("scores/out/part-00001.parquet"), "garbage");
        Assert.Contains("part-00001.parquet' cannot be read as a part", Fails(), StringComparison.Ordinal);
        File.WriteAllBytes(_folder.File("scores/out/part-00001.parquet"), middle);
        File.WriteAllText(_folder.File("scores/job.json"), "");
        Assert.Contains("job.json", Fails(), StringComparison.Ordinal);
    }

    [Fact]
    public void Completed_photos_are_stored_as_pictures()
    {
        IDataView photos = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 3)
            .Select(i => new Picture { Bytes = PhotoCodec.Encode(SceneGenerator.Draw(i, 64).Photo) }));
        ITransformer model = _ml.Transforms.InpaintPhotos("Completed", "Bytes", graph: "unet").Fit(photos);
        BatchScoring.Run(_ml, model, photos, _folder.File("scores"), new BatchScoringOptions { Columns = ["Completed"] });
        Assert.True(File.Exists(_folder.File("scores/out/part-00000.parquet")));
    }

    [Fact]
    public async Task Text_vectors_and_times_are_stored_and_the_rest_is_named()
    {
        Timed[] rows =
        [
            new() { Words = ["a", "", "dog"], Span = new TimeSpan(3, 4, 5, 6, 7), Moment = new(2026, 1, 2, 3, 4, 5,
                TimeSpan.FromHours(-7)) },
            new() { Words = [], Span = TimeSpan.FromTicks(-1), Moment = DateTimeOffset.UnixEpoch },
        ];
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        ITransformer model = _ml.Transforms.Concatenate("Features", "Number").Append(_ml.Transforms.CopyColumns("Copy", "Words")).Fit(data);
        IDataView output = model.Transform(data);
        var logged = new List<string>();
        _ml.Log += (_, e) => logged.Add(e.Message);
        BatchScoringSummary summary = BatchScoring.Run(_ml, model, data, _folder.File("scores"));
        Assert.Equal(["Odd: "], summary.LeftOut.Select(c => c[..5]));
        Assert.Contains(logged, m => m.Contains("Not stored, as their types cannot be: Odd: ", StringComparison.Ordinal));

        await using FileStream stream = File.OpenRead(_folder.File("scores/out/part-00000.parquet"));
        await using ParquetReader reader = await ParquetReader.CreateAsync(stream);
        using ParquetRowGroupReader group = reader.OpenRowGroupReader(0);
        DataField[] fields = reader.Schema.GetDataFields();
        DataField Field(string name) => fields.Single(f => f.Path.ToString().StartsWith(name, StringComparison.Ordinal));
        long[] ticks = new long[2];
        await group.ReadAsync<long>(Field("Span"), ticks.AsMemory());
        Assert.Equal(rows.Select(r => r.Span.Ticks), ticks);
        string?[] moments = new string?[2];
        await group.ReadAsync(Field("Moment"), moments.AsMemory());
        Assert.Equal(["2026-01-02T03:04:05.0000000-07:00", "1970-01-01T00:00:00.0000000+00:00"], moments);
        using var raw = (Parquet.Data.RawColumnData<ReadOnlyMemory<char>>)await group.ReadRawColumnDataBaseAsync(Field("Words"));
        // The empty list is an absent element, whose value is undefined.
        int[] defined = raw.DefinitionLevels.ToArray();
        Assert.Equal([true, true, true, false], defined.Select(level => level == defined[0]));
        Assert.Equal(["a", "", "dog"], raw.Values.ToArray().Take(3).Select(word => word.ToString()));
        Assert.Equal([0, 1, 1, 0], raw.RepetitionLevels.ToArray());
    }

    [Fact]
    public void Unsupported_columns_and_other_jobs_in_the_folder_are_errors()
    {
        string Fails(BatchScoringOptions options) =>
            Assert.Throws<ArgumentException>(() => BatchScoring.Run(_ml, _model, _data, _folder.File("scores"), options)).Message;
        Assert.Contains("column 'Scores' does not exist; expected one of Id, Rooms",
            Fails(new BatchScoringOptions { Columns = ["Scores"] }),
            StringComparison.Ordinal);
        Assert.Contains("names 'Id' twice", Fails(new BatchScoringOptions { Columns = ["Id", "Score", "Id"] }), StringComparison.Ordinal);
        BatchScoring.Run(_ml, _model, _data, _folder.File("scores"));
        Assert.Contains("started with shards of 1000 rows", Fails(new BatchScoringOptions { ShardSize = 7 }), StringComparison.Ordinal);
        Assert.Contains("Give another folder", Fails(new BatchScoringOptions { Columns = ["Id"] }), StringComparison.Ordinal);
    }

    private sealed class Timed
    {
        public string[] Words { get; set; } = [];

        public TimeSpan Span { get; set; }

        public DateTimeOffset Moment { get; set; }

        public float Number { get; set; }

        public DataViewRowId Odd { get; set; }
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

    private sealed class Recorder(List<long> reported) : IProgress<long>
    {
        public void Report(long value) => reported.Add(value);
    }

    /// <summary>Keeps only the rows of large houses.</summary>
    private sealed class Dropping(MLContext ml) : ITransformer
    {
        public bool IsRowToRowMapper => false;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IDataView Transform(IDataView input) => ml.Data.FilterRowsByColumn(input, "Rooms", lowerBound: 3);

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        public void Save(ModelSaveContext ctx) => throw new NotSupportedException();
    }

    private static IEnumerable<House> Houses() => Enumerable.Range(0, 1000)
        .Select(i => new House { Id = $"h{i}", Rooms = 1 + i % 5, Area = 20 * (1 + i % 7), Price = 10f * (1 + i % 5) + 3 * (1 + i % 7) });

    private static IEnumerable<House> Stream(int rows)
    {
        foreach (House house in Houses().Take(rows))
        {
            yield return house;
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
