using System.CommandLine;
using Inpaint.Cli.Graphs;
using Inpaint.CommandLine;
using Inpaint.Evaluation;
using Inpaint.Evaluation.Perception;
using Inpaint.ML.Rows;

namespace Inpaint.Cli.Evaluate;

internal static class EvaluateCommand
{
    private const int SheetPhotos = 12;

    private static readonly Argument<string> Dataset = new("DATASET") { Description = $"The photos: {KnownDatasets.Formats.Expected}." };

    private static readonly Option<string[]> Graphs = new("--graph", "-g")
    {
        Description = "A graph to evaluate: a name under onnx/, or the path of a folder with model.onnx and model.json. "
            + "Give it once for each graph.",
        HelpName = "NAME_OR_PATH",
        Required = true,
    };

    private static readonly Option<string?> Captions = new("--captions")
    {
        Description = "Captions to use instead of the dataset's own: one JSON object per line.", HelpName = "FILE",
    };

    private static readonly Option<bool> CaptionTest = new("--caption-test")
    {
        Description = "Also fill with other photos' captions, and with none.",
    };

    private static readonly Option<int?> Limit = MakeLimit();

    private static readonly Option<string?> Masks = new Option<string?>("--masks")
    {
        Description = "The hidden pixels of each photo: a kind of random mask with a seed (default 1), a mask for all photos, or a folder "
            + "with a mask for each. Default: the hole of each graph, or the centre half.",
        HelpName = EvaluationMasks.Expected,
    }.NotEmpty();

    private static readonly Option<string?> Size = MakeSize();

    private static readonly Option<string?> WriteMasks = new Option<string?>("--write-masks")
    {
        Description = "Write the masks there, as PNGs that --masks reads.", HelpName = "DIR",
    }.NotEmpty();

    private static readonly Option<bool> Perceptual = new("--perceptual")
    {
        Description = "Also measure the perceptual distance and KID, with a pretrained network that is looked for in the NuGet packages "
            + $"({PerceptualNetwork.Package}).",
    };

    private static readonly Option<string?> Network = new Option<string?>("--perceptual-network")
    {
        Description = $"The same with the network's file. Also: the environment variable {PerceptualNetwork.EnvironmentVariable}.",
        HelpName = "FILE",
    }.NotEmpty();

    private static readonly Option<string?> Report = new("--report")
    {
        Description = "Write report.html there: tables, plots and a sheet of fills.", HelpName = "DIR",
    };

    public static Command Create()
    {
        var command = new Command("evaluate", "Measures how well graphs fill the holes of a dataset's photos, compared with two baselines.")
        {
            Dataset, Graphs, Masks, Size, WriteMasks, Perceptual, Network, Captions, CaptionTest, Limit, Report, CommonOptions.Json,
        };
        CommonOptions.Scoring.AddTo(command);
        command.Runs(Run);
        return command;
    }

    private static int Run(CommandCall call)
    {
        IReadOnlyList<EvaluatedGraph> graphs = LoadGraphs(call.Arguments.GetRequiredValue(Graphs));
        bool captionTest = call.Arguments.GetValue(CaptionTest);
        if (captionTest && graphs.All(g => g.Graph.Manifest.Caption is null))
        {
            string found = string.Join(", ", graphs.Select(g => g.Name));
            throw new UsageException($"--caption-test needs a graph that takes captions; found {found}. Omit it, or add such a graph.");
        }

        HoleSource? masks = call.Arguments.GetValue(Masks) is { } kind ? EvaluationMasks.Parse(kind) : null;
        EvaluationPicture? picture = call.Arguments.GetValue(Size) is { } size ? EvaluationPicture.Named[size] : null;
        string? maskFolder = call.Arguments.GetValue(WriteMasks);
        if (maskFolder is not null && picture is null)
        {
            throw new UsageException("--write-masks needs --size: without it, graphs are evaluated at their own sizes. Add --size.");
        }

        using IPhotoDataset dataset = KnownDatasets.Formats.Open(call.Arguments.GetRequiredValue(Dataset),
            call.Arguments.GetValue(Captions));
        string? report = call.Arguments.GetValue(Report);
        var sheet = new SampleSheet(SheetPhotos);
        InpaintingOptions inpainting = CommonOptions.Scoring.Read(call.Arguments);
        inpainting = inpainting with { Execution = inpainting.Execution with { Warn = call.Terminal.Warn } };
        int? limit = call.Arguments.GetValue(Limit);
        string? file = call.Arguments.GetValue(Network);
        using PerceptualNetwork? network = file is not null || call.Arguments.GetValue(Perceptual)
            ? PerceptualNetwork.Load(file, inpainting.Execution)
            : null;
        using MaskWriter? writer = maskFolder is null ? null : new MaskWriter(maskFolder);
        long? total = dataset.Count is { } count ? Math.Min(count, limit ?? count) : null;
        EvaluationResult result = call.Terminal.WithProgress("Evaluating", total, "photos", progress => Evaluator.Run(
            dataset,
            graphs,
            new EvaluationOptions
            {
                Inpainting = inpainting,
                Holes = masks,
                Picture = picture,
                Perceptual = network,
                OnError = inpainting.OnError,
                CaptionTest = captionTest,
                Limit = limit,
                Observe = Observer(report is null ? null : sheet, writer),
                Progress = p => progress.Report(p.Done + p.Bad),
            },
            call.Cancellation));

        EvaluationText.WarnOfBadPhotos(call.Terminal, result);
        if (report is not null)
        {
            call.Terminal.Say($"Report: {EvaluationReport.Write(report, result, sheet.Picked())}");
        }

        if (call.Terminal.Json)
        {
            Terminal.WriteJson(EvaluationJson.Of(result));
        }
        else
        {
            EvaluationText.Write(call.Terminal.Data, result);
        }

        return result.BadPhotos.Count == 0 ? ExitCode.Done : ExitCode.BadRows;
    }

    private static Action<EvaluatedPhoto>? Observer(SampleSheet? sheet, MaskWriter? writer) => sheet is null && writer is null ? null
        : photo =>
        {
            sheet?.Offer(photo);
            writer?.Write(photo);
        };

    private static List<EvaluatedGraph> LoadGraphs(string[] names)
    {
        var graphs = new List<EvaluatedGraph>();
        var folders = new Dictionary<string, string>();
        foreach (string name in names)
        {
            string folder = GraphFolder.Find(name);
            if (!folders.TryAdd(folder, name))
            {
                throw new UsageException(folders[folder] == name
                    ? $"--graph {name} is given twice; expected each graph once."
                    : $"--graph {name} and --graph {folders[folder]} are the same graph ({folder}); expected each graph once.");
            }

            graphs.Add(new EvaluatedGraph(name, GraphPackage.Load(folder)));
        }

        return graphs;
    }

    private static Option<string?> MakeSize()
    {
        var option = new Option<string?>("--size")
        {
            Description = "The size photos are evaluated at: the centred square of 64 or 256 pixels, the whole photo with its longer side "
                + "at most 384 pixels, or as decoded. Graphs of another size fill their window of it. Default: the size of each graph.",
            HelpName = string.Join('|', EvaluationPicture.Named.Keys),
        };
        return option.AcceptOnlyFromAmong([.. EvaluationPicture.Named.Keys]);
    }

    private static Option<int?> MakeLimit()
    {
        var option = new Option<int?>("--limit") { Description = "Only the first N photos.", HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(int.TryParse(token.Value, out int value) && value >= 1))
            {
                result.AddError($"--limit is '{token.Value}'; expected an integer of 1 or more.");
            }
        });
        return option;
    }
}
