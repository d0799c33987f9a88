using System.Globalization;
using System.Security.Cryptography;
using Inpaint.Onnx;
using Inpaint.Onnx.TorchSharp;
using Inpaint.Onnx.TorchSharp.Tracing;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training;

/// <summary>What <c>export</c> was asked for.</summary>
/// <param name="Run">The run.</param>
/// <param name="Test">The dataset of final figures; null for the run's own.</param>
/// <param name="Float16">Whether weights are stored as 16-bit floats.</param>
/// <param name="DataTerms">The terms of the photos; null to say that they are their owners'.</param>
internal sealed record ExportRequest(RunFolder Run, string? Test, bool Float16, string? DataTerms)
{
    /// <summary>Settings given anew, which must leave the weights as they are.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>Other trainings, runs of any network without captions or graphs of the same one, whose fills are averaged with this one's.</summary>
    public IReadOnlyList<string> With { get; init; } = [];
}

/// <summary>A run's best weights as a graph with its manifest and figures.</summary>
/// <param name="Model">The graph.</param>
/// <param name="Manifest">Its manifest, with the figures in it.</param>
/// <param name="Export">What the exporter wrote and compared.</param>
/// <param name="Weights">Weights that were trained, as <c>train</c> counts them.</param>
/// <param name="Evaluation">The figures of graph and baselines; null without photos to score on.</param>
/// <param name="Test">What the photos of the figures were to the training.</param>
internal sealed record ExportedRun(byte[] Model, GraphManifest Manifest, OnnxExportResult Export, long Weights, EvaluationResult? Evaluation, TestUse Test);

/// <summary>Turns a run into a graph: exported, verified, scored, and its figures compared with the network's own.</summary>
internal static class RunExport
{
    private const float Tolerance = 1e-5f;
    private const double LargestScoreDifference = 1e-4, LargestScoreDifferenceFloat16 = 1e-3;

    // What leaves the weights, and what the card says of their training, as they are.
    private static readonly string[] Changeable = ["name", "description", "network.unet.mirror_average"];

    /// <summary>Exports in memory.</summary>
    /// <exception cref="UsageException">A setting is one of the training's.</exception>
    /// <exception cref="FailedException">The graph's figures are not the network's.</exception>
    public static ExportedRun Make(ExportRequest request, Terminal terminal, CancellationToken stop)
    {
        if (request.Settings.FirstOrDefault(s => !Changeable.Contains(s.Split('=')[0])) is { } setting)
        {
            throw new UsageException($"--set {setting}: found '{setting.Split('=')[0]}', expected one of {string.Join(", ", Changeable)}: all else belongs to the training, which is done. Train anew for another value.");
        }

        TrainingConfig config = request.Run.Config(request.Settings);
        RunDescription description = request.Run.Description();
        Vocabulary? vocabulary = description.Vocabulary is { } words ? new Vocabulary(words) : null;
        using FillNetwork network = NetworkOf(request, config, vocabulary);
        network.eval();

        (byte[] model, OnnxExportResult export) = Graph(network, config, vocabulary, request.Float16);
        GraphManifest manifest = ManifestOf(config, description, vocabulary, model, request);
        EvaluationResult? evaluation = null;
        var use = TestUse.Unseen;
        if ((request.Test ?? description.Test) is { } test)
        {
            use = TestPhotos.Of(test, description, manifest.Provenance!.Command!);
            evaluation = Score(test, model, manifest, terminal, stop);
            Compare(network, config, vocabulary, test, evaluation.Graphs[config.Name].Scores, request.Float16, terminal, stop);
            manifest = manifest with { Scores = new Dictionary<string, IReadOnlyDictionary<string, double>> { ["test"] = ManifestScores(evaluation.Graphs[config.Name]) } };
        }

        return new ExportedRun(model, manifest, export, network.parameters().Sum(p => p.numel()), evaluation, use);
    }

    private static FillNetwork NetworkOf(ExportRequest request, TrainingConfig config, Vocabulary? vocabulary)
    {
        FillNetwork own = NetworkFactory.Create(config, vocabulary?.Count ?? 0);
        request.Run.LoadBest(own);
        return request.With.Count == 0 ? own : new MeanNetwork([own, .. request.With.Select(source => Member(source, config, vocabulary))]);
    }

    private static FillNetwork Member(string source, TrainingConfig config, Vocabulary? vocabulary)
    {
        TrainedWeights given = FirstWeights.Read(source, "--with");
        if (given.Picture is { } picture && picture != config.Picture)
        {
            throw new FailedException($"--with {source}: its pictures are {picture.Size}x{picture.Size} with a hole of {picture.Hole}x{picture.Hole}; expected {config.Picture.Size}x{config.Picture.Size} with {config.Picture.Hole}x{config.Picture.Hole}, as those of {config.Name}. Name a training of the same picture.size.");
        }

        // A run says what network it has; a graph must be of this one.
        TrainingConfig its = given.Config ?? config;
        if ((its.Caption is not null || given.TakeCaptions) && !(given.Words ?? []).SequenceEqual(vocabulary?.Words ?? []))
        {
            throw new FailedException($"--with {source}: it has {Words(given.Words)}; expected {Words(vocabulary?.Words)}, as {config.Name} has, as both are given the same captions. Name a training on the same captions.");
        }

        FillNetwork other = NetworkFactory.Create(its, vocabulary?.Count ?? 0);
        RunFolder.Load(other, given.Tensors, given.From, given.LearnedOnly);
        foreach (Tensor read in given.Tensors.Values)
        {
            read.Dispose();
        }

        return other;
    }

    private static string Words(IReadOnlyList<string>? words) => words is null ? "no vocabulary" : $"a vocabulary of {words.Count} words ({string.Join(", ", words.Take(5))}, ...)";

    /// <summary>The graph of a network in evaluation mode. Batch norms stay nodes of their own, so that the weights can be taken up again.</summary>
    /// <exception cref="FailedException">The exporter refuses the network, or its graph computes something else.</exception>
    public static (byte[] Model, OnnxExportResult Result) Graph(FillNetwork network, TrainingConfig config, Vocabulary? vocabulary, bool float16)
    {
        using DisposeScope scope = NewDisposeScope();
        random.manual_seed(config.Seed);
        Tensor image = rand(2, 3, config.Picture.Size, config.Picture.Size);
        using (Tensor hidden = Blocks.Centre(image, config.Picture.Margin))
        {
            hidden.zero_();
        }

        Tensor[] examples = vocabulary is null ? [image] : [image, (rand(2, vocabulary.Count) < 0.05).to(ScalarType.Float32)];
        try
        {
            return OnnxExporter.ToBytes(network, examples, new OnnxExportOptions
            {
                OutputNames = ["fill"],
                Tolerance = Tolerance,
                FoldBatchNorm = false,
                Float16 = float16,
                Metadata = { ["name"] = config.Name, ["description"] = config.Description },
            });
        }
        catch (ExportException e)
        {
            throw new FailedException($"{config.Name} cannot be exported: {e.Message}", e);
        }
    }

    private static GraphManifest ManifestOf(TrainingConfig config, RunDescription description, Vocabulary? vocabulary, byte[] model, ExportRequest request)
    {
        PixelRect hole = config.Picture.Rect;
        InputContract image = new() { Name = "image", Parts = [new InputPart { Role = PartRole.Image }] };
        InputContract caption = new() { Name = "caption", Parts = [new InputPart { Role = PartRole.Caption }] };
        return new GraphManifest
        {
            Version = GraphManifest.CurrentVersion,
            Name = config.Name,
            Description = config.Description,
            Graph = new GraphFileContract { Sha256 = Convert.ToHexStringLower(SHA256.HashData(model)), Opset = 17 },
            Size = new SizeContract { Width = config.Picture.Size, Height = config.Picture.Size },
            Hole = new HoleContract { Kind = HoleKind.Fixed, X = hole.X, Y = hole.Y, Width = hole.Width, Height = hole.Height },
            Inputs = vocabulary is null ? [image] : [image, caption],
            Output = new OutputContract { Name = "fill", Content = OutputContent.Fill },
            Caption = vocabulary is null ? null : new CaptionEncoder(vocabulary).ToContract(required: false),
            Provenance = new Provenance
            {
                Source = "training/Inpaint.Training",
                Command = CommandText.Of(request, description, config.Name),
                Data = description.Sources,
                Seed = config.Seed,
                Licence = "MIT",
                DataLicence = request.DataTerms ?? "The photos belong to their owners; see where they were taken from.",
            },
        };
    }

    private static EvaluationResult Score(string test, byte[] model, GraphManifest manifest, Terminal terminal, CancellationToken stop)
    {
        var graph = GraphPackage.FromBytes(model, manifest.ToJson(), manifest.Name);
        using IPhotoDataset photos = KnownDatasets.Formats.Open(test);
        return terminal.WithProgress("Scoring", photos.Count, "photos", progress => Evaluator.Run(
            photos,
            [new EvaluatedGraph(manifest.Name, graph)],
            new EvaluationOptions { CaptionTest = manifest.Caption is not null, Progress = p => progress.Report(p.Done) },
            stop));
    }

    private static void Compare(FillNetwork network, TrainingConfig config, Vocabulary? vocabulary, string test, FillScores graph, bool float16, Terminal terminal, CancellationToken stop)
    {
        PhotoPool photos = PhotoPool.Load([test], config.Picture, null, null, null, stop);
        WordTable? words = vocabulary is null ? null : new WordTable(photos, new CaptionEncoder(vocabulary));
        var compute = Compute.Create("cpu", Precision.Float32, channelsLast: true, terminal.Warn);
        compute.Place(network);
        FillScores own = new Validator(photos, words, config, compute).Run(network, stop: stop);
        double allowed = float16 ? LargestScoreDifferenceFloat16 : LargestScoreDifference;
        (double found, double expected) = (graph["hole_mse"]!.Value, own["hole_mse"]!.Value);
        if (Math.Abs(found - expected) > allowed)
        {
            throw new FailedException(string.Create(CultureInfo.InvariantCulture, $"On {test} the network's hole_mse is {expected:0.000000}, the graph's {found:0.000000}; they may differ by {allowed}. Nothing was written."));
        }
    }

    private static Dictionary<string, double> ManifestScores(FillEvaluation evaluation)
    {
        var figures = new Dictionary<string, double> { ["photos"] = evaluation.Scores.Photos };
        foreach (Metric metric in Metric.All)
        {
            if (evaluation.Scores[metric] is { } value)
            {
                figures[metric.Key] = Math.Round(value, 6);
            }
        }

        if (evaluation.CaptionTest is { Hole: { } captions })
        {
            figures["caption_gain"] = Math.Round(captions.ShuffledMinusTrue.Difference, 6);
        }

        return figures;
    }
}
