using Inpaint.Onnx.TorchSharp;

namespace Inpaint.Benchmarks;

/// <summary>What the command line says.</summary>
internal sealed record BenchmarkOptions
{
    public const string Usage = """
        usage: Inpaint.Benchmarks COMMAND [options]
          pipelines   photos a second of every pipeline, over small PNGs and large JPEGs, with three graphs
          memory      peak memory of 1,000 and 100,000 rows
          predict     time of a single prediction
          batch       photos a second of batch jobs, and time and memory of their steps for many rows
          web         the HTTP service at 1 to 64 connections
          export      time and memory of an export, and five networks in ONNX Runtime and in TorchSharp
          all         all six
        options:
          --photos N     small PNGs, and rows of a pass over them (default 2000); export: at most so many pictures in a pass
          --passes N     passes that count (default 5)
          --rows N       batch: rows of the large job (default 100000; from 1000000 on, ten times as many are planned too)
          --graph NAME   pipelines: one graph alone: small, middle or large
          --data NAME    pipelines, batch: one set of files alone: png or jpeg
          --network NAME export: one network alone: ResNet-18, ResNet-50, MobileNet-v2, U-Net or ViT-tiny
          --only A,B     pipelines: these contenders alone (the aims are then left out)
          --out FILE     writes the Markdown there too
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

    public string? Out { get; init; }

    public string? Json { get; init; }

    /// <summary>Reads arguments.</summary>
    /// <exception cref="ArgumentException">One is not known, or its value is not as it must be.</exception>
    public static BenchmarkOptions Parse(IReadOnlyList<string> arguments)
    {
        string command = arguments.Count > 0 ? arguments[0] : "";
        if (command is not ("pipelines" or "memory" or "predict" or "batch" or "web" or "export" or "all"))
        {
            throw new ArgumentException($"'{command}' is no command; expected pipelines, memory, predict, batch, web, export or all.");
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
                "--only" => options with { Only = [.. value.Split(',').Select(c => OneOf(arguments[i], c, PipelinesBenchmark.Contenders))] },
                "--out" => options with { Out = value },
                "--json" => options with { Json = value },
                _ => throw new ArgumentException($"'{arguments[i]}' is no option."),
            };
        }

        return options;
    }

    private static int Number(string option, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
            ? number
            : throw new ArgumentException($"{option} is '{value}'; expected a whole number of 1 or more.");

    private static string OneOf(string option, string value, IReadOnlyList<string> known) =>
        known.Contains(value) ? value : throw new ArgumentException($"{option} is '{value}'; expected {string.Join(", ", known)}.");
}
