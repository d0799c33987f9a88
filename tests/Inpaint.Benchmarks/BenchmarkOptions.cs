using Inpaint.Evaluation;
using Inpaint.Onnx.TorchSharp;

namespace Inpaint.Benchmarks;

/// <summary>The command-line options.</summary>
internal sealed record BenchmarkOptions
{
    public const string Usage = """
        usage: Inpaint.Benchmarks COMMAND [options]
          pipelines   photos per second of every pipeline, over small PNGs and large JPEGs, with three graphs
          memory      peak memory for 1,000 and 100,000 rows, and that of large photos with a small hole
          masked-memory  only the latter
          predict     time of a single prediction
          batch       photos per second of batch jobs; time and memory of their steps for many rows
          web         the HTTP service at 1 to 64 connections
          export      time and memory of an export; five networks in ONNX Runtime and TorchSharp
          fills       graphs beside OpenCV and G'MIC on the same photos and masks: quality, time and memory
          all         all but fills
        options:
          --photos N     number of small PNGs, and rows per pass over them (default 2000); export: most pictures per pass
          --passes N     measured passes (default 5)
          --rows N       batch: rows of the large job (default 100000; from 1000000, a job of ten times as many is planned too)
          --graph NAME   pipelines: only this graph: small, middle or large
          --data NAME    pipelines, batch: only these files: png or jpeg
          --network NAME export: only this network: ResNet-18, ResNet-50, MobileNet-v2, U-Net or ViT-tiny
          --only A,B     pipelines: only these contenders (without comparing with the targets); fills: graphs, opencv-ns, opencv-telea,
                         gmic-inpaint, gmic-matchpatch
          --dataset PATH fills: the photos (default: coco-mini of the shared data)
          --masks MASKS  fills: as --masks of inpaint evaluate (default blobs:1)
          --size SIZE    fills: as --size of inpaint evaluate: 64, 256, 384 or native (default 384)
          --limit N      fills: only the first photos
          --fills DIR    fills: writes photos, masks and fills there, to look at; contenders whose folders are there are not run again
          --out FILE     also writes the Markdown to a file
          --json FILE    writes every pass as JSON
        """;

    public required string Command { get; init; }

    public int Photos { get; init; } = 2000;

    public int Passes { get; init; } = 5;

    public int Rows { get; init; } = 100_000;

    public string? Graph { get; init; }

    public string? Data { get; init; }

    public string? Network { get; init; }

    public IReadOnlyList<string>? Only { get; init; }

    public string Dataset { get; init; } = PhotoFiles.FindAbove(PhotoFiles.SharedPhotos) ?? "scenes:24:384";

    public string Masks { get; init; } = "blobs:1";

    public string Size { get; init; } = "384";

    public int Limit { get; init; } = int.MaxValue;

    public string? Fills { get; init; }

    public string? Out { get; init; }

    public string? Json { get; init; }

    /// <summary>Parses arguments.</summary>
    /// <exception cref="ArgumentException">An unknown option, or an invalid value.</exception>
    public static BenchmarkOptions Parse(IReadOnlyList<string> arguments)
    {
        string command = arguments.Count > 0 ? arguments[0] : "";
        if (command is not ("pipelines" or "memory" or "masked-memory" or "predict" or "batch" or "web" or "export" or "fills" or "all"))
        {
            throw new ArgumentException($"'{command}' is not a command; expected pipelines, memory, masked-memory, predict, batch, web, "
                + "export, fills or all.");
        }

        var options = new BenchmarkOptions { Command = command };
        for (int i = 1; i < arguments.Count; i += 2)
        {
            string value = i + 1 < arguments.Count ? arguments[i + 1] : throw new ArgumentException($"{arguments[i]} has no value.");
            options = arguments[i] switch
            {
                "--photos" => options with { Photos = Number(arguments[i], value) },
                "--passes" => options with { Passes = Number(arguments[i], value) },
                "--rows" => options with { Rows = Number(arguments[i], value) },
                "--graph" => options with { Graph = OneOf(arguments[i], value, [.. ConvolutionGraph.All.Select(g => g.Name)]) },
                "--data" => options with { Data = OneOf(arguments[i], value, ["png", "jpeg"]) },
                "--network" => options with { Network = OneOf(arguments[i], value, [.. BenchmarkNetwork.All.Select(n => n.Name)]) },
                "--only" =>
                    options with { Only = [.. value.Split(',').Select(c => OneOf(arguments[i], c,
                        command == "fills" ? [.. GraphLocator.Names(), .. FillProgram.All.Keys] : PipelinesBenchmark.Contenders))] },
                "--dataset" => options with { Dataset = value },
                "--masks" => options with { Masks = value },
                "--size" => options with { Size = OneOf(arguments[i], value, [.. EvaluationPicture.Named.Keys]) },
                "--limit" => options with { Limit = Number(arguments[i], value) },
                "--fills" => options with { Fills = value },
                "--out" => options with { Out = value },
                "--json" => options with { Json = value },
                _ => throw new ArgumentException($"'{arguments[i]}' is not an option."),
            };
        }

        return options;
    }

    private static int Number(string option, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
            ? number
            : throw new ArgumentException($"{option} is '{value}'; expected a positive integer.");

    private static string OneOf(string option, string value, IReadOnlyList<string> known) =>
        known.Contains(value) ? value : throw new ArgumentException($"{option} is '{value}'; expected {string.Join(", ", known)}.");
}
