using System.Globalization;
using System.Security.Cryptography;
using Inpaint.Onnx.TorchSharp;
using Inpaint.Onnx.TorchSharp.Tracing;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training.Export;

/// <summary>The arguments of <c>export</c>.</summary>
/// <param name="Run">The run.</param>
/// <param name="Test">The dataset of final figures. Default: the run's own.</param>
/// <param name="Float16">Whether weights are stored as 16-bit floats.</param>
/// <param name="DataTerms">The terms of use of the photos; optional.</param>
internal sealed record ExportRequest(RunFolder Run, string? Test, bool Float16, string? DataTerms)
{
    /// <summary>Overridden settings, which must not affect the weights.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>Other runs, or graphs of the same network, whose fills are averaged with those of the run.</summary>
    public IReadOnlyList<string> With { get; init; } = [];
}

/// <summary>A run's best weights as a graph with its manifest and figures.</summary>
/// <param name="Model">The graph.</param>
/// <param name="Manifest">Its manifest, with the figures in it.</param>
/// <param name="Export">The exporter's report.</param>
/// <param name="Weights">Number of trained weights, as <c>train</c> counts them.</param>
/// <param name="Evaluation">The figures of graph and baselines; null without test photos.</param>
/// <param name="Test">The role of the test photos in the training.</param>
internal sealed record ExportedRun(
    byte[] Model, GraphManifest Manifest, OnnxExportResult Export, long Weights, EvaluationResult? Evaluation, TestUse Test);

/// <summary>Exports a run as a graph, which is verified and scored; its figures are compared with the network's.</summary>
internal static class RunExport
{
    private const float Tolerance = 1e-5f;
    private const int Opset = 18;
    private const double LargestScoreDifference = 1e-4, LargestScoreDifferenceFloat16 = 1e-3;

    // Settings that affect neither the weights nor the card's description of their training.
    private static readonly string[] Changeable = ["name", "description", "network.unet.mirror_average"];

    /// <summary>Exports in memory.</summary>
    /// <exception cref="UsageException">A setting belongs to the training.</exception>
    /// <exception cref="FailedException">The graph's figures differ from the network's.</exception>
    public static ExportedRun Make(ExportRequest request, Terminal terminal, CancellationToken stop)
    {
        if (request.Settings.FirstOrDefault(s => !Changeable.Contains(s.Split('=')[0])) is { } setting)
        {
            throw new UsageException(
                $"--set {setting}: found '{setting.Split('=')[0]}', expected one of {string.Join(", ", Changeable)}: "
                + "other settings belong to the finished training. Train again for another value.");
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
            manifest = manifest with
            {
                Scores = new Dictionary<string,
                    IReadOnlyDictionary<string, double>> { ["test"] = ManifestScores(evaluation.Graphs[config.Name]) },
            };
        }

        return new ExportedRun(model, manifest, export, network.parameters().Sum(p => p.numel()), evaluation, use);
    }

    private static FillNetwork NetworkOf(ExportRequest request, TrainingConfig config, Vocabulary? vocabulary)
    {
        FillNetwork own = config.CreateNetwork(vocabulary?.Count ?? 0);
        ModuleWeights.Load(own, request.Run.BestWeights());
        return request.With.Count == 0 ? own : new MeanNetwork([own, .. request.With.Select(source => Member(source, config, vocabulary))]);
    }

    private static FillNetwork Member(string source, TrainingConfig config, Vocabulary? vocabulary)
    {
        TrainedWeights given = FirstWeights.Read(source, "--with");
        if (given.Picture is { } picture && picture != config.Picture)
        {
            throw new FailedException(
                $"--with {source}: its pictures are {picture.Size}x{picture.Size} with a hole of {picture.Hole}x{picture.Hole}; expected "
                + $"{config.Picture.Size}x{config.Picture.Size} with {config.Picture.Hole}x{config.Picture.Hole}, like those of "
                    + $"{config.Name}. "
                + "Give a training of the same picture.size.");
        }

        // The network of a run is known; a graph must be of this one.
        TrainingConfig its = given.Config ?? config;
        if ((its.Caption is not null || given.TakesCaptions) && !(given.Words ?? []).SequenceEqual(vocabulary?.Words ?? []))
        {
            throw new FailedException(
                $"--with {source}: it has {Words(given.Words)}; expected {Words(vocabulary?.Words)}, like {config.Name}, as both get the "
                    + $"same "
                + "captions. Give a training on the same captions.");
        }

        FillNetwork other = its.CreateNetwork(vocabulary?.Count ?? 0);
        ModuleWeights.Load(other, given.Tensors, given.From, given.LearnedOnly);
        foreach (Tensor read in given.Tensors.Values)
        {
            read.Dispose();
        }

        return other;
    }

    private static string Words(IReadOnlyList<string>? words) => words is null
        ? "no vocabulary"
        : $"a vocabulary of {words.Count} words ({string.Join(", ", words.Take(5))}, ...)";

    /// <summary>
    /// The graph of a network in evaluation mode. Batch norms stay separate nodes, so that training can start from the graph's weights.
    /// </summary>
    /// <exception cref="FailedException">The exporter rejects the network, or the graph's results differ.</exception>
    public static (byte[] Model, OnnxExportResult Result) Graph(
        FillNetwork network, TrainingConfig config, Vocabulary? vocabulary, bool float16)
    {
        using DisposeScope scope = NewDisposeScope();
        random.manual_seed(config.Seed);
        Tensor image = rand(2, 3, config.Picture.Size, config.Picture.Size);
        using (Tensor hidden = Blocks.Centre(image, config.Picture.Margin))
        {
            hidden.zero_();
        }

        bool anyMask = config.Masks is not null;
        Tensor[] examples = vocabulary is not null ? [image, (rand(2, vocabulary.Count) < 0.05).to(ScalarType.Float32)]
            : anyMask ? [image, (image.sum(1, keepdim: true) == 0).to(ScalarType.Float32)]
            : [image];
        var options = new OnnxExportOptions
        {
            InputNames = vocabulary is not null ? ["image", "caption"] : anyMask ? ["image", "mask"] : ["image"],
            OutputNames = [OutputOf(config).Name],
            Tolerance = Tolerance,
            Opset = Opset,
            FoldBatchNorm = false,
            Float16 = float16,
            Metadata = { ["name"] = config.Name, ["description"] = config.Description },
        };
        if (anyMask)
        {
            options.DynamicAxes["image"] = options.DynamicAxes["mask"] = [0, 2, 3];
        }

        try
        {
            return OnnxExporter.ToBytes(network, examples, options);
        }
        catch (ExportException e)
        {
            throw new FailedException($"{config.Name} cannot be exported: {e.Message}", e);
        }
    }

    private static OutputContract OutputOf(TrainingConfig config) => config.Masks is null
        ? new OutputContract { Name = "fill", Content = OutputContent.Fill }
        : new OutputContract { Name = "output", Content = OutputContent.Pasted };

    private static GraphManifest ManifestOf(
        TrainingConfig config, RunDescription description, Vocabulary? vocabulary, byte[] model, ExportRequest request)
    {
        PixelRect hole = config.Picture.Rect;
        InputContract image = new() { Name = "image", Parts = [new InputPart { Role = PartRole.Image }] };
        InputContract caption = new() { Name = "caption", Parts = [new InputPart { Role = PartRole.Caption }] };
        InputContract mask = new() { Name = "mask", Parts = [new InputPart { Role = PartRole.Mask }] };
        return new GraphManifest
        {
            Version = GraphManifest.CurrentVersion,
            Name = config.Name,
            Description = config.Description,
            Graph = new GraphFileContract { Sha256 = Convert.ToHexStringLower(SHA256.HashData(model)), Opset = Opset },
            Size = config.Masks is { } masks
                ? new SizeContract { MultipleOf = config.Network.Settings.SizeMultiple!.Value, MaxSide = masks.Sizes.Max() }
                : new SizeContract { Width = config.Picture.Size, Height = config.Picture.Size },
            Hole = config.Masks is not null
                ? new HoleContract { Kind = HoleKind.Free }
                : new HoleContract { Kind = HoleKind.Fixed, X = hole.X, Y = hole.Y, Width = hole.Width, Height = hole.Height },
            Inputs = vocabulary is not null ? [image, caption] : config.Masks is not null ? [image, mask] : [image],
            Output = OutputOf(config),
            Caption = vocabulary is null ? null : new CaptionEncoder(vocabulary).ToContract(required: false),
            Provenance = new Provenance
            {
                Source = "training/Inpaint.Training",
                Command = CommandOf(request, description, config.Name),
                Data = description.Sources,
                Seed = config.Seed,
                Licence = "MIT",
                DataLicence = request.DataTerms ?? "The photos belong to their owners; see their sources.",
            },
        };
    }

    // The commands of the training, of those whose fills are averaged with it, and of the export if it has options.
    private static string CommandOf(ExportRequest request, RunDescription description, string name)
    {
        string[] options =
        [
            .. request.With.SelectMany(w => new[] { "--with", CommandText.Short(w) }),
            .. request.Settings.SelectMany(s => new[] { "--set", s }),
        ];
        string export = $"export {name} --out onnx/{name} {string.Join(' ', options.Select(ShellWord.Quote))}";
        return string.Join("; ", [
            description.Command,
            .. request.With.Select(w => $"{CommandText.Short(w)}: {CommandText.OfSource(w)}"),
            .. options.Length == 0 ? Array.Empty<string>() : [export],
        ]);
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

    private static void Compare(
        FillNetwork network, TrainingConfig config, Vocabulary? vocabulary, string test, FillScores graph, bool float16, Terminal terminal,
        CancellationToken stop)
    {
        // Graphs of any size are evaluated at the default size.
        PictureConfig picture = config.Masks is null ? config.Picture : new PictureConfig { Size = EvaluationPicture.Default.Width };
        PhotoPool photos = PhotoPool.Load([test], picture, null, null, null, stop);
        WordTable? words = WordTable.Of(photos, vocabulary);
        var compute = Compute.Create("cpu", Precision.Float32, channelsLast: true, terminal.Warn);
        compute.Place(network);
        double own = config.Masks is { } masks
            ? new MaskValidator(photos, config with { Masks = masks with { Kinds = [MaskKind.Centre] } }, compute).Run(network)["hole_mse"]
            : new Validator(photos, words, config, compute).Run(network, stop: stop)["hole_mse"]!.Value;
        double allowed = float16 ? LargestScoreDifferenceFloat16 : LargestScoreDifference;
        if (Math.Abs(own - graph["hole_mse"]!.Value) > allowed)
        {
            throw new FailedException(string.Create(
                CultureInfo.InvariantCulture,
                $"On {test} the network's hole_mse is {own:0.000000}, the graph's {graph["hole_mse"]:0.000000}; they may "
            + $"differ by {allowed}. "
                    + $"Nothing was written."));
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
