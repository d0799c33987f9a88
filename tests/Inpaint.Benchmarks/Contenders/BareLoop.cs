using Inpaint.Onnx.TorchSharp;
using Microsoft.ML.OnnxRuntime;

namespace Inpaint.Benchmarks;

/// <summary>
/// Without ML.NET and this project's code: one worker per core takes eight files, decodes them and runs the graph on one thread.
/// </summary>
internal sealed class BareLoop : IContender
{
    private const int BatchSize = 8;
    private readonly InferenceSession _session;
    private readonly BareRunner[] _runners;

    public BareLoop(string graphFolder)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        _session = new InferenceSession(Path.Combine(graphFolder, "model.onnx"), options);
        _runners = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new BareRunner(_session, BatchSize))];
    }

    public int Run(IEnumerable<string> paths)
    {
        int rows = 0;
        using IEnumerator<string> source = paths.GetEnumerator();
        var failures = new List<Exception>();
        Thread[] threads = [.. _runners.Select(runner => new Thread(() =>
        {
            try
            {
                Work(runner, source, ref rows);
            }
            catch (Exception e)
            {
                lock (failures)
                {
                    failures.Add(e);
                }
            }
        }))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        return failures.Count == 0 ? rows : throw new AggregateException(failures);
    }

    public void Dispose()
    {
        foreach (BareRunner runner in _runners)
        {
            runner.Dispose();
        }

        _session.Dispose();
    }

    private static void Work(BareRunner runner, IEnumerator<string> source, ref int rows)
    {
        string[] batch = new string[BatchSize];
        while (Take(source, batch) is > 0 and int count)
        {
            _ = runner.Run(batch.AsSpan(0, count));
            Interlocked.Add(ref rows, count);
        }
    }

    private static int Take(IEnumerator<string> source, string[] batch)
    {
        lock (source)
        {
            int count = 0;
            while (count < batch.Length && source.MoveNext())
            {
                batch[count++] = source.Current;
            }

            return count;
        }
    }
}
