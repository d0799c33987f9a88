using Inpaint.Cli.Batch;
using Inpaint.CommandLine;
using Inpaint.Jobs;
using Inpaint.Onnx.TorchSharp;

namespace Inpaint.Benchmarks;

/// <summary>
/// One step of a batch job; the first two lines of the list are its dataset and folder. Other processes ran the previous steps.
/// </summary>
internal sealed class BatchSteps(string graphFolder, string step) : IContender
{
    private const int ShardSize = 1000;

    public int Run(IEnumerable<string> paths)
    {
        string[] lines = [.. paths.Take(2)];
        (string dataset, string job) = (lines[0], lines[1]);
        int rows = int.Parse(dataset.Split(':')[1], CultureInfo.InvariantCulture);
        switch (step)
        {
            case Contender.BatchPlan:
                Plan(dataset, graphFolder, job, ShardSize);
                break;
            case Contender.BatchRun:
                var folder = new BatchFolder(job);
                using (var scoring = new ShardScoring(folder, new ExecutionOptions { Device = "cpu" }, default))
                {
                    BatchRun.Run(folder, KnownDatasets.Formats, folder.Missing(), scoring.Score);
                }

                break;
            case Contender.BatchStatus:
                Require(BatchStatus.Of(new BatchFolder(job)).DoneRows, rows);
                break;
            default:
                Require(BatchMerge.ToParquet(new BatchFolder(job), job + ".parquet").Rows, rows);
                break;
        }

        return lines.Length; // a pass has two rows: the lines of the list
    }

    public void Dispose()
    {
    }

    public static BatchFolder Plan(string dataset, string graphFolder, string job, int shardSize)
    {
        GraphPackage graph = GraphPackage.Load(graphFolder);
        return BatchPlanner.Plan(KnownDatasets.Formats, dataset, null, graph.Model, graph.ManifestJson, job, shardSize);
    }

    private static void Require(long found, int expected)
    {
        if (found != expected)
        {
            throw new InvalidOperationException($"Found {found} rows; expected {expected}.");
        }
    }
}
