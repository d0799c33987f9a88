using Inpaint.Cli.Batch;
using Inpaint.Jobs;

namespace Inpaint.Benchmarks;

/// <summary>One way from picture files to fills.</summary>
internal interface IContender : IDisposable
{
    /// <summary>Takes rows through, from file to the value that its user reads.</summary>
    /// <param name="paths">A file a row.</param>
    /// <returns>How many rows came out.</returns>
    int Run(IEnumerable<string> paths);
}

/// <summary>The contenders by name.</summary>
internal static class Contender
{
    public const string Stock = "stock", Tuned = "stock-tuned", Steps = "steps", Inpaint = "inpaint", Status = "inpaint-status", Bare = "bare",
        Kept = "inpaint-kept", PredictStock = "predict-stock", PredictInpaint = "predict-inpaint", PredictBare = "predict-bare", PredictBareAsleep = "predict-bare-asleep",
        WebPrefix = "web-",
        BareEncoding = "bare-encoding", BatchOne = "batch-1", BatchTwo = "batch-2", BatchFour = "batch-4",
        BatchPlan = "batch-plan", BatchRun = "batch-run", BatchStatus = "batch-status", BatchMerge = "batch-merge",
        ExportForward = "export-forward", ExportUnverified = "export-unverified", ExportVerified = "export-verified",
        TorchOne = "torch-1", TunedOne = "torch-tuned-1", OnnxOne = "onnx-1", AsleepOne = "onnx-asleep-1",
        TorchEight = "torch-8", TunedEight = "torch-tuned-8", OnnxEight = "onnx-8", AsleepEight = "onnx-asleep-8";

    /// <summary>TorchSharp, TorchSharp tuned, ONNX Runtime, and that with threads that sleep, at a batch of 1 or 8.</summary>
    public static IReadOnlyList<string> Networks(int batch) => batch == 1 ? [TorchOne, TunedOne, OnnxOne, AsleepOne] : [TorchEight, TunedEight, OnnxEight, AsleepEight];

    /// <summary>What tables call a contender.</summary>
    public static string Title(string name) => name switch
    {
        Stock => "stock ML.NET",
        Tuned => "stock ML.NET, IntraOpNumThreads = 1",
        Steps => "LoadPhotos + MaskPhotos + ScoreOnnx",
        Inpaint => "InpaintPhotos",
        Status => "InpaintPhotos, status column alone",
        Bare => "bare loop",
        Kept => "InpaintPhotos, images left to the collector",
        PredictStock => "stock ML.NET, PredictionEngine",
        PredictInpaint => "InpaintPhotos, PredictionEngine",
        PredictBare => "bare ONNX Runtime call and decode",
        PredictBareAsleep => "the same, threads that do not spin",
        _ when name.StartsWith(WebPrefix, StringComparison.Ordinal) => $"HTTP, {name[WebPrefix.Length..]} connections",
        BareEncoding => "bare loop that encodes",
        BatchOne => "batch, one worker",
        BatchTwo => "batch, two workers",
        BatchFour => "batch, four workers",
        BatchPlan => "plan",
        BatchRun => "run",
        BatchStatus => "status",
        BatchMerge => "merge",
        ExportForward => "the module alone, run once",
        ExportUnverified => "export, Verify = false",
        ExportVerified => "export",
        TorchOne or TorchEight => "TorchSharp",
        TunedOne or TunedEight => "TorchSharp, tuned",
        OnnxOne or OnnxEight => "ONNX Runtime",
        AsleepOne or AsleepEight => "ONNX Runtime, threads that do not spin",
        _ => throw new ArgumentException($"Contender '{name}' is not known.", nameof(name)),
    };

    /// <summary>The HTTP service at so many connections.</summary>
    public static string Web(int connections) => string.Create(CultureInfo.InvariantCulture, $"{WebPrefix}{connections}");

    public static IContender Create(string name, string graphFolder) => name switch
    {
        Stock => new StockPipeline(graphFolder, intraOpThreads: null),
        Tuned => new StockPipeline(graphFolder, intraOpThreads: 1),
        Steps => new StepsPipeline(graphFolder),
        Inpaint => new InpaintPipeline(graphFolder, InpaintReading.Completed),
        Status => new InpaintPipeline(graphFolder, InpaintReading.Status),
        Kept => new InpaintPipeline(graphFolder, InpaintReading.CompletedLeftToCollector),
        Bare => new BareLoop(graphFolder),
        PredictStock => new StockPrediction(graphFolder),
        PredictInpaint => new InpaintPrediction(graphFolder),
        PredictBare => new BarePrediction(graphFolder, spinning: true),
        PredictBareAsleep => new BarePrediction(graphFolder, spinning: false),
        _ when name.StartsWith(WebPrefix, StringComparison.Ordinal) => new WebContender(graphFolder, int.Parse(name[WebPrefix.Length..], CultureInfo.InvariantCulture)),
        BareEncoding => new BareEncodingLoop(graphFolder),
        BatchOne => new BatchContender(graphFolder, 1),
        BatchTwo => new BatchContender(graphFolder, 2),
        BatchFour => new BatchContender(graphFolder, 4),
        BatchPlan or BatchRun or BatchStatus or BatchMerge => new BatchSteps(graphFolder, name),
        ExportForward => new NetworkExport(graphFolder, ExportExtent.Forward),
        ExportUnverified => new NetworkExport(graphFolder, ExportExtent.Unverified),
        ExportVerified => new NetworkExport(graphFolder, ExportExtent.Verified),
        TorchOne => new TorchInference(graphFolder, 1, tuned: false),
        TunedOne => new TorchInference(graphFolder, 1, tuned: true),
        OnnxOne => new OnnxInference(graphFolder, 1, spinning: true),
        AsleepOne => new OnnxInference(graphFolder, 1, spinning: false),
        TorchEight => new TorchInference(graphFolder, 8, tuned: false),
        TunedEight => new TorchInference(graphFolder, 8, tuned: true),
        OnnxEight => new OnnxInference(graphFolder, 8, spinning: true),
        AsleepEight => new OnnxInference(graphFolder, 8, spinning: false),
        _ => throw new ArgumentException($"Contender '{name}' is not known.", nameof(name)),
    };
}
