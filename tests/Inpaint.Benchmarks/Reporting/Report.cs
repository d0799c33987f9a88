using System.Text;
using System.Text.Json;
using Inpaint.Evaluation.Metrics;

namespace Inpaint.Benchmarks;

/// <summary>Collects the measurements as Markdown and JSON; tables are printed to the console as they are completed.</summary>
internal sealed class Report
{
    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private readonly StringBuilder _markdown = new();
    private readonly List<object> _measured = [];
    private readonly List<(string What, double Found, double Target, bool AtMost)> _targets = [];
    private readonly Machine _machine = Machine.Here();

    public Report() => Text(_machine.ToString());

    public void Heading(string heading) => Write($"\n## {heading}\n");

    public void Text(string text) => Write($"\n{text}\n");

    public void Pipelines(PhotoFiles files, ConvolutionGraph graph, int rows, IReadOnlyList<Series> series)
    {
        Series? Of(string name) => series.FirstOrDefault(s => s.Contender == name);
        Series? stock = Of(Contender.Stock), tuned = Of(Contender.Tuned), bare = Of(Contender.Bare);
        WriteTitle(files, graph, rows);
        Write("| | photos/s | CPU µs/photo | peak MB | over stock | over tuned stock | over bare loop | over bare loop, by CPU |\n");
        Write("|---|---:|---:|---:|---:|---:|---:|---:|\n");
        foreach (Series s in series)
        {
            Write($"| {Contender.Title(s.Contender)} | {s.PhotosPerSecond:N0} | {s.CpuMicrosecondsPerPhoto:N0} | {s.PeakMegabytes:N0} ");
            Write($"| {Ratio(stock, s.SpeedOver)} | {Ratio(tuned, s.SpeedOver)} ");
            Write($"| {Ratio(bare, s.SpeedOver)} | {Ratio(bare, s.CpuSpeedOver)} |\n");
        }

        _measured.Add(new { Kind = "pipelines", Files = files.Name, Graph = graph.Name, graph.MegaFlops, Series = series });
    }

    public void Memory(IReadOnlyList<(string Contender, Pass Few, Pass Many)> measured, int few, int many)
    {
        Write($"\n| | {few:N0} rows, MB | {many:N0} rows, MB |\n|---|---:|---:|\n");
        foreach ((string contender, Pass first, Pass second) in measured)
        {
            Write($"| {Contender.Title(contender)} | {first.PeakBytes / 1048576.0:N0} | {second.PeakBytes / 1048576.0:N0} |\n");
            _measured.Add(new { Kind = "memory", Contender = contender, Few = first, Many = second });
        }
    }

    public void MaskedMemory(IReadOnlyList<(string Photo, string Contender, Pass Pass)> measured)
    {
        Write("\n| photo | | seconds | CPU seconds | peak MB |\n|---|---|---:|---:|---:|\n");
        foreach ((string photo, string contender, Pass pass) in measured)
        {
            Write($"| {photo} | {Contender.Title(contender)} | {pass.Seconds:0.0} | {pass.CpuSeconds:0.0} "
                + $"| {pass.PeakBytes / 1048576.0:N0} |\n");
            _measured.Add(new { Kind = "masked-memory", Photo = photo, Contender = contender, Pass = pass });
        }
    }

    public void Batches(PhotoFiles files, ConvolutionGraph graph, int rows, IReadOnlyList<Series> series)
    {
        Series Of(string name) => series.Single(s => s.Contender == name);
        Series encoding = Of(Contender.BareEncoding), one = Of(Contender.BatchOne);
        WriteTitle(files, graph, rows);
        Write("| | photos/s | CPU µs/photo | peak MB | over the bare encoding loop | the same, by CPU | over one worker |\n");
        Write("|---|---:|---:|---:|---:|---:|---:|\n");
        foreach (Series s in series)
        {
            Write($"| {Contender.Title(s.Contender)} | {s.PhotosPerSecond:N0} | {s.CpuMicrosecondsPerPhoto:N0} | {s.PeakMegabytes:N0} ");
            Write($"| {Ratio(encoding, s.SpeedOver)} | {Ratio(encoding, s.CpuSpeedOver)} | {Ratio(one, s.SpeedOver)} |\n");
        }

        _measured.Add(new { Kind = "batch", Files = files.Name, Graph = graph.Name, graph.MegaFlops, Series = series });
    }

    public void Web(PhotoFiles files, ConvolutionGraph graph, int rows, IReadOnlyList<Series> series)
    {
        WriteTitle(files, graph, rows);
        Write("| | photos/s | over the bare encoding loop | p50, ms | p95, ms | p99, ms | peak MB |\n");
        Write("|---|---:|---:|---:|---:|---:|---:|\n");
        foreach (Series s in series)
        {
            string times = s.Percentiles is { } percentiles
                ? string.Join(" | ", percentiles.Select(t => t.ToString("0.0", CultureInfo.InvariantCulture)))
                : " | | ";
            Write($"| {Contender.Title(s.Contender)} | {s.PhotosPerSecond:N0} | {Ratio(series[0], s.SpeedOver)} ");
            Write($"| {times} | {s.PeakMegabytes:N0} |\n");
        }

        _measured.Add(new { Kind = "web", Files = files.Name, Graph = graph.Name, graph.MegaFlops, Series = series });
    }

    public void Jobs(IReadOnlyList<(int Rows, IReadOnlyList<Pass> Passes)> jobs, IReadOnlyList<string> steps)
    {
        Write("\n| rows | step | seconds | µs per row | peak MB |\n|---:|---|---:|---:|---:|\n");
        foreach ((int rows, IReadOnlyList<Pass> passes) in jobs)
        {
            foreach ((Pass pass, string step) in passes.Zip(steps))
            {
                Write($"| {rows:N0} | {Contender.Title(step)} | {pass.Seconds:N1} | {1e6 * pass.Seconds / rows:N1} ");
                Write($"| {pass.PeakBytes / 1048576.0:N0} |\n");
                _measured.Add(new { Kind = "job", Rows = rows, Step = step, Pass = pass });
            }
        }
    }

    public void Predictions(ConvolutionGraph graph, int calls, IReadOnlyList<Series> series)
    {
        Series bare = series.Single(s => s.Contender == Contender.PredictBare);
        Write($"\n**{graph.Name} graph ({graph.MegaFlops:0.0} MFLOP per photo), {calls:N0} calls per pass.**\n\n");
        Write("| | µs per call | CPU µs per call | relative to the bare call |\n|---|---:|---:|---:|\n");
        foreach (Series s in series)
        {
            string relative = (1 / s.SpeedOver(bare)).ToString("0.00", CultureInfo.InvariantCulture);
            Write($"| {Contender.Title(s.Contender)} | {s.MicrosecondsPerPhoto:N0} | {s.CpuMicrosecondsPerPhoto:N0} | {relative} |\n");
        }

        _measured.Add(new { Kind = "predict", Graph = graph.Name, graph.MegaFlops, Series = series });
    }

    public void Exports(IReadOnlyList<Pass> first, IReadOnlyList<Series> again)
    {
        Write("\n| | first, ms | again, ms | first, peak MB |\n|---|---:|---:|---:|\n");
        foreach ((Pass once, Series series) in first.Zip(again))
        {
            Write($"| {Contender.Title(series.Contender)} | {1000 * once.Seconds:N0} | {series.MicrosecondsPerPhoto / 1000:N0} ");
            Write($"| {once.PeakBytes / 1048576.0:N0} |\n");
            _measured.Add(new { Kind = "export", First = once, Series = series });
        }
    }

    /// <summary>A table of contenders that completed the same photos.</summary>
    public void Fills(IReadOnlyList<(string Title, Pass Pass, FillScores Scores)> contenders)
    {
        string[] keys = ["hole_psnr", "hole_psnr_mean", "perceptual", "kid", "sharpness", "seam"];
        Metric[] metrics = [.. keys.Select(k => Metric.Find(k)!)];
        Write($"\n| | {string.Join(" | ", metrics.Select(m => m.Title))} | seconds | processor seconds | peak MB |\n");
        Write($"|---|{string.Concat(metrics.Select(_ => "---:|"))}---:|---:|---:|\n");
        foreach ((string title, Pass pass, FillScores scores) in contenders)
        {
            IEnumerable<string> figures = metrics.Select(m => m.Text(scores[m]) + (scores.Interval(m) is { } i
                ? $" ({m.Text(i.Low)}–{m.Text(i.High)})" : ""));
            Write($"| {title} | {string.Join(" | ", figures)} | {pass.Seconds / pass.Rows:0.00} | {pass.CpuSeconds / pass.Rows:0.00} ");
            Write($"| {pass.PeakBytes / 1048576.0:N0} |\n");
            _measured.Add(new { Kind = "fills", Contender = title, Pass = pass, Scores = scores.ToJson() });
        }

        (string reference, _, FillScores against) = contenders.LastOrDefault(c => c.Title[0] == '`', contenders[0]);
        Write($"\nPerceptual distance less that of {reference}, photo by photo, with 95 % intervals: ");
        Write(string.Join("; ", contenders.Where(c => c.Title != reference).Select(c =>
        {
            BootstrapInterval i = PairedBootstrap.Interval(c.Scores.PhotoDistances, against.PhotoDistances);
            return $"{c.Title} {i.Difference:+0.0000;-0.0000} ({i.Low:+0.0000;-0.0000} to {i.High:+0.0000;-0.0000})";
        })) + ".\n");
    }

    public void BeginNetworks()
    {
        Write("\n| | batch size | TorchSharp, ms/picture | tuned | ONNX Runtime | without spinning | over TorchSharp ");
        Write("| without spinning over tuned | peak MB, TorchSharp | peak MB, ONNX Runtime |\n");
        Write("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n");
    }

    /// <param name="network">The network.</param>
    /// <param name="batch">Batch size.</param>
    /// <param name="series">TorchSharp, TorchSharp tuned, ONNX Runtime, ONNX Runtime without spinning.</param>
    public void Network(BenchmarkNetwork network, int batch, IReadOnlyList<Series> series)
    {
        (Series torch, Series tuned, Series onnx, Series passive) = (series[0], series[1], series[2], series[3]);
        Write($"| {network.Name}, {network.Side}x{network.Side} | {batch} ");
        foreach (Series s in series)
        {
            Write($"| {s.MicrosecondsPerPhoto / 1000:N1} ");
        }

        Write($"| {Ratio(torch, onnx.SpeedOver)} | {Ratio(tuned, passive.SpeedOver)} ");
        Write($"| {torch.PeakMegabytes:N0} | {onnx.PeakMegabytes:N0} |\n");
        _measured.Add(new { Kind = "network", Network = network.Name, Batch = batch, Series = series });
    }

    public void Target(string what, double found, double atLeast) =>
        _targets.Add((what, found, atLeast, AtMost: false));

    public void TargetAtMost(string what, double found, double atMost) => _targets.Add((what, found, atMost, AtMost: true));

    /// <summary>Writes the targets and the requested files.</summary>
    public void End(BenchmarkOptions options)
    {
        if (_targets.Count > 0)
        {
            Heading("Targets");
            Write("\n| | measured | target | |\n|---|---:|---:|---|\n");
            foreach ((string what, double found, double target, bool atMost) in _targets)
            {
                string bound = atMost ? "at most" : "at least", result = (atMost ? found <= target : found >= target) ? "met" : "missed";
                Write($"| {what} | {found:0.00} | {bound} {target:0.00} | {result} |\n");
            }
        }

        if (options.Out is { } path)
        {
            File.WriteAllText(path, _markdown.ToString().TrimStart());
        }

        if (options.Json is { } json)
        {
            object targets = _targets.Select(a => new { a.What, a.Found, a.Target, a.AtMost });
            File.WriteAllText(
                json, JsonSerializer.Serialize(new { Machine = _machine, Measured = _measured, Targets = targets }, Indented));
        }
    }

    private void WriteTitle(PhotoFiles files, ConvolutionGraph graph, int rows)
    {
        string title = $"{files.Name}, {graph.Name} graph ({graph.MegaFlops:0.0} MFLOP per photo), {rows:N0} photos per pass.";
        Write($"\n**{title}** {files.Remark}\n\n");
    }

    private static string Ratio(Series? other, Func<Series, double> over) =>
        other is null ? "" : over(other).ToString("0.00", CultureInfo.InvariantCulture);

    private void Write(string text)
    {
        _markdown.Append(text);
        Console.Write(text);
    }
}
