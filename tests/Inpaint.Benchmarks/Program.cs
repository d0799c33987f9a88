using Inpaint.Benchmarks;

if (args is [ContenderHost.Command, { } contender, { } graphFolder, { } list])
{
    ContenderHost.Serve(contender, graphFolder, list);
    return 0;
}

BenchmarkOptions options;
try
{
    options = BenchmarkOptions.Parse(args);
}
catch (ArgumentException e)
{
    Console.Error.WriteLine(e.Message);
    Console.Error.WriteLine(BenchmarkOptions.Usage);
    return 2;
}

using var folder = new BenchmarkFolder();
var report = new Report();
if (options.Command is "pipelines" or "all")
{
    PipelinesBenchmark.Run(options, folder, report);
}

if (options.Command is "memory" or "all")
{
    MemoryBenchmark.Run(options, folder, report);
}

if (options.Command is "memory" or "masked-memory" or "all")
{
    MemoryBenchmark.RunMasked(folder, report);
}

if (options.Command is "predict" or "all")
{
    PredictBenchmark.Run(options, folder, report);
}

if (options.Command is "batch" or "all")
{
    BatchBenchmark.Run(options, folder, report);
}

if (options.Command is "web" or "all")
{
    WebBenchmark.Run(options, folder, report);
}

if (options.Command is "export" or "all")
{
    ExportBenchmark.Run(options, folder, report);
}

if (options.Command is "fills")
{
    FillsBenchmark.Run(options, folder, report);
}

report.End(options);
return 0;
