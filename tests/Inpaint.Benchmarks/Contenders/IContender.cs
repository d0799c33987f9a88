using Inpaint.Cli.Batch;
using Inpaint.Jobs;

namespace Inpaint.Benchmarks;

/// <summary>A pipeline from picture files to fills, to be compared with others.</summary>
internal interface IContender : IDisposable
{
    /// <summary>Processes rows, from the file to the value that a user reads.</summary>
    /// <param name="paths">The file of each row.</param>
    /// <returns>The number of rows that were processed.</returns>
    int Run(IEnumerable<string> paths);
}

/// <summary>The contenders, by name.</summary>
internal static class Contender
{
    public const string Stock = "stock", Tuned = "stock-tuned", Steps = "steps", Inpaint = "inpaint", Status = "inpaint-status",
        Bare = "bare", LookAhead = "look-ahead",
        NotDisposed = "inpaint-not-disposed", PredictStock = "predict-stock", PredictInpaint = "predict-inpaint",
        PredictBare = "predict-bare", PredictBarePassive = "predict-bare-passive", WebPrefix = "web-", MaskedScoring = "masked-scoring",
        GraphFill = "fill-graph", ProgramFill = "fill-program", BareEncoding = "bare-encoding",
        BatchOne = "batch-1", BatchTwo = "batch-2", BatchFour = "batch-4",
        BatchPlan = "batch-plan", BatchRun = "batch-run", BatchStatus = "batch-status", BatchMerge = "batch-merge",
        ExportForward = "export-forward", ExportUnverified = "export-unverified", ExportVerified = "export-verified",
        TorchOne = "torch-1", TunedOne = "torch-tuned-1", OnnxOne = "onnx-1", PassiveOne = "onnx-passive-1",
        TorchEight = "torch-8", TunedEight = "torch-tuned-8", OnnxEight = "onnx-8", PassiveEight = "onnx-passive-8";

    /// <summary>TorchSharp, TorchSharp tuned, ONNX Runtime, and ONNX Runtime without spinning, for a batch of 1 or 8.</summary>
    public static IReadOnlyList<string> Networks(int batch) =>
        batch == 1 ? [TorchOne, TunedOne, OnnxOne, PassiveOne] : [TorchEight, TunedEight, OnnxEight, PassiveEight];

    /// <summary>A contender's name in tables.</summary>
    public static string Title(string name) => name switch
    {
        Stock => "stock ML.NET",
        Tuned => "stock ML.NET, IntraOpNumThreads = 1",
        Steps => "LoadPhotos + MaskPhotos + ScoreOnnx",
        Inpaint => "InpaintPhotos",
        Status => "InpaintPhotos, status column only",
        Bare => "bare loop",
        LookAhead => "stock image transforms, batches of 32 read ahead",
        NotDisposed => "InpaintPhotos, images not disposed",
        PredictStock => "stock ML.NET, PredictionEngine",
        PredictInpaint => "InpaintPhotos, PredictionEngine",
        PredictBare => "bare decode and ONNX Runtime call",
        PredictBarePassive => "the same, without spinning",
        _ when name.StartsWith(WebPrefix, StringComparison.Ordinal) => $"HTTP, {name[WebPrefix.Length..]} connections",
        MaskedScoring => "a loop over files",
        BareEncoding => "bare encoding loop",
        BatchOne => "batch, one worker",
        BatchTwo => "batch, two workers",
        BatchFour => "batch, four workers",
        BatchPlan => "plan",
        BatchRun => "run",
        BatchStatus => "status",
        BatchMerge => "merge",
        ExportForward => "the module, run once",
        ExportUnverified => "export, Verify = false",
        ExportVerified => "export",
        TorchOne or TorchEight => "TorchSharp",
        TunedOne or TunedEight => "TorchSharp, tuned",
        OnnxOne or OnnxEight => "ONNX Runtime",
        PassiveOne or PassiveEight => "ONNX Runtime, without spinning",
        _ => throw new ArgumentException($"Unknown contender '{name}'.", nameof(name)),
    };

    /// <summary>The HTTP service with a number of connections.</summary>
    public static string Web(int connections) => string.Create(CultureInfo.InvariantCulture, $"{WebPrefix}{connections}");

    public static IContender Create(string name, string graphFolder) => name switch
    {
        Stock => new StockPipeline(graphFolder, intraOpThreads: null),
        Tuned => new StockPipeline(graphFolder, intraOpThreads: 1),
        Steps => new StepsPipeline(graphFolder),
        Inpaint => new InpaintPipeline(graphFolder, OutputRead.Completed),
        Status => new InpaintPipeline(graphFolder, OutputRead.Status),
        NotDisposed => new InpaintPipeline(graphFolder, OutputRead.CompletedNotDisposed),
        Bare => new BareLoop(graphFolder),
        LookAhead => new LookAheadPipeline(graphFolder),
        PredictStock => new StockPrediction(graphFolder),
        PredictInpaint => new InpaintPrediction(graphFolder),
        PredictBare => new BarePrediction(graphFolder, spinning: true),
        PredictBarePassive => new BarePrediction(graphFolder, spinning: false),
        _ when name.StartsWith(WebPrefix, StringComparison.Ordinal) =>
            new WebContender(graphFolder, int.Parse(name[WebPrefix.Length..], CultureInfo.InvariantCulture)),
        MaskedScoring => new MaskedScoring(graphFolder),
        BareEncoding => new BareEncodingLoop(graphFolder),
        GraphFill => new GraphFill(graphFolder),
        ProgramFill => new ProgramFill(FillProgram.All[graphFolder]),
        BatchOne => new BatchContender(graphFolder, 1),
        BatchTwo => new BatchContender(graphFolder, 2),
        BatchFour => new BatchContender(graphFolder, 4),
        BatchPlan or BatchRun or BatchStatus or BatchMerge => new BatchSteps(graphFolder, name),
        ExportForward => new NetworkExport(graphFolder, ExportStage.Forward),
        ExportUnverified => new NetworkExport(graphFolder, ExportStage.Unverified),
        ExportVerified => new NetworkExport(graphFolder, ExportStage.Verified),
        TorchOne => new TorchInference(graphFolder, 1, tuned: false),
        TunedOne => new TorchInference(graphFolder, 1, tuned: true),
        OnnxOne => new OnnxInference(graphFolder, 1, spinning: true),
        PassiveOne => new OnnxInference(graphFolder, 1, spinning: false),
        TorchEight => new TorchInference(graphFolder, 8, tuned: false),
        TunedEight => new TorchInference(graphFolder, 8, tuned: true),
        OnnxEight => new OnnxInference(graphFolder, 8, spinning: true),
        PassiveEight => new OnnxInference(graphFolder, 8, spinning: false),
        _ => throw new ArgumentException($"Unknown contender '{name}'.", nameof(name)),
    };
}
