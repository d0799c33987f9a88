using Inpaint.Cli.Batch;
using Inpaint.CommandLine;
using Inpaint.Jobs;

namespace Inpaint.Benchmarks;

/// <summary>
/// <c>inpaint batch</c> in this process: plans a job once and runs all its shards in every pass. The dataset is the folder of the files, or
/// scenes if the list specifies them.
/// </summary>
internal sealed class BatchContender(string graphFolder, int workers) : IContender
{
    private const int ShardSize = 500;
    private readonly string _root = Directory.CreateTempSubdirectory("inpaint-batch-").FullName;
    private BatchFolder? _job;
    private ShardScoring? _scoring;

    public int Run(IEnumerable<string> paths)
    {
        string[] rows = [.. paths];
        if (_job is null)
        {
            string dataset = rows[0].StartsWith("scenes:", StringComparison.Ordinal) ? rows[0] : Path.GetDirectoryName(rows[0])!;
            _job = BatchSteps.Plan(dataset, graphFolder, Path.Combine(_root, "job"), ShardSize);
            _scoring = new ShardScoring(_job, new ExecutionOptions { Device = "cpu", Workers = workers }, default);
        }

        if (_job.Job.Rows != rows.Length)
        {
            throw new InvalidOperationException(
                $"The job has {_job.Job.Rows} photos, but the pass has {rows.Length}; expected equal numbers.");
        }

        if (Directory.Exists(_job.OutFolder))
        {
            Directory.Delete(_job.OutFolder, recursive: true);
        }

        BatchRunSummary done = BatchRun.Run(_job, KnownDatasets.Formats, _job.Missing(), _scoring!.Score);
        return done.Bad == 0 ? (int)done.Rows : throw new InvalidOperationException($"{done.Bad} photos were bad.");
    }

    public void Dispose()
    {
        _scoring?.Dispose();
        Directory.Delete(_root, recursive: true);
    }
}
